"""The steps of a document: who, from where to where, and what is kept."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role
from documents import signals
from documents.models import Document, InvalidTransitionError, Version
from tests.factories import make_user, riga

pytestmark = pytest.mark.django_db

NOW, LATER = riga(2026, 1, 12, 10), riga(2026, 1, 13, 9)
CONTENT = {"lines": []}


@pytest.fixture
def head():
    return make_user(full_name="Head")


@pytest.fixture
def director():
    return make_user(role=Role.DIRECTOR, full_name="Director")


def content():
    return CONTENT


def submitted(head):
    document = Document.objects.create()
    document.submit(by=head, at=NOW, content=content)
    return document


def approved(head, director):
    document = submitted(head)
    document.approve(by=director, at=LATER)
    return document


STEPS = {
    "submit": lambda document, by: document.submit(by=by, at=LATER, content=content),
    "withdraw": lambda document, by: document.withdraw(by=by, at=LATER),
    "approve": lambda document, by: document.approve(by=by, at=LATER),
    "send_back": lambda document, by: document.send_back(by=by, at=LATER, comment="More."),
    "reopen": lambda document, by: document.reopen(by=by, at=LATER, reason="A new programme."),
}


def document_at(status, head, director):
    match status:
        case "draft":
            return Document.objects.create()
        case "submitted":
            return submitted(head)
        case "approved":
            return approved(head, director)
    document = submitted(head)
    document.send_back(by=director, at=LATER, comment="Two targets are missing.")
    return document


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", Document.Status.values)
def test_each_step_is_taken_from_where_it_may_and_refused_elsewhere(step, status, head, director):
    leads_to = {
        ("draft", "submit"): "submitted",
        ("returned", "submit"): "submitted",
        ("submitted", "withdraw"): "draft",
        ("submitted", "approve"): "approved",
        ("submitted", "send_back"): "returned",
        ("approved", "reopen"): "draft",
    }
    document = document_at(status, head, director)

    try:
        STEPS[step](document, make_user())
    except InvalidTransitionError:
        reached = None
    else:
        reached = document.status

    assert reached == leads_to.get((status, step))
    document.refresh_from_db()
    assert document.status == (reached or status)


def test_submitting_keeps_what_the_document_said_then(head):
    document = submitted(head)

    version = document.versions.get()
    assert (version.number, version.content, version.made_by) == (1, CONTENT, head)
    assert (document.version, document.submitted_by, document.submitted_at) == (1, head, NOW)
    assert version.outcome == Version.Outcome.WAITING


def test_nobody_approves_what_they_submitted_themselves(head):
    document = submitted(head)

    with pytest.raises(InvalidTransitionError):
        document.approve(by=head, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.update(status="approved", decided_by=head, decided_at=LATER)

    document.refresh_from_db()
    assert document.status == Document.Status.SUBMITTED


def test_of_two_decisions_at_once_the_second_is_refused(head, director):
    document = submitted(head)
    as_the_other_sees_it = Document.objects.get(pk=document.pk)

    document.send_back(by=director, at=LATER, comment="Not yet.")
    with pytest.raises(InvalidTransitionError):
        as_the_other_sees_it.approve(by=make_user(), at=LATER)

    assert Document.objects.get().status == Document.Status.RETURNED


def test_a_decision_on_a_version_that_was_replaced_meanwhile_is_refused(head, director):
    document = submitted(head)
    as_the_director_sees_it = Document.objects.get(pk=document.pk)

    document.withdraw(by=head, at=LATER)
    document.submit(by=head, at=LATER, content=content)
    with pytest.raises(InvalidTransitionError):
        as_the_director_sees_it.approve(by=director, at=LATER)

    outcomes = [version.outcome for version in document.versions.all()]
    assert outcomes == [Version.Outcome.WAITING, Version.Outcome.WITHDRAWN]


def test_a_change_after_the_approval_keeps_the_approved_version_and_says_why(head, director):
    document = approved(head, director)

    document.reopen(by=head, at=LATER, reason="A new programme.")
    document.submit(by=head, at=LATER, content=lambda: {"lines": ["new"]})

    new, old = document.versions.all()
    assert (old.number, old.outcome, old.decided_by) == (1, Version.Outcome.APPROVED, director)
    assert document.approved_version == old
    assert (old.reopened_by, old.reopened_at) == (None, None)
    assert (new.reopened_by, new.reopened_at) == (head, LATER)
    assert (new.number, new.reason, new.outcome) == (
        2,
        "A new programme.",
        Version.Outcome.WAITING,
    )
    assert old.content == CONTENT


def test_the_reason_stays_through_a_return_and_ends_with_the_approval(head, director):
    document = approved(head, director)
    document.reopen(by=head, at=LATER, reason="A new programme.")
    document.submit(by=head, at=LATER, content=content)
    document.send_back(by=director, at=LATER, comment="Higher.")
    document.submit(by=head, at=LATER, content=content)
    kept = document.reason

    document.approve(by=director, at=LATER)

    assert kept == "A new programme."
    assert [version.reason for version in document.versions.all()] == [kept, kept, ""]
    assert (document.reason, document.reopened_by, document.reopened_at) == ("", None, None)


@pytest.mark.parametrize("words", ["", "  \n"])
def test_returning_and_reopening_need_words(words, head, director):
    with pytest.raises(InvalidTransitionError):
        submitted(head).send_back(by=director, at=LATER, comment=words)
    with pytest.raises(InvalidTransitionError):
        approved(head, director).reopen(by=head, at=LATER, reason=words)


@pytest.mark.parametrize("status", Document.Status.values)
def test_only_what_is_open_is_held_open(status, head, director):
    document = document_at(status, head, director)

    if status in ("draft", "returned"):
        document.hold_open()
    else:
        with pytest.raises(InvalidTransitionError):
            document.hold_open()


HEARD = (signals.submitted, signals.approved, signals.sent_back, signals.reopened)


def test_those_who_write_to_people_hear_of_each_decision(head, director):
    heard = []

    def hear(signal, **told):
        heard.append((told["by"], told["at"], told["document"].status))

    for signal in HEARD:
        signal.connect(hear)
    try:
        document = submitted(head)
        document.send_back(by=director, at=LATER, comment="More.")
        document.submit(by=head, at=LATER, content=content)
        document.approve(by=director, at=LATER)
        document.reopen(by=head, at=LATER, reason="A new programme.")
    finally:
        for signal in HEARD:
            signal.disconnect(hear)

    assert heard == [
        (head, NOW, "submitted"),
        (director, LATER, "returned"),
        (head, LATER, "submitted"),
        (director, LATER, "approved"),
        (head, LATER, "draft"),
    ]


def test_what_waits_is_found(head, director):
    waiting = submitted(head)
    approved(head, director)

    assert list(Document.objects.waiting()) == [waiting]
