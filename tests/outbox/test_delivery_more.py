"""Handing over when answers come late, providers half work, and the database goes away."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import InternalError, OperationalError

from events import reminders
from events.models import Registration, ReminderRule
from outbox import breaker, decisions, delivery, look_up, patience, recording
from outbox.channels import HandedOver, NotExecuted, Unclear
from outbox.models import ChannelState, Message, Reason, Status
from tests import fakes
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_message,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
LEASE_OVER = DUE + timedelta(seconds=150)
SURELY_OVER = LEASE_OVER + timedelta(seconds=90)


def at(moment):
    return lambda: moment


def use(settings, channel):
    settings.MESSAGE_CHANNELS = {"recording": f"tests.fakes.{channel}"}


def state(message):
    message.refresh_from_db()
    return message.status, message.reason


def look_up_the_abandoned():
    look_up.abandon_expired_leases(LEASE_OVER)
    look_up.resolve_unclear(at(LEASE_OVER))
    look_up.resolve_unclear(at(SURELY_OVER))


def claim_one():
    [message] = delivery.claim(fakes.RecordingChannel(), DUE, 10).messages
    return message


def test_news_of_a_hand_over_after_the_look_up_saves_a_second_sending(sent):
    message = make_message()
    slow = claim_one()
    look_up_the_abandoned()
    looked_up = state(message)

    delivery.deliver(fakes.RecordingChannel(), [slow], at(SURELY_OVER))
    delivery.send_due("recording", at(SURELY_OVER + timedelta(seconds=1)))

    assert looked_up == (Status.PLANNED, "")
    assert state(message) == (Status.HANDED_OVER, "")
    assert len(sent) == 1


def test_a_late_answer_changes_nothing_once_another_worker_has_the_message(sent, settings):
    message = make_message()
    slow = claim_one()
    look_up_the_abandoned()
    [again] = delivery.claim(fakes.RecordingChannel(), SURELY_OVER, 10).messages
    recorder = recording.Recorder(fakes.RecordingChannel(), at(LEASE_OVER), worker="slow")

    recorder.add(slow, NotExecuted("No time."))
    recorder.flush()

    message.refresh_from_db()
    assert (message.status, message.claim) == (Status.CALLING, again.claim)


def test_outcomes_are_written_although_the_database_was_away_for_a_moment(
    sent, monkeypatch, transactional_db
):
    message = make_message()
    broken = iter([True] * 10)
    original = recording._save

    def save(group):
        if next(broken, False):
            raise OperationalError
        return original(group)

    monkeypatch.setattr(recording, "_save", save)
    monkeypatch.setattr(patience, "PAUSES", (0,))

    delivery.send_due("recording", at(DUE))

    assert state(message) == (Status.HANDED_OVER, "")
    assert message.history.count() == 1


@pytest.mark.parametrize(("passes", "written"), [(0.1, 0), (0.6, 2)])
def test_what_a_slow_provider_has_answered_is_not_held_back_for_the_rest(sent, passes, written):
    messages = [make_message() for _ in range(3)]
    claimed = delivery.claim(fakes.RecordingChannel(), DUE, 10).messages
    moments = iter([DUE, DUE + timedelta(seconds=passes)])
    recorder = recording.Recorder(fakes.RecordingChannel(), lambda: next(moments), worker="slow")

    for message in claimed[:2]:
        recorder.add(message, HandedOver())

    states = [state(message) for message in messages]
    assert states.count((Status.HANDED_OVER, "")) == written
    assert states.count((Status.CALLING, "")) == 3 - written


class Waiting:
    """Stands for the module `time`: waiting costs nothing."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.mark.parametrize("error", [OperationalError, InternalError])
@pytest.mark.parametrize(("minutes", "is_written"), [(14, True), (16, False)])
def test_what_is_known_is_kept_for_a_quarter_of_an_hour_without_the_database(
    sent, monkeypatch, transactional_db, error, minutes, is_written
):
    """It counts after the lease too; else a person would have to find out."""
    message, waiting, original = make_message(), Waiting(), recording._save

    def save(group):
        if waiting.now < minutes * 60:
            raise error("away, or only to be read from")
        return original(group)

    monkeypatch.setattr(patience, "time", waiting)
    monkeypatch.setattr(recording, "time", waiting)
    monkeypatch.setattr(recording, "_save", save)
    with nullcontext() if is_written else pytest.raises(error):
        delivery.send_due("recording", at(DUE))

    assert (state(message) == (Status.HANDED_OVER, "")) is is_written


def test_what_was_written_though_the_answer_was_lost_is_not_written_twice(
    sent, monkeypatch, transactional_db
):
    message = make_message()
    original = recording.Recorder._write
    lost = iter([True])

    def write(*arguments, **options):
        written = original(*arguments, **options)
        if next(lost, False):
            raise OperationalError("server closed the connection")
        return written

    monkeypatch.setattr(recording.Recorder, "_write", write)
    monkeypatch.setattr(patience, "PAUSES", (0,))

    assert delivery.send_due("recording", at(DUE)) == 1

    assert state(message) == (Status.HANDED_OVER, "")
    assert [attempt.outcome for attempt in message.history.all()] == ["handed_over"]


class OddWordsChannel(fakes.MuteChannel):
    """Takes all but the last, and says something of it that no database takes."""

    words = ""

    def send(self, messages):
        *others, last = messages
        yield from super().send(others)
        yield last, NotExecuted(self.words, retry_after=30)


