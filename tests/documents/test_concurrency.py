"""Two people at once, in threads with connections of their own, on the suite's database."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation

from documents.editing import open_for_change
from documents.models import Document, InvalidTransitionError
from goals import years
from goals.content import content
from goals.models import Goal, Year
from plans.forms.intake import IntakeForm
from plans.models import Intake
from tests.factories import make_goal, make_user, riga
from tests.plans.making import make_intake

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


def test_of_two_who_begin_the_same_year_at_once_the_second_is_told(client_for):
    client = client_for(make_user())

    with transaction.atomic():
        years.begin(2027, by=make_user(), at=NOW)
        beginning = beside(lambda: client.post(reverse("goals:year_create"), {"year": 2027}))
        beginning(timeout=0.5)

    assert "The goals of this year are here." in beginning().text
    assert Year.objects.count() == 1


@pytest.mark.parametrize("name", ["intake_create", "intake_roll_forward"])
def test_of_two_who_begin_the_same_intake_at_once_the_second_is_told(name, client_for):
    client, source = client_for(make_user()), make_intake()
    args = [source.pk] if name == "intake_roll_forward" else []
    fields = {
        "year": 2027,
        "season": "spring",
        "begins_on": "2027-01-11",
        "ends_on": "2027-06-30",
        "confirmed": "on",
        "revision": 1,
    }

    with transaction.atomic():
        make_intake(year=2027, begins_on=date(2027, 1, 11), ends_on=date(2027, 6, 30))
        beginning = beside(lambda: client.post(reverse(f"plans:{name}", args=args), fields))
        beginning(timeout=0.5)

    assert "This intake is here already." in beginning().text
    assert Intake.objects.filter(year=2027).count() == 1


def test_what_was_free_when_the_form_was_looked_through_may_be_taken_when_it_is_saved():
    intake, head = make_intake(), make_user()
    form = IntakeForm(
        {
            "year": 2027,
            "season": "spring",
            "begins_on": "2027-01-11",
            "ends_on": "2027-06-30",
            "revision": intake.revision,
        },
        instance=intake,
    )
    assert form.is_valid()
    make_intake(year=2027, begins_on=date(2027, 1, 11), ends_on=date(2027, 6, 30))

    with translation.override("en"):
        assert not form.save_revised(by=head, at=NOW)
        assert form.non_field_errors() == ["This intake is here already."]
    assert form.conflict is None
