"""A plan that nobody carries out turns the lamp red, though no row of the outbox is overdue."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from events import reminders
from events.models import Event, ZoomSign
from outbox import health
from outbox.models import Heartbeat, Message
from tests.factories import START, arm_rules, make_event, make_registration

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def registered():
    """Make an event whose plan has been looked at, so that its next reminder is waited for."""
    arm_rules()
    make_registration(make_event())
    reminders.queue_due(DUE - MINUTE)
    Event.objects.update(look_asked_at=DUE - MINUTE)


def problems(now):
    for part in Heartbeat.Part:
        health.show_life(part, now)
    Message.objects.all().delete()
    return health.lamp(now).problems


def breaks(*args, **kwargs):
    raise ArithmeticError


@pytest.mark.parametrize("is_asked", [False, True], ids=["worker does not decide", "plan breaks"])
def test_reminders_that_are_not_decided_a_minute_after_they_are_due_turn_the_lamp_red(
    monkeypatch, is_asked
):
    monkeypatch.setattr(reminders, "look", breaks)
    if is_asked:
        reminders.queue_due(DUE)

    assert problems(DUE + MINUTE - timedelta(seconds=1)) == []
    with override("en"):
        assert problems(DUE + MINUTE) == [
            "Reminders of 1 event are due but not planned: see the worker's log."
        ]
    assert health.report(DUE + MINUTE)["status"] == "failing"


def test_a_plan_that_is_carried_out_turns_it_green_again(monkeypatch):
    reminders.queue_due(DUE + MINUTE)

    assert problems(DUE + MINUTE) == []


def test_a_change_that_is_looked_at_by_the_next_tick_is_no_fault():
    Event.objects.update(look_asked_at=DUE - 10 * MINUTE)
    Event.objects.look_again()

    assert problems(DUE) == []


def test_what_a_fault_keeps_from_being_known_of_attendance_turns_the_lamp_red_for_a_day():
    Event.objects.update(look_at=None)
    for number, received_at in enumerate((START - 25 * 60 * MINUTE, START, START)):
        ZoomSign.objects.create(
            meeting_uuid="uuid==",
            participant=str(number),
            kind=ZoomSign.Kind.JOINED,
            at=received_at,
            received_at=received_at,
        ).keep_back(START)

    with override("en"):
        assert problems(START) == [
            "Who came is not fully known: 2 calls of Zoom could not be understood; "
            "see the worker's log."
        ]

    ZoomSign.objects.update(taken_at=START)
    assert problems(START) == []
