"""Whoever proposed something is told what was decided."""

import pytest

from accounts.models import Role
from documents.models import InvalidTransitionError
from outbox.models import Message
from plans import proposals
from plans.models import Activity
from tests.factories import make_unit, make_user, riga
from tests.plans.making import make_activity, make_intake, submit

pytestmark = pytest.mark.django_db

NOW = riga(2026, 2, 2, 10)


@pytest.fixture
def head():
    return make_user(full_name="Anna")


def propose(**fields):
    proposer = make_user(role=Role.UNIT_HEAD, **{"language": "en", **fields})
    return make_activity(
        make_intake(), title="Moot court", state="proposed", unit=make_unit(), proposed_by=proposer
    )


def test_an_accepted_proposal_is_told_of_with_the_word_that_went_with_it(head):
    proposal = propose()

    proposals.accept(proposal, by=head, at=NOW, word="Gladly.")

    letter = Message.objects.get()
    assert (letter.user, letter.subject) == (proposal.proposed_by, "In the plan: Moot court")
    assert "Anna has taken what you proposed for Spring intake 2026 into the plan" in letter.body
    assert "Gladly." in letter.body
    assert (proposal.state, proposal.changed_by, proposal.changed_at) == ("planned", head, NOW)


def test_a_declined_proposal_is_told_of_in_the_language_of_who_proposed_it(head):
    proposal = propose(language="lv")

    proposals.decline(proposal, by=head, at=NOW, word="Nav naudas.")

    letter = Message.objects.get()
    assert letter.subject == "Nav iekļauts plānā: Moot court"
    assert "Nav naudas." in letter.body


def test_who_has_left_is_not_written_to(head):
    proposals.accept(propose(is_active=False), by=head, at=NOW, word="Gladly.")

    assert not Message.objects.exists()


def test_nothing_is_told_of_while_the_plan_is_locked(head):
    proposal = propose()
    submit(proposal.intake.activity_plan)
    Message.objects.all().delete()

    with pytest.raises(InvalidTransitionError):
        proposals.accept(proposal, by=head, at=NOW, word="Gladly.")

    assert Activity.objects.get().state == "proposed"
    assert not Message.objects.exists()
