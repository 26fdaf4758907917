"""What a worker has in hand and has not begun: it waits again, or is taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError

from outbox import beginning, delivery, look_up, patience, pause, queue
from outbox.beginning import begin
from outbox.channels import NotExecuted
from outbox.models import Claim, Message, MessageQuerySet, Reason, Status
from outbox.signals import claiming
from outbox.verdicts import skip
from tests import fakes
from tests.factories import START, make_message

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
LEASE_OVER = DUE + timedelta(seconds=150)


def at(moment):
    return lambda: moment


def state(message):
    message.refresh_from_db()
    return message.status, message.reason


@pytest.fixture
def while_owners_are_asked():
    """Give a way to have something happen between the claim and the first call."""
    receivers = []

    def arrange(happens):
        def receiver(sender, messages, now, **_signal):
            return happens(messages) or {}

        claiming.connect(receiver, weak=False)
        receivers.append(receiver)

    yield arrange
    for receiver in receivers:
        claiming.disconnect(receiver)


class KilledChannel(fakes.MuteChannel):
    """Begins with three, sends one, and is killed."""

    begins_in_shares = True

    def send(self, messages):
        begin(messages[:3])
        sent_one = messages[0]
        fakes.sent.append((sent_one.address, sent_one.body))
        raise SystemExit
        yield


def test_only_what_a_killed_worker_had_begun_is_left_to_a_person(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.KilledChannel"}
    messages = [make_message(body=f"number {number}") for number in range(8)]
    with pytest.raises(SystemExit):
        delivery.send_due("recording", at(DUE))
    settings.MESSAGE_CHANNELS = {"recording": "tests.fakes.MuteChannel"}
    lease_over = DUE + timedelta(seconds=150)

    look_up.abandon_expired_leases(lease_over)
    delivery.send_due("recording", at(lease_over))

    assert list(Message.objects.for_a_person().order_by("pk")) == messages[:3]
    assert [body for _address, body in sent] == [
        "number 0",
        *(f"number {number}" for number in range(3, 8)),
    ]
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


def test_what_was_taken_from_a_worker_that_hung_is_not_begun_by_it(sent):
    message = make_message()
    channel = KilledChannel()
    [claimed] = delivery.claim(channel, DUE, 10).messages
    look_up.abandon_expired_leases(LEASE_OVER)

    assert begin([claimed]) == []
    assert state(message) == (Status.PLANNED, "")


class OneByOneChannel(fakes.RecordingChannel):
    """Begins with each by itself; somebody decides while the first one goes."""

    begins_in_shares = True
    decide = None

    def send(self, messages):
        for message in messages:
            if begin([message]):
                yield from super().send([message])
                self.decide(Message.objects.all())
            else:
                yield message, NotExecuted("It waits for its turn.", is_failure=False)


STOPS = {
    "cancelled": (
        lambda messages: queue.withdraw(messages, Reason.EVENT_CANCELLED),
        (Status.SKIPPED, Reason.EVENT_CANCELLED),
    ),
    "stopped": (
        lambda messages: queue.hold(messages, Reason.STOPPED),
        (Status.HELD, Reason.STOPPED),
    ),
    "all sending stopped": (
        lambda _messages: pause.pause("Wrong text.", by_id=None, at=DUE),
        (Status.PLANNED, ""),
    ),
}


@pytest.mark.parametrize(("decide", "left"), STOPS.values(), ids=STOPS)
def test_what_a_worker_has_not_begun_does_not_go_after_a_stop(
    sent, settings, monkeypatch, caplog, decide, left
):
    monkeypatch.setattr(OneByOneChannel, "decide", staticmethod(decide))
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.OneByOneChannel"}
    first, *others = [make_message(body=f"number {number}") for number in range(3)]

    assert delivery.send_due("recording", at(DUE)) == 1

    assert [body for _address, body in sent] == ["number 0"]
    assert state(first) == (Status.HANDED_OVER, "")
    assert [state(each) for each in others] == [left] * 2
    assert {each.attempts for each in others} == {0}
    assert caplog.text == ""


def test_an_outcome_that_comes_after_somebody_else_settled_the_message_is_told_of(sent, caplog):
    make_message()
    channel = fakes.RecordingChannel()
    messages = delivery.claim(channel, DUE, 10).messages
    settled = {"status": Status.FAILED, "reason": Reason.REFUSED}
    Message.objects.update(**settled, claim=None, lease_until=None)

    delivery.deliver(channel, messages, at(LEASE_OVER))

    assert "1 of 1 outcomes came after the lease" in caplog.text


def test_what_was_stopped_in_a_workers_hand_goes_when_all_goes_on(sent, settings, monkeypatch):
    stop, _left = STOPS["all sending stopped"]
    monkeypatch.setattr(OneByOneChannel, "decide", staticmethod(stop))
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.OneByOneChannel"}
    for number in range(3):
        make_message(body=f"number {number}")
    delivery.send_due("recording", at(DUE))

    pause.resume(by_id=None, at=DUE)
    settings.MESSAGE_CHANNELS = {"recording": "tests.fakes.RecordingChannel"}
    delivery.send_due("recording", at(DUE))

    assert [body for _address, body in sent] == ["number 0", "number 1", "number 2"]


@pytest.mark.parametrize("verdict", [None, skip(Reason.MOVED)], ids=["wanted", "set aside"])
def test_what_is_cancelled_while_the_plan_is_asked_again_does_not_go(
    sent, while_owners_are_asked, verdict
):
    cancelled, wanted = make_message(), make_message()

    def cancel(messages):
        chosen = Message.objects.filter(pk=cancelled.pk)
        assert queue.withdraw(chosen, Reason.EVENT_CANCELLED) == 1
        return {cancelled.pk: verdict} if verdict else {}

    while_owners_are_asked(cancel)

    assert delivery.send_due("recording", at(DUE)) == 1

    assert state(cancelled) == (Status.SKIPPED, Reason.EVENT_CANCELLED)
    assert state(wanted) == (Status.HANDED_OVER, "")
    assert [each.attempts for each in (cancelled, wanted)] == [0, 1]


@pytest.mark.parametrize("error", [OperationalError("gone"), MemoryError("full")])
def test_a_fault_between_the_claim_and_the_call_does_not_make_them_late(
    sent, while_owners_are_asked, error
):
    message = make_message()
    faults = iter([error, None])

    def fail(_messages):
        if fault := next(faults):
            raise fault

    while_owners_are_asked(fail)
    with pytest.raises(type(error)):
        delivery.send_due("recording", at(DUE))

    assert state(message) == (Status.PLANNED, "")
    assert delivery.send_due("recording", at(DUE + timedelta(seconds=1))) == 1
    message.refresh_from_db()
    assert message.attempts == 1


def test_they_are_given_back_also_when_the_database_stays_away_for_a_moment(
    sent, while_owners_are_asked, monkeypatch, transactional_db
):
    message = make_message()
    original = MessageQuerySet.update_in_one_order
    away = iter([True, True])

    def put_back(*arguments, **state):
        if next(away, False):
            raise OperationalError
        return original(*arguments, **state)

    def fail(_messages):
        raise OperationalError

    monkeypatch.setattr(MessageQuerySet, "update_in_one_order", put_back)
    monkeypatch.setattr(patience, "PAUSES", (0,))
    while_owners_are_asked(fail)
    with pytest.raises(OperationalError):
        delivery.send_due("recording", at(DUE))

    assert state(message) == (Status.PLANNED, "")


@pytest.mark.parametrize("step", ["_stamp", "begin"])
def test_a_commit_whose_answer_was_lost_before_the_call_makes_nothing_late(sent, monkeypatch, step):
    """By the ledger they may have gone; this worker knows that it has not called anybody."""
    message = make_message()
    original = getattr(delivery, step)
    lost = iter([True])

    def commit(*arguments):
        found = original(*arguments)
        if next(lost, False):
            raise OperationalError("server closed the connection")
        return found

    monkeypatch.setattr(delivery, step, commit)
    with pytest.raises(OperationalError):
        delivery.send_due("recording", at(DUE))

    assert state(message) == (Status.PLANNED, "")
    assert delivery.send_due("recording", at(DUE + timedelta(seconds=1))) == 1
    message.refresh_from_db()
    assert message.attempts == 1


class LostDatabaseChannel(fakes.RecordingChannel):
    """Begins with two, and loses the database before the next share."""

    begins_in_shares = True

    def send(self, messages):
        yield from super().send(begin(messages[:1]))
        begin(messages[1:2])
        raise OperationalError("server closed the connection")


def test_what_was_not_begun_when_the_database_went_away_waits_for_no_lease(sent):
    messages = [make_message() for _ in range(4)]
    channel = LostDatabaseChannel()
    claimed = delivery.claim(channel, DUE, 10).messages

    assert delivery.deliver(channel, claimed, at(DUE)) == 1

    assert [state(message)[0] for message in messages] == [
        *(Status.HANDED_OVER, Status.CALLING),
        *(Status.PLANNED, Status.PLANNED),
    ]
    assert delivery.send_due("recording", at(DUE + timedelta(seconds=1))) == 2


def test_after_one_was_taken_back_the_others_of_the_claim_go_on(sent):
    messages = [make_message() for _ in range(4)]
    claimed = delivery.claim(KilledChannel(), DUE, 10).messages
    assert begin(claimed[:1]) == claimed[:1]

    taken = queue.withdraw(
        Message.objects.filter(pk__in=[messages[0].pk, messages[2].pk]), Reason.EVENT_CANCELLED
    )

    assert taken == 1
    assert begin(claimed[1:3]) == claimed[1:2]
    assert begin(claimed[3:]) == claimed[3:]
    assert [state(each)[0] for each in messages] == [
        *(Status.CALLING, Status.CALLING),
        *(Status.SKIPPED, Status.CALLING),
    ]


def test_what_expires_first_is_begun_first_whatever_its_number(sent):
    later = make_message(expires_at=DUE + timedelta(hours=1))
    sooner = [make_message(), make_message()]
    claimed = delivery.claim(KilledChannel(), DUE, 10).messages
    assert claimed == [*sooner, later]
    begin(claimed[:1])

    look_up.abandon_expired_leases(LEASE_OVER)

    assert [state(each)[0] for each in claimed] == [
        Status.UNKNOWN,
        *(Status.PLANNED, Status.PLANNED),
    ]


def test_where_nothing_is_known_of_a_claim_all_of_it_may_have_gone(sent):
    calling = {"status": Status.CALLING, "claim": uuid4(), "attempts": 1}
    message = make_message(lease_until=LEASE_OVER, **calling)

    assert beginning.take_back(Message.objects.all(), status=Status.PLANNED) == 0
    look_up.abandon_expired_leases(LEASE_OVER)

    assert state(message) == (Status.UNKNOWN, Reason.WORKER_DIED)


def test_claims_are_forgotten_when_they_are_long_done_with(sent):
    make_message()
    delivery.send_due("recording", at(DUE))

    assert beginning.forget_old(DUE + timedelta(hours=23)) == 0
    assert beginning.forget_old(DUE + timedelta(hours=25)) == 1
    assert not Claim.objects.exists()
