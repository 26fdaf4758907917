"""Moves by minutes, one after the other: nobody is reminded twice, and nobody is left out."""

from datetime import timedelta
from itertools import combinations

import pytest

from events import changes, reminders
from events.models import Event
from outbox import delivery
from outbox.models import Message, Status
from tests.factories import START, arm_rules, make_event, make_registration, make_user, riga

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NEARLY = 5 * MINUTE
REGISTERED = START - timedelta(days=7)
TOMORROW, JOIN = riga(2026, 3, 10, 10), START - 15 * MINUTE
"""When the reminders of the day before and of fifteen minutes before are due."""


@pytest.fixture(autouse=True)
def rules(sent):
    arm_rules()


def run(*moments):
    for now in sorted(moments):
        reminders.queue_due(now)
        reminders.reconcile(now)
        delivery.send_due("recording", lambda now=now: now)
        delivery.expire(now)


def move(minutes, now):
    start = START + minutes * MINUTE
    event = Event.objects.get()
    changes.move(event, start, start + 90 * MINUTE, by_id=make_user().pk, now=now)


def got(registration, key, medium="email"):
    """Return by how many minutes the start was shifted in each message of this rule."""
    rows = Message.objects.filter(
        participant=registration.participant,
        dispatch__reminder__rule__key=key,
        status=Status.HANDED_OVER,
        medium=medium,
    )
    starts = rows.order_by("handed_over_at", "pk").values_list("about_at", flat=True)
    return [(start - START) // MINUTE for start in starts]


def wait(registration, until):
    """Let somebody's messages wait for their turn, as in a long batch."""
    waiting = Message.objects.filter(participant=registration.participant, status=Status.PLANNED)
    waiting.update(not_before=until)


def told(registration, medium):
    """Return what somebody was told: by which rule, about which start, and when."""
    rows = Message.objects.filter(
        participant=registration.participant, status=Status.HANDED_OVER, medium=medium
    )
    in_order = rows.order_by("handed_over_at", "pk")
    return list(in_order.values_list("dispatch__reminder__rule__key", "about_at", "handed_over_at"))


def reminded_of(start, key, due, messages):
    """Say whether a rule, or a notice after it was due, has told nearly this start."""
    return any(
        abs(about - start) < NEARLY and (rule == key or (rule == "moved" and at >= due))
        for rule, about, at in messages
    )


@pytest.mark.parametrize(
    ("due", "pause"),
    [(TOMORROW, 2 * MINUTE), (TOMORROW, 11 * MINUTE), (JOIN, 2 * MINUTE)],
    ids=["the day before", "the day before, with notices", "15 minutes before"],
)
@pytest.mark.parametrize("shifts", [(8, 4, 0), (8, 4, 8), (4, 8, 0)], ids=str)
def test_whatever_the_order_everybody_is_reminded_once_of_where_it_comes_to(due, pause, shifts):
    event = make_event(kind="webinar")
    reminded, waiting = make_registration(event), make_registration(event)
    confirmed = make_registration(event, is_confirmed=True)
    confirmed_waiting = make_registration(event, is_confirmed=True)
    run(REGISTERED, *([TOMORROW] if due == JOIN else []))
    reminders.queue_due(due)
    for each in (waiting, confirmed_waiting):
        wait(each, due + MINUTE)
    delivery.send_due("recording", lambda: due)

    for number, minutes in enumerate(shifts):
        now = due + 20 * SECOND + number * pause
        move(minutes, now)
        run(now + SECOND, now + MINUTE, now + pause - SECOND)
    new = START + shifts[-1] * MINUTE
    ticks = [START + minutes * MINUTE for minutes in (-15, -11, -7, -6, 0)]
    run(*(tick for tick in ticks if tick > now), now + 10 * MINUTE)

    assert len({*got(reminded, "tomorrow"), *got(waiting, "tomorrow")}) > 0
    for person in (reminded, waiting, confirmed, confirmed_waiting):
        for medium in ("email", "sms"):
            messages = told(person, medium)
            assert abs(messages[-1][1] - new) < NEARLY
            assert not [
                (one, other)
                for one, other in combinations(messages, 2)
                if one[0] == other[0] != "moved" and abs(one[1] - other[1]) < NEARLY
            ]
            assert reminded_of(new, "before_15", new - 15 * MINUTE, messages)
        assert reminded_of(new, "tomorrow", TOMORROW, told(person, "email"))


def test_shifts_that_add_up_to_a_greater_move_remind_of_the_new_time_once_more():
    anna = make_registration(is_confirmed=True)
    run(REGISTERED, TOMORROW, JOIN)

    move(4, JOIN + MINUTE)
    move(8, JOIN + 2 * MINUTE)
    run(*(JOIN + minutes * MINUTE for minutes in (2, 3, 8, 9)))

    assert (got(anna, "moved"), got(anna, "before_15")) == ([8], [0, 8])
    assert got(anna, "before_15", "sms") == [0, 8]


def test_there_and_back_and_there_again_reminds_as_if_moved_once():
    anna = make_registration(is_confirmed=True)
    run(REGISTERED, TOMORROW, JOIN)

    for number, minutes in enumerate((8, 4, 8), 1):
        move(minutes, JOIN + number * MINUTE)
        run(JOIN + number * MINUTE)
    run(JOIN + 8 * MINUTE, JOIN + 9 * MINUTE)

    assert (got(anna, "moved"), got(anna, "before_15")) == ([8], [0, 8])


def test_shifts_that_stay_near_what_was_told_repeat_nothing():
    anna = make_registration(is_confirmed=True)
    run(REGISTERED, TOMORROW, JOIN)

    for number, minutes in enumerate((2, 4, 1), 1):
        move(minutes, JOIN + number * MINUTE)
        run(JOIN + number * MINUTE)
    run(JOIN + 4 * MINUTE, JOIN + 5 * MINUTE)

    assert (got(anna, "moved"), got(anna, "before_15")) == ([], [0])


def test_who_was_reminded_by_an_occasion_left_behind_is_not_by_the_one_carried_along():
    """Reminded of 18:12 only, while the occasion of 18:00 follows in small steps to 18:13."""
    event = make_event(kind="webinar")
    anna = make_registration(event)
    run(REGISTERED, TOMORROW)
    reminders.queue_due(JOIN)
    wait(anna, JOIN + MINUTE)
    move(12, JOIN + 10 * SECOND)
    run(JOIN + 11 * SECOND, JOIN + 12 * MINUTE)
    before = got(anna, "before_15")

    for number, minutes in enumerate((4, 8, 10, 13)):
        now = JOIN + 12 * MINUTE + (number + 1) * 10 * SECOND
        move(minutes, now)
        run(now)
    run(JOIN + 13 * MINUTE, JOIN + 14 * MINUTE)

    assert before == got(anna, "before_15") == [12]
