"""Several workers at once, in threads with connections of their own, on the suite's database."""

import random
import threading
import time
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone

from events import changes, registration, reminders
from events.models import Event
from events.models.looks import AT_ONCE
from events.signals import event_moved
from outbox import breaker, delivery, look_up, queue, restored, undecided
from outbox.beginning import begin
from outbox.channels import HandedOver, NotExecuted, Unclear
from outbox.decisions import DID_NOT_GO, WENT
from outbox.models import Attempt, ChannelState, Dispatch, Message, MessageQuerySet, Reason, Status
from people.models import Participant
from tests import fakes
from tests.factories import START, arm_rules, make_event, make_message, make_registration, make_user
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

DUE = START - timedelta(minutes=15)


def together(*works):
    """Run these side by side, and fail with the first fault of any."""
    faults, begin = [], threading.Barrier(len(works))

    def run(work):
        try:
            begin.wait()
            work()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    close_old_connections()
    if faults:
        raise faults[0]


def is_waited_for(done):
    """Say whether somebody waits for a lock, or is done without; SQLite cannot be asked."""
    if connection.vendor == "sqlite" or done.is_set():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def counts():
    return Counter(Message.objects.values_list("status", flat=True))


class SleepyChannel(fakes.RecordingChannel):
    """Takes its time, now and then has none, and now and then loses the answer."""

    senders = 8

    def batch_size(self):
        return 7

    def send(self, messages):
        for message in messages:
            time.sleep(random.random() / 500)
            chance = random.random()
            if chance < 0.1:
                yield message, NotExecuted("Busy.", retry_after=0, is_failure=False)
            elif chance < 0.2:
                fakes.sent.append((message.address, message.body))
                yield message, Unclear("The connection was lost.")
            elif chance < 0.3:
                yield message, Unclear("The connection was lost.")
            else:
                fakes.sent.append((message.address, message.body))
                yield message, HandedOver(f"r{message.pk}")


def make_messages(count):
    dispatch = Dispatch.objects.create(title="Reminder", purpose="service")
    people = Participant.objects.bulk_create(
        Participant(email=f"p{number}@example.org") for number in range(count)
    )
    Message.objects.bulk_create(
        Message(
            dispatch=dispatch,
            participant=person,
            medium="email",
            channel="recording",
            language="en",
            address=person.email,
            body=person.email,
            due_at=DUE,
            not_before=DUE,
            expires_at=DUE + timedelta(days=1),
        )
        for person in people
    )


