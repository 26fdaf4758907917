"""Which reminders are due, and in which words; the rules case by case are in tests/acceptance."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from events import attendance, changes, reminders, tasks
from events import ledger as events_ledger
from events.models import Event, ReminderRule
from outbox import delivery
from outbox.models import Message, Reason, Status
from smmprocess.celery import app
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_offer,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)


@pytest.fixture(autouse=True)
def rules():
    arm_rules()


def run(now, channel="recording"):
    """Do what beat and a worker do at one moment."""
    reminders.queue_due(now)
    delivery.send_due(channel, lambda: now)


def ledger(**filters):
    rows = Message.objects.filter(**filters).order_by("pk")
    return [(row.dispatch.reminder.rule.key, row.medium, row.status, row.reason) for row in rows]


def test_nothing_is_queued_before_it_is_due(sent):
    make_registration()

    run(START - timedelta(minutes=15, seconds=1))

    assert sent == []


def test_sms_and_email_go_fifteen_minutes_before_and_only_once(sent):
    registered = make_registration()

    run(START - timedelta(minutes=15))
    run(START - timedelta(minutes=14))

    link = f"https://smm.example.org/j/{registered.token}"
    assert [(address, link in text) for address, text in sent] == [
        (registered.participant.phone, True),
        (registered.participant.email, True),
    ]
    assert ledger() == [
        ("before_15", "sms", Status.HANDED_OVER, ""),
        ("before_15", "email", Status.HANDED_OVER, ""),
    ]


@pytest.mark.parametrize(("early", "waited"), [(1.0, [1.0]), (0.25, [0.25]), (1.1, []), (0, [])])
def test_what_falls_due_before_the_next_tick_is_waited_for(early, waited):
    """A tick comes once a second, at whichever part of it; a message is not that much later."""
    make_registration()
    reminders.queue_due(DUE - timedelta(hours=1))
    moment, waits = [DUE - timedelta(seconds=early)], []

    def wait(seconds):
        waits.append(seconds)
        assert not Message.objects.exists()
        moment[0] += timedelta(seconds=seconds)

    reminders.queue_on_time(lambda: moment[0], wait)

    assert waits == waited
    assert Message.objects.count() == (0 if early > 1 else 2)


def test_of_ticks_that_come_at_once_only_one_waits():
    make_registration()
    reminders.queue_due(DUE - timedelta(hours=1))
    waits = []

    def clock():
        return DUE - timedelta(seconds=1)

    def wait(seconds):
        waits.append(seconds)
        assert reminders.queue_on_time(clock, wait) == 0

    reminders.queue_on_time(clock, wait)

    assert waits == [1]
    assert Message.objects.count() == 2


def test_a_clock_that_is_set_back_while_a_message_is_waited_for_does_not_hold_it_up():
    make_registration()
    reminders.queue_due(DUE - timedelta(hours=1))

    reminders.queue_on_time(lambda: DUE - timedelta(seconds=1), lambda _seconds: None)

    assert Message.objects.count() == 2


@pytest.mark.parametrize(("can_write_together", "helpers"), [(True, 2), (False, 0)])
def test_another_worker_is_asked_to_help_as_long_as_nobody_else_is_seen_at_it(
    monkeypatch, django_capture_on_commit_callbacks, can_write_together, helpers
):
    """With the large chunks; the first, which is small, is under way before a helper could come.

    Where a database lets one write at a time, a helper would only keep the senders waiting.
    """
    ability = "has_select_for_update_skip_locked"
    monkeypatch.setattr(connection.features, ability, can_write_together)
    monkeypatch.setattr(events_ledger, "FIRST_CHUNK", 1)
    monkeypatch.setattr(events_ledger, "CHUNK", 2)
    event = make_event()
    for _ in range(5):
        make_registration(event)
    asked = Counter()
    monkeypatch.setattr(app, "send_task", lambda name, *_rest, **_options: asked.update([name]))

    with time_machine.travel(DUE, tick=False), django_capture_on_commit_callbacks(execute=True):
        tasks.queue_due_reminders.apply(throw=True)

    assert Message.objects.count() == 10
    assert asked["events.tasks.queue_due_reminders"] == helpers


def test_once_an_event_is_cancelled_no_more_of_its_rows_are_written(sent, monkeypatch):
    """Those behind would only keep other events' messages waiting until they were taken back."""
    monkeypatch.setattr(events_ledger, "FIRST_CHUNK", 1)
    monkeypatch.setattr(events_ledger, "CHUNK", 2)
    event = make_event()
    for _ in range(7):
        make_registration(event)
    by_id = make_user().pk
    store = events_ledger.queue.store

    def store_and_cancel(rows):
        stored = store(rows)
        if Message.objects.count() == 3:
            changes.cancel(Event.objects.get(), "Ill.", by_id=by_id, now=DUE)
        return stored

    monkeypatch.setattr(events_ledger.queue, "store", store_and_cancel)
    ReminderRule.objects.filter(key="before_15").update(by_sms=False)

    reminders.queue_due(DUE)
    at_the_cancellation = [status for _rule, _medium, status, _reason in ledger()]
    reminders.queue_due(DUE)

    assert at_the_cancellation == [Status.SKIPPED] * 3
    reminder = ledger(dispatch__reminder__rule__key="before_15")
    assert [status for _rule, _medium, status, _reason in reminder] == [Status.SKIPPED] * 7


def test_the_offer_goes_after_the_end_in_words_that_fit_and_only_with_consent(sent):
    event = make_event(offer=make_offer())
    consented = {"offers_by_email_at": START}
    came = make_registration(event, person=consented)
    stayed_away = make_registration(event, person=consented)
    refused = make_registration(event)
    attendance.press_join(came, START)
    sent.clear()

    run(event.ends_at + timedelta(minutes=30))

    letters = dict(sent)
    assert set(letters) == {came.participant.email, stayed_away.participant.email}
    assert "Paldies, ka piedalījāties" in letters[came.participant.email]
    assert "nesatikāmies" in letters[stayed_away.participant.email]
    assert "– Uzņēmējdarbība: 1 790 EUR" in letters[came.participant.email].replace("\xa0", " ")
    assert ledger(participant=refused.participant, dispatch__reminder__rule__key="offer") == [
        ("offer", "email", Status.SKIPPED, Reason.NO_CONSENT)
    ]


def test_who_is_unknown_gets_the_neutral_text(sent):
    event = make_event(offer=make_offer())
    make_registration(event, person={"offers_by_email_at": START})

    run(event.ends_at + timedelta(minutes=30))

    [(_, letter)] = [each for each in sent if "1" in each[1]]
    assert "Paldies par interesi" in letter


def test_offers_may_go_by_a_channel_of_their_own(sent, settings):
    settings.OFFER_EMAIL_CHANNEL = "smtp"
    event = make_event(offer=make_offer())
    make_registration(event, person={"offers_by_email_at": START})

    reminders.queue_due(event.ends_at + timedelta(minutes=30))

    channels = Message.objects.filter(status=Status.PLANNED).values_list(
        "dispatch__reminder__rule__key", "channel"
    )
    assert list(channels) == [("offer", "smtp")]
