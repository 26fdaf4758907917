"""Two people at once, in threads with connections of their own, on the suite's database."""

import threading

import pytest
from django.db import connection

from documents.editing import open_for_change
from documents.models import Document, InvalidTransitionError
from goals.content import content
from goals.models import Goal
from tests.factories import make_goal, make_user, riga

pytestmark = pytest.mark.django_db(transaction=True)

NOW = riga(2026, 1, 12, 10)


def beside(work):
    """Begin work in a thread; call what this returns to wait for its end and hear how it went."""
    heard = []

    def run():
        try:
            heard.append(work())
        except InvalidTransitionError as refusal:
            heard.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def finish(timeout=60):
        thread.join(timeout)
        return heard[0] if heard else None

    return finish


def test_what_is_being_saved_while_somebody_submits_is_in_the_version():
    goal, head = make_goal(title="Before"), make_user()
    year = goal.year

    with open_for_change(Document.objects.get()):
        submitting = beside(
            lambda: year.document.submit(by=head, at=NOW, content=lambda: content(year))
        )
        # It cannot be done before this ends; if it were, the version would say what was before.
        submitting(timeout=0.5)
        Goal.objects.update(title="After")
    submitting()

    version = Document.objects.get().versions.get()
    said = {line["key"]: line["value"]["lv"] for line in version.content["lines"]}
    assert said[f"goal.{goal.pk}.title"] == "After"


def test_of_two_directors_at_once_one_decides_and_the_other_is_told():
    document = Document.objects.create()
    document.submit(by=make_user(), at=NOW, content=lambda: {"lines": []})
    one, other = make_user(), make_user()
    seen_by_both = [Document.objects.get(), Document.objects.get()]

    finishes = [
        beside(lambda: seen_by_both[0].approve(by=one, at=NOW)),
        beside(lambda: seen_by_both[1].send_back(by=other, at=NOW, comment="No.")),
    ]
    refusals = [said for said in (finish() for finish in finishes) if said is not None]

    assert len(refusals) == 1
    document.refresh_from_db()
    assert document.decided_by == (one if document.is_approved else other)
    assert document.versions.get().decided_by == document.decided_by