def test_four_workers_send_five_hundred_rows_each_once(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.SleepyChannel"}
    make_messages(500)
    begun = timezone.now()

    def clock():
        """A minute of the story passes in a second, so that look-ups come round."""
        return DUE + (timezone.now() - begun) * 60

    def work():
        while open_rows():
            delivery.send_due("recording", clock)
            look_up.abandon_expired_leases(clock())
            look_up.resolve_unclear(clock)
            # The breaker is not what is tried here.
            ChannelState.objects.update(failures=0, closed_until=None)
            time.sleep(0.01)

    def open_rows():
        in_work = Q(status__in=[Status.PLANNED, Status.CALLING])
        looked_up = Q(status=Status.UNKNOWN, look_up_at__isnull=False)
        return Message.objects.filter(in_work | looked_up).exists()

    together(work, work, work, work)

    received = Counter(address for address, _ in sent)
    assert set(received.values()) == {1}
    assert counts()[Status.HANDED_OVER] == len(received)
    assert sum(counts().values()) == 500
    # Whatever was lost more often than it is repeated is left to a person, and nothing else.
    left = Message.objects.exclude(status=Status.HANDED_OVER)
    assert set(left.values_list("status", "repeats")) <= {(Status.UNKNOWN, look_up.REPEATS)}


def test_workers_that_look_at_the_same_moment_write_each_row_once(sent):
    arm_rules()
    event = make_event()
    for _ in range(30):
        make_registration(event)

    def work():
        # As another process would: the guard inside one process is not what is tried here.
        reminders.look(Event.objects.get(), DUE)

    together(work, work, work)

    assert counts() == {Status.PLANNED: 60}
    assert event.dispatches.filter(rule__key="before_15").count() == 1


@pytest.mark.parametrize("minutes", [2, 60])
def test_a_look_during_a_move_waits_and_makes_no_occasion_of_the_old_time(sent, minutes):
    arm_rules()
    event = make_event()
    make_registration(event)
    read_before = Event.objects.get()
    new = START + timedelta(minutes=minutes)
    look = threading.Thread(target=lambda: together(lambda: reminders.look(read_before, DUE)))

    def look_meanwhile(**_signal):
        look.start()
        # It cannot end before what it waits for is stored.
        look.join(0.3)

    event_moved.connect(look_meanwhile)
    changes.move(Event.objects.get(), new, new + timedelta(hours=1), by_id=make_user().pk, now=DUE)
    event_moved.disconnect(look_meanwhile)
    look.join(30)
    for later in (0, minutes):
        reminders.queue_due(DUE + timedelta(minutes=later))
        delivery.send_due("recording", lambda: DUE + timedelta(minutes=minutes))

    reminded = event.dispatches.filter(rule__key="before_15")
    rows = Message.objects.filter(dispatch__reminder__in=reminded)
    assert [each.moment for each in reminded] == [new]
    assert list(rows.values_list("status", flat=True)) == [Status.HANDED_OVER] * 2


def test_nobody_gets_a_reminder_once_the_cancellation_is_stored(sent):
    arm_rules()
    event = make_event()
    for _ in range(60):
        make_registration(event)
    reminders.queue_due(DUE)
    by_id = make_user().pk
    at_the_cancellation = []

    def send():
        delivery.send_due("recording", lambda: DUE)

    def cancel():
        changes.cancel(Event.objects.get(), "Ill.", by_id=by_id, now=DUE)
        at_the_cancellation.append(counts()[Status.PLANNED])

    together(send, send, cancel)

    assert at_the_cancellation == [0]
    assert counts()[Status.HANDED_OVER] == len(sent)
    assert set(counts()) <= {Status.HANDED_OVER, Status.SKIPPED}


class OneByOneChannel(fakes.RecordingChannel):
    """Begins with each by itself, and has the event cancelled while it hands over a third one."""

    begins_in_shares = True
    third = None
    cancelled = None

    def send(self, messages):
        for message in messages:
            if not begin([message]):
                yield message, NotExecuted("It waits for its turn.", is_failure=False)
                continue
            yield from super().send([message])
            if len(fakes.sent) >= 3:
                self.third.set()
                assert self.cancelled.wait(30)


def test_what_workers_have_in_hand_does_not_go_once_the_cancellation_is_stored(
    sent, settings, monkeypatch
):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.OneByOneChannel"}
    monkeypatch.setattr(OneByOneChannel, "third", threading.Event())
    monkeypatch.setattr(OneByOneChannel, "cancelled", threading.Event())
    arm_rules()
    event = make_event()
    for _ in range(60):
        make_registration(event)
    reminders.queue_due(DUE)
    by_id = make_user().pk

    def send():
        delivery.send_due("recording", lambda: DUE)

    def cancel():
        assert OneByOneChannel.third.wait(30)
        changes.cancel(Event.objects.get(), "Ill.", by_id=by_id, now=DUE)
        OneByOneChannel.cancelled.set()

    together(send, send, cancel)

    # What had been begun when it was stored: at most one more by each worker.
    assert 3 <= len(sent) <= 4
    assert counts() == {Status.HANDED_OVER: len(sent), Status.SKIPPED: 120 - len(sent)}


def test_a_cancellation_while_the_present_address_is_written_takes_the_message_back(
    sent, monkeypatch
):
    arm_rules()
    registered = make_registration(make_event())
    reminders.queue_due(DUE)
    Participant.objects.filter(pk=registered.participant_id).update(email="new@example.org")
    write, begin_with = MessageQuerySet.bulk_update, delivery.begin
    cancelling = threading.Thread(
        target=together, args=[partial(registration.cancel, registered, DUE)]
    )

    def write_and_be_cancelled(*arguments):
        with transaction.atomic():
            write(*arguments)
            cancelling.start()
            time.sleep(0.3)  # Not committed yet.

    def begin_afterwards(messages):
        cancelling.join(30)
        return begin_with(messages)

    monkeypatch.setattr(MessageQuerySet, "bulk_update", write_and_be_cancelled)
    monkeypatch.setattr(delivery, "begin", begin_afterwards)
    delivery.send_due("recording", lambda: DUE)

    assert not cancelling.is_alive()
    assert sent == []


def test_a_cancellation_and_a_claim_agree_on_who_was_first(sent):
    arm_rules()
    event = make_event()
    registered = [make_registration(event) for _ in range(40)]
    reminders.queue_due(DUE)

    def cancel_all():
        for each in registered:
            registration.cancel(each, DUE)

    together(cancel_all, lambda: delivery.send_due("recording", lambda: DUE))

    assert counts()[Status.HANDED_OVER] == len(sent) == len(set(sent))
    assert set(counts()) <= {Status.HANDED_OVER, Status.SKIPPED}


def test_failures_seen_side_by_side_are_all_counted(sent):
    def fail():
        breaker.take_note("recording", [Unclear("Silence.")], DUE)

    together(fail, fail, fail, fail)

    assert ChannelState.objects.get().failures == 4


def test_one_of_several_workers_may_probe(sent):
    ChannelState.objects.create(pk="recording", failures=5, closed_until=DUE)
    allowed = []

    together(*[lambda: allowed.append(breaker.allowance("recording", DUE))] * 4)

    assert sorted(allowed) == [0, 0, 0, 1]


def test_a_registration_that_is_stored_during_a_look_is_not_forgotten(sent):
    arm_rules()
    event = make_event()
    make_registration(event)
    origin = registration.Origin("staff")

    def register():
        for number in range(10):
            person = registration.Person(email=f"new{number}@example.org")
            registration.register(event, person, origin, DUE - timedelta(days=1))

    def look():
        for _ in range(10):
            reminders.queue_due(DUE - timedelta(days=1))

    together(register, look)
    reminders.queue_due(DUE - timedelta(days=1))

    confirmed = Message.objects.filter(dispatch__reminder__rule__key="confirmation")
    assert confirmed.count() == 10


WAYS_TO_LOCK = {
    "looks again": lambda: reminders.look(Event.objects.get(), DUE, again=True),
    "cancels": lambda: changes.cancel(Event.objects.get(), "Ill.", by_id=make_user().pk, now=DUE),
    "stops": lambda: changes.stop_reminders(Event.objects.get(), "Wait.", DUE),
    "expires": lambda: delivery.expire(START + timedelta(hours=1)),
    "doubts": lambda: restored.doubt(Message.objects.planned(), DUE),
}


@pytest.mark.parametrize("way", WAYS_TO_LOCK)
def test_whoever_locks_many_rows_begins_with_the_first(sent, way):
    """Otherwise two would wait for each other, and one of them lose what it was doing."""
    arm_rules()
    event = make_event()
    for _ in range(3):
        make_registration(event)
    reminders.queue_due(DUE)
    first, *_others, last = Message.objects.order_by("pk").values_list("pk", flat=True)
    # Where a row lies in the table is not where it stands in the order.
    Message.objects.filter(pk=first).update(detail="Tried in vain.")
    Event.objects.update(title="Other words")
    other = threading.Thread(target=lambda: together(WAYS_TO_LOCK[way]))

    with transaction.atomic():
        Message.objects.select_for_update().get(pk=first)
        other.start()
        # It cannot end before it has that row.
        other.join(0.5)
        Message.objects.select_for_update().get(pk=last)
    other.join(30)

    assert not other.is_alive()
    assert (
        not Message.objects.filter(status=Status.PLANNED).exclude(body__contains="Other").exists()
    )


def test_two_who_cancel_the_same_event_at_once_give_one_cancellation(sent):
    arm_rules()
    make_event()
    by_id = make_user().pk
    refused = []

    def cancel():
        event = Event.objects.get()
        try:
            changes.cancel(event, "Ill.", by_id=by_id, now=timezone.now())
        except changes.ChangeRefusedError:
            refused.append(True)

    together(cancel, cancel, cancel)

    assert refused == [True, True]
    assert Event.objects.get().look_at == AT_ONCE


def look_up_the_abandoned(now):
    look_up.abandon_expired_leases(now)
    look_up.resolve_unclear(lambda: now)


def test_a_lease_that_ends_while_the_answer_comes_settles_once(sent):
    for number in range(20):
        make_message(body=f"number {number}")
    channel = fakes.RecordingChannel()
    messages = delivery.claim(channel, DUE, 20).messages
    late = DUE + timedelta(seconds=150)

    together(
        lambda: delivery.deliver(channel, messages, lambda: late),
        lambda: look_up_the_abandoned(late),
    )
    delivery.send_due("recording", lambda: late)

    assert counts() == {Status.HANDED_OVER: 20}
    assert len(sent) == 20


def test_two_people_who_decide_on_the_same_group_at_once_decide_on_each_message_once():
    make_messages(250)
    Message.objects.update(status=Status.UNKNOWN, reason=Reason.UNCLEAR, attempts=1)
    group = (Dispatch.objects.get().pk, "recording")
    seen = dict.fromkeys(Message.objects.values_list("pk", flat=True), 1)

    def decide(decision):
        by_id = make_user().pk
        return lambda: undecided.decide(group, decision, seen, by_id=by_id, at=DUE)

    together(decide(DID_NOT_GO), decide(WENT), decide(DID_NOT_GO))

    assert sum(counts()[status] for status in (Status.PLANNED, Status.HANDED_OVER)) == 250
    decided = Attempt.objects.filter(outcome=Attempt.Outcome.DECIDED)
    assert set(decided.values_list("message", flat=True)) == set(seen)
    assert decided.count() == 250


class BeginsInShares(fakes.RecordingChannel):
    begins_in_shares = True


def test_a_change_of_mind_waits_for_the_claim_that_is_under_way_and_takes_it_back(sent):
    message = make_message()
    channel, is_claimed, is_done = BeginsInShares(), threading.Event(), threading.Event()

    def claim():
        with transaction.atomic():
            delivery.claim(channel, DUE, 10)
            is_claimed.set()
            wait_until(lambda: is_waited_for(is_done), "the change waits for the claim")

    def change():
        assert is_claimed.wait(30)
        with transaction.atomic():
            taken.append(queue.ask_anew_of([message.participant]))
        is_done.set()

    taken = []
    together(claim, change)

    message.refresh_from_db()
    assert (taken, message.status, message.attempts) == ([1], Status.PLANNED, 0)
