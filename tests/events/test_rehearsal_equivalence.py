"""A rehearsal gives exactly what the real engine gives for the same people, message by message."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.event_type import seed_rules
from events.models import ReminderRule
from events.rehearsal.cast import cast_for, newcomer
from events.rehearsal.script import Act, Deed
from tests.events.rehearsing import RealEvening, rehearsed, steps_of
from tests.factories import START, arm_rules, make_event, make_offer, riga

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules():
    arm_rules()


def at(minutes):
    return START + timedelta(minutes=minutes)


def compare(event, *deeds, extra=(), **options):
    """Play both ways and return the messages, which are the same.

    At the `extra` moments only the real engine is at work: nothing may happen there.
    """
    steps, play = steps_of(event, *deeds, **options)
    real = RealEvening(event)
    real.play(steps, extra)
    expected, found = real.ledger(), rehearsed(play)
    assert [row for row in found if row not in expected] == [
        row for row in expected if row not in found
    ]
    assert found == expected
    return expected


def handed_over(messages, key):
    return sorted({(row[1], row[2]) for row in messages if row[0] == key and row[8] is not None})


def test_an_ordinary_evening(sent):
    every_other_minute = [at(minutes) for minutes in range(-90, 130, 2)]

    messages = compare(make_event(offer=make_offer()), extra=every_other_minute)

    assert handed_over(messages, "before_15") == [
        ("early", "email"),
        ("early", "sms"),
        ("joins_late", "email"),
        ("joins_late", "sms"),
        ("last_hour", "email"),
        ("last_hour", "sms"),
        ("never_joins", "email"),
        ("never_joins", "sms"),
        ("no_consent", "email"),
        ("no_consent", "sms"),
        ("no_phone", "email"),
    ]
    assert handed_over(messages, "join_now") == [("late", "email"), ("late", "sms")]
    assert handed_over(messages, "begun_10") == [("joins_late", "sms"), ("never_joins", "sms")]
    assert ("no_consent", "email") not in handed_over(messages, "offer")
    assert ("never_joins", "email") in handed_over(messages, "offer")
    assert len(sent) == sum(row[8] is not None for row in messages)


def test_a_webinar(sent):
    messages = compare(make_event(kind="webinar", presenter="Jānis Paraugs"))

    assert ("early", "email") in handed_over(messages, "tomorrow")


@pytest.mark.parametrize("minutes", [(3,), (60,), (60, 3), (-1440, 2)])
def test_a_webinar_moved_just_after_the_reminder_of_the_day_before_fell_due(sent, minutes):
    moves = [
        Deed(at(-1919 + number), Act.MOVE, starts_at=at(minute))
        for number, minute in enumerate(minutes)
    ]

    messages = compare(make_event(kind="webinar"), *moves)

    reminded = [row[1] for row in messages if row[0] == "tomorrow" and row[8] is not None]
    assert "early" in reminded
    assert len(reminded) == len(set(reminded))


EVENINGS = {
    "nobody joins and nobody decides": [],
    "released": [Deed(at(14), Act.RELEASE)],
    "starts late": [Deed(at(9), Act.START_LATE), Deed(at(15), Act.JOIN, "early")],
    "room opened, then one joins late": [
        Deed(at(-2), Act.OPEN_ROOM),
        Deed(at(16), Act.JOIN, "early"),
    ],
    "moved in the last hour": [Deed(at(-40), Act.MOVE, starts_at=at(60))],
    "moved after the reminder": [Deed(at(-10), Act.MOVE, starts_at=at(60))],
    "moved twice": [
        Deed(at(-50), Act.MOVE, starts_at=at(180)),
        Deed(at(-45), Act.MOVE, starts_at=at(240)),
    ],
    "moved by three minutes after the reminder": [Deed(at(-10), Act.MOVE, starts_at=at(3))],
    "moved there and back": [
        Deed(at(-12), Act.MOVE, starts_at=at(30)),
        Deed(at(-8), Act.MOVE, starts_at=at(0)),
    ],
    "moved while held": [Deed(at(12), Act.MOVE, starts_at=at(45))],
    "cancelled in the last hour": [Deed(at(-30), Act.CALL_OFF)],
    "cancelled while held": [Deed(at(11), Act.CALL_OFF)],
    "cancels and registers again": [
        Deed(at(-60), Act.CANCEL, "early"),
        Deed(at(-2), Act.REGISTER, "early"),
    ],
}


NOBODY_JOINS = {
    *("nobody joins and nobody decides", "released", "starts late", "moved while held"),
    *("cancelled while held", "room opened, then one joins late"),
}


@pytest.mark.parametrize("evening", EVENINGS)
def test_other_evenings(sent, evening):
    event = make_event(offer=make_offer())
    cast = cast_for(event, list(ReminderRule.objects.all()), nobody_joins=evening in NOBODY_JOINS)

    messages = compare(event, *EVENINGS[evening], cast=cast)

    assert {row[4] for row in messages} >= {"handed_over", "skipped"}


@pytest.mark.parametrize(
    "start",
    [
        riga(2026, 3, 29, 18),
        riga(2026, 10, 25, 18),
        riga(2026, 3, 29, 3, 30),
        riga(2026, 10, 25, 3, 30),
        riga(2026, 3, 30, 3, 30),
        riga(2026, 10, 26, 0, 30),
    ],
)
@pytest.mark.parametrize("kind", ["open_day", "webinar"])
def test_both_changes_of_the_clock(sent, start, kind):
    messages = compare(make_event(kind=kind, starts_at=start, offer=make_offer()))

    assert handed_over(messages, "before_15")


PEOPLE = ["early", "last_hour", "late", "joins_late", "never_joins", "no_phone", "new"]
MINUTES = st.integers(-100, 160)
DEEDS = st.one_of(
    st.builds(
        lambda minute, act, who: Deed(at(minute), act, who),
        MINUTES,
        st.sampled_from([Act.REGISTER, Act.JOIN, Act.CANCEL]),
        st.sampled_from(PEOPLE),
    ),
    st.builds(
        lambda minute, act: Deed(at(minute), act),
        MINUTES,
        st.sampled_from([Act.OPEN_ROOM, Act.RELEASE, Act.START_LATE, Act.CALL_OFF]),
    ),
    st.builds(
        lambda minute, shift: Deed(at(minute), Act.MOVE, starts_at=at(shift)),
        MINUTES,
        st.sampled_from([-30, -3, 0, 2, 4, 15, 60, 200]),
    ),
)


@pytest.mark.usefixtures("sent")
@given(deeds=st.lists(DEEDS, max_size=7), nobody_joins=st.booleans())
@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_happens_on_the_evening(deeds, nobody_joins):
    with transaction.atomic():
        seed_rules()
        event = make_event(offer=make_offer())
        cast = cast_for(event, list(ReminderRule.objects.all()), nobody_joins=nobody_joins)

        compare(event, *deeds, cast=cast, newcomers=[replace(newcomer(0, START), key="new")])

        transaction.set_rollback(True)