@pytest.mark.parametrize("words", ["451 later\x00 please", "451 later\ud83d please", "451" * 500])
def test_a_providers_odd_words_do_not_cost_the_outcomes_of_the_others(
    sent, settings, monkeypatch, words
):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.OddWordsChannel"}
    monkeypatch.setattr(OddWordsChannel, "words", words)
    first, last = make_message(), make_message()

    assert delivery.send_due("recording", at(DUE)) == 1

    assert [state(each)[0] for each in (first, last)] == [Status.HANDED_OVER, Status.PLANNED]
    assert last.detail.startswith("451")


class HalfMatchedChannel(fakes.RecordingChannel):
    """Waits for the contact of some, as Bitrix24 does."""

    def send(self, messages):
        for message in messages:
            if message.body == "unmatched":
                yield message, NotExecuted("No contact yet.", retry_after=3, is_failure=False)
            else:
                yield from super().send([message])


def test_waiting_for_the_same_again_and_again_is_kept_once(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.HalfMatchedChannel"}
    message = make_message(body="unmatched")

    for seconds in range(0, 60, 3):
        delivery.send_due("recording", at(DUE + timedelta(seconds=seconds)))

    message.refresh_from_db()
    assert message.attempts == 20
    assert list(message.history.values_list("number", "detail")) == [(1, "No contact yet.")]


def test_a_message_may_be_tried_more_often_than_a_small_number_holds(sent):
    message = make_message(attempts=32_767)

    delivery.send_due("recording", at(DUE))

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.HANDED_OVER, 32_768)


def test_a_probe_that_learns_nothing_lets_the_next_message_probe(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.HalfMatchedChannel"}
    for _ in range(3):
        make_message(body="unmatched")
    matched = make_message()
    ChannelState.objects.create(pk="recording", failures=5, closed_until=DUE)

    delivery.send_due("recording", at(DUE))

    assert state(matched) == (Status.HANDED_OVER, "")
    assert ChannelState.objects.get().closed_until is None


def test_a_breaker_that_is_fed_for_weeks_goes_on_counting(sent):
    ChannelState.objects.create(pk="recording", failures=32_767)

    breaker.take_note("recording", [Unclear("Silence.")], DUE)

    assert ChannelState.objects.get().closed_until == DUE + breaker.REST


class RestingChannel(fakes.RecordingChannel):
    def wait_for_turn(self, seconds):
        return False


def test_a_channel_that_has_to_wait_does_not_use_up_the_probe(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.RestingChannel"}
    message = make_message()
    ChannelState.objects.create(pk="recording", failures=5, closed_until=DUE)
    delivery.send_due("recording", at(DUE))
    use(settings, "RecordingChannel")

    delivery.send_due("recording", at(DUE + timedelta(seconds=1)))

    assert state(message) == (Status.HANDED_OVER, "")


class OvertakenChannel(fakes.RecordingChannel):
    """All there was is gone just before: another worker has dealt with it."""

    def batch_size(self):
        Message.objects.planned().update(status=Status.SKIPPED, reason=Reason.NOT_NEEDED)
        return super().batch_size()


def test_a_probe_for_which_nothing_is_left_leaves_the_probe_to_the_next(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.OvertakenChannel"}
    make_message()
    ChannelState.objects.create(pk="recording", failures=5, closed_until=DUE)

    delivery.send_due("recording", at(DUE))

    assert sent == []
    assert breaker.allowance("recording", DUE + timedelta(seconds=1)) == 1


def test_nobody_decides_while_a_look_up_still_may(sent, settings):
    use(settings, "DroppingChannel")
    message = make_message()
    delivery.send_due("recording", at(DUE))

    with pytest.raises(decisions.DecisionRefusedError):
        decisions.settle_by_sending_again(message, by_id=make_user().pk, at=DUE)

    assert state(message) == (Status.UNKNOWN, Reason.UNCLEAR)


class PairsChannel(fakes.RecordingChannel):
    """Takes two at a time."""

    def batch_size(self):
        return 2


@pytest.fixture
def four_reminders(settings):
    """Write the reminders of four people, of whom the first two cancel before anything is sent."""
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.PairsChannel"}
    settings.EMAIL_CHANNEL = settings.SMS_CHANNEL = "recording"
    arm_rules()
    ReminderRule.objects.filter(by_email=True).update(by_sms=False)
    event = make_event()
    registrations = [make_registration(event) for _ in range(4)]
    reminders.queue_due(DUE)
    gone = [each.pk for each in registrations[:2]]
    Registration.objects.filter(pk__in=gone).update(cancelled_at=DUE)
    return [each.participant.email for each in registrations]


def test_a_batch_of_which_nothing_may_go_does_not_keep_the_next_waiting(sent, four_reminders):
    delivery.send_due("recording", at(DUE))

    assert [address for address, _body in sent] == four_reminders[2:]


def test_a_probe_that_must_not_go_after_all_leaves_the_probe_to_the_next(sent, four_reminders):
    ChannelState.objects.create(channel="recording", failures=5, closed_until=DUE)

    delivery.send_due("recording", at(DUE))

    assert [address for address, _body in sent] == four_reminders[2:]
    assert ChannelState.objects.get().closed_until is None
