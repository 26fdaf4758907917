"""Looking up goes once over what is unclear: neither a silent nor a vanished provider keeps it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from outbox import decisions, look_up, tasks
from outbox.channels import CannotTell, Found
from outbox.models import Claim, Message, Reason, Status
from tests import fakes
from tests.factories import START, make_message

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
UNCLEAR = {"status": Status.UNKNOWN, "reason": Reason.UNCLEAR, "look_up_at": DUE}


class SilentChannel(fakes.RecordingChannel):
    """Never answers; what it was asked about stands where others keep what they sent."""

    def look_up(self, messages):
        for message in messages:
            fakes.sent.append((message.channel, message.body))
            yield message, CannotTell("It is silent.")


class NextChannel(SilentChannel):
    key = "the_next"


class TickingChannel(fakes.RecordingChannel):
    """Takes so long to answer that the next tick comes meanwhile."""

    takes = timedelta(seconds=60)

    def look_up(self, messages):
        with time_machine.travel(DUE + self.takes, tick=False):
            tasks.resolve_unclear_messages()
        return super().look_up(messages)


def slow_clock():
    """Let every look at the clock take a second, and run out after minutes."""
    seconds = iter(range(600))
    return lambda: DUE + timedelta(seconds=next(seconds))


def test_a_silent_provider_is_asked_once_about_each_and_the_next_channel_has_its_turn(
    sent, settings
):
    settings.MESSAGE_CHANNELS = {
        "recording": f"{__name__}.SilentChannel",
        "the_next": f"{__name__}.NextChannel",
    }
    for number in range(look_up.BATCH + 1):
        make_message(body=f"number {number}", **UNCLEAR)
    make_message(channel="the_next", **UNCLEAR)

    look_up.resolve_unclear(slow_clock())

    assert sent == [
        *(("recording", f"number {number}") for number in range(look_up.BATCH + 1)),
        ("the_next", "We begin soon."),
    ]


def test_what_a_killed_worker_had_in_hand_waits_for_no_slow_look_up(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.TickingChannel"}
    make_message(**UNCLEAR)
    lease_over = DUE + TickingChannel.takes / 2
    claim = Claim.objects.create(made_at=DUE)
    in_hand = {"status": Status.CALLING, "claim": claim.pk, "attempts": 1}
    waiting = make_message(lease_until=lease_over, **in_hand)

    with time_machine.travel(DUE, tick=False):
        tasks.resolve_unclear_messages()

    waiting.refresh_from_db()
    assert waiting.status == Status.PLANNED


def test_what_is_unclear_of_a_channel_that_is_gone_comes_to_a_person(sent, caplog):
    stuck = make_message(channel="gone", **UNCLEAR)

    look_up.resolve_unclear(lambda: DUE)

    assert list(Message.objects.for_a_person()) == [stuck]
    assert caplog.text == ""


class OvertakenChannel(fakes.RecordingChannel):
    """While it is asked, somebody decides."""

    def look_up(self, messages):
        for message in messages:
            self.decide(Message.objects.get(pk=message.pk), by_id=None, at=DUE)
            yield message, Found("found")


@pytest.mark.parametrize("decide", ["settle_by_sending_again", "settle_as_not_needed"])
def test_that_it_went_counts_also_when_somebody_has_just_decided(settings, monkeypatch, decide):
    monkeypatch.setattr(OvertakenChannel, "decide", staticmethod(getattr(decisions, decide)), False)
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.OvertakenChannel"}
    message = make_message(claim=uuid4(), attempts=1, no_answer_at=DUE, **UNCLEAR)

    look_up.resolve_unclear(lambda: DUE)

    message.refresh_from_db()
    assert (message.status, message.provider_id) == (Status.HANDED_OVER, "found")


def test_that_it_went_says_nothing_of_what_was_claimed_again(settings, monkeypatch):
    def claim_again(message, **_of_whom):
        claimed = {"status": Status.CALLING, "claim": uuid4(), "lease_until": message.expires_at}
        Message.objects.filter(pk=message.pk).update(**claimed)

    monkeypatch.setattr(OvertakenChannel, "decide", staticmethod(claim_again), False)
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.OvertakenChannel"}
    message = make_message(claim=uuid4(), attempts=1, no_answer_at=DUE, **UNCLEAR)

    look_up.resolve_unclear(lambda: DUE)

    message.refresh_from_db()
    assert (message.status, message.provider_id) == (Status.CALLING, "")
