"""Who is written to when a document is submitted, approved, returned or opened again."""

import pytest
from django.db import transaction

from accounts.models import Role
from documents.models import Document, InvalidTransitionError
from outbox.models import Message
from tests.factories import make_user, make_year, riga
from tests.plans.making import make_intake

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 2, 10)


@pytest.fixture
def head():
    return make_user(full_name="Anna", language="lv")


@pytest.fixture
def director():
    return make_user(role=Role.DIRECTOR, full_name="Juris", language="en")


def submit(document, by):
    document.submit(by=by, at=NOW, content=lambda: {"lines": []})


def letters():
    return [(each.user, each.subject) for each in Message.objects.order_by("pk")]


def test_every_director_is_asked_in_the_own_language(head, director):
    latvian = make_user(role=Role.DIRECTOR, language="lv")
    make_user(role=Role.DIRECTOR, is_active=False)
    make_user(role=Role.SPECIALIST)

    submit(make_year(2026).document, head)

    assert letters() == [
        (director, "Waiting for your approval: Goals of 2026"),
        (latvian, "Gaida jūsu apstiprinājumu: 2026. gada mērķi"),
    ]
    body = Message.objects.earliest("pk").body
    assert "Anna has submitted this for approval" in body
    assert body.endswith("/goals/2026/")


def test_the_author_is_told_of_the_approval(head, director):
    document = make_year(2026).document
    submit(document, head)

    document.approve(by=director, at=NOW)

    assert letters()[1:] == [(head, "Apstiprināts: 2026. gada mērķi")]


def test_the_author_is_told_what_is_to_change(director):
    author = make_user(language="en")
    document = make_intake(by=author).communication_plan.document
    submit(document, author)

    document.send_back(by=director, at=NOW, comment="Too little for the regions.")

    assert letters()[1:] == [
        (author, "Returned for changes: Communication plan: Spring intake 2026")
    ]
    body = Message.objects.latest("pk").body
    assert "Juris has returned this for changes on 02 Mar 2026" in body
    assert "Too little for the regions." in body


def test_the_directors_are_told_of_what_is_opened_for_a_change_and_why(head, director):
    document = make_year(2026).document
    submit(document, head)
    document.approve(by=director, at=NOW)

    document.reopen(by=head, at=NOW, reason="A new programme.")

    assert letters()[2:] == [(director, "Opened for a change: Goals of 2026")]
    body = Message.objects.latest("pk").body
    assert "Anna has opened this for a change on 02 Mar 2026: Goals of 2026." in body
    assert "A new programme." in body
    assert body.endswith("/goals/2026/")


def test_each_submission_is_told_once(head, director):
    document = make_intake(by=head).activity_plan.document
    submit(document, head)

    with pytest.raises(InvalidTransitionError):
        submit(Document.objects.get(pk=document.pk), head)
    assert len(letters()) == 1

    document.withdraw(by=head, at=NOW)
    submit(document, head)
    assert len(letters()) == 2


def test_a_step_that_is_undone_tells_nobody(head, director):
    document = make_year(2026).document

    with transaction.atomic():
        submit(document, head)
        written = len(letters())
        transaction.set_rollback(True)

    assert (written, letters()) == (1, [])


def test_an_author_who_has_left_is_not_written_to(head, director):
    document = make_year(2026).document
    submit(document, head)
    head.is_active = False
    head.save(update_fields=["is_active"])

    document.approve(by=director, at=NOW)

    assert len(letters()) == 1
