"""An event that moves while a reminder of an earlier day is due: nobody's is lost or sent twice."""

from datetime import time, timedelta

import pytest
from django.utils.translation import override

from events import changes, reminders
from events.earlier_times import is_past_by_move
from events.models import Event, EventMove, ReminderRule
from events.move_impact import impact_of_move
from outbox import delivery
from outbox.models import Message, Reason, Status
from tests.factories import START, arm_rules, make_event, make_registration, make_user, riga

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DUE = riga(2026, 3, 10, 10)
"""When the reminder of the day before is due."""

WEEK_BEFORE = START - timedelta(days=7)


# The question by itself -------------------------------------------------------------------------


def tomorrow(**fields):
    return ReminderRule(**{"anchor": "start", "offset_days": -1, "at_time": time(10)} | fields)


def moved(*steps, first=START):
    """Give the moves of an event that begins at `first`: when, and to which start."""
    made = []
    for at, start in steps:
        made.append(EventMove(moved_at=at, old_starts_at=first, new_starts_at=start))
        first = start
    return made


def asked(rule, moves):
    event = Event(starts_at=START)
    if moves:
        event.starts_at, event.moved_at = moves[-1].new_starts_at, moves[-1].moved_at
    return is_past_by_move(rule, event, moves)


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], False),
        (moved((DUE + MINUTE, START + 2 * MINUTE)), False),
        (moved((DUE, START - 30 * MINUTE)), False),
        (moved((DUE + MINUTE, START), first=START + DAY), True),
        (moved((DUE - MINUTE, START), first=START + DAY), False),
        # Its use was over by the new time.
        (moved((DUE + 600 * MINUTE, DUE + 590 * MINUTE)), True),
        # Away and back: at once, and so that the other time was announced meanwhile.
        (moved((DUE - 5 * MINUTE, START + DAY), (DUE + 4 * MINUTE, START)), False),
        (moved((DUE - 6 * MINUTE, START + DAY), (DUE + 4 * MINUTE, START)), True),
        # It fell due by a time in between.
        (
            moved(
                (DUE - 2 * MINUTE, START),
                (DUE + 2 * MINUTE, START + 60 * MINUTE),
                first=START + 7 * DAY,
            ),
            False,
        ),
        # What is due stays so, and what was past stays so, whatever is shifted later.
        (
            moved((DUE + 5 * MINUTE, START + MINUTE), (DUE + 30 * MINUTE, START + 3 * MINUTE)),
            False,
        ),
        (
            moved(
                (DUE + 60 * MINUTE, START),
                (DUE + 80 * MINUTE, START + 2 * MINUTE),
                (DUE + 81 * MINUTE, START + 4 * MINUTE),
                first=START + 7 * DAY,
            ),
            True,
        ),
        (
            moved(
                (DUE + 60 * MINUTE, START), (DUE + 61 * MINUTE, START + DAY), first=START + 7 * DAY
            ),
            False,
        ),
    ],
)
def test_only_a_move_that_puts_the_moment_into_the_past_makes_it_past(moves, expected):
    assert asked(tomorrow(), moves) is expected


@pytest.mark.parametrize("fields", [{"late": "replace"}, {"late": "send"}, {"anchor": "end"}])
def test_what_leads_straight_in_or_comes_after_the_event_is_never_past_by_a_move(fields):
    moves = moved((DUE + MINUTE, START), first=START + 7 * DAY)

    assert asked(tomorrow(), moves)
    assert not asked(tomorrow(**fields), moves)


def test_minutes_before_the_start_are_counted_alike():
    hour_before = tomorrow(offset_days=0, at_time=None, offset_minutes=-60)
    due = START - 60 * MINUTE

    assert not asked(hour_before, moved((due, START - 2 * MINUTE)))
    assert asked(hour_before, moved((due - MINUTE, START - 2 * MINUTE)))


# With the engine --------------------------------------------------------------------------------


@pytest.fixture
def webinar(db):
    arm_rules()
    return make_event(kind="webinar")


def from_list(event):
    """Register somebody who was told nothing, as those of an imported list are."""
    return make_registration(event, is_confirmed=False)


def confirmed(event):
    return make_registration(event, is_confirmed=True)


def run(*moments):
    for now in moments:
        at_work(now)


def at_work(now):
    reminders.queue_due(now)
    reminders.reconcile(now)
    delivery.send_due("recording", lambda: now)
    delivery.expire(now)


def move(start, now):
    end = start + timedelta(minutes=90)
    changes.move(Event.objects.get(), start, end, by_id=make_user().pk, now=now)


def wait(registration):
    """Let somebody's messages wait for their turn for a minute, as in a long batch."""
    Message.objects.filter(participant=registration.participant).update(not_before=DUE + MINUTE)


def got(registration, key="tomorrow"):
    """Return the start each message of this rule told this person."""
    rows = Message.objects.filter(
        participant=registration.participant,
        dispatch__reminder__rule__key=key,
        status=Status.HANDED_OVER,
        medium="email",
    )
    return [row.about_at for row in rows.order_by("handed_over_at", "pk")]


LATER = [DUE + minutes * MINUTE for minutes in (1, 2, 7, 11, 12, 60, 120)]


def test_a_small_shift_in_the_middle_of_the_batch_loses_and_repeats_nobody(webinar, sent):
    reminded, waiting = from_list(webinar), from_list(webinar)
    reminders.queue_due(DUE)
    wait(waiting)
    delivery.send_due("recording", lambda: DUE)
    new = START + 2 * MINUTE

    move(new, DUE + timedelta(seconds=30))
    run(DUE + timedelta(seconds=31), *LATER)

    assert (got(reminded), got(waiting)) == ([START], [new])
    assert len(sent) == 2


def test_a_move_by_an_hour_in_the_middle_of_the_batch_tells_everybody_the_new_time_once(
    webinar, sent
):
    reminded, untold, told = from_list(webinar), from_list(webinar), confirmed(webinar)
    run(WEEK_BEFORE)
    reminders.queue_due(DUE)
    wait(untold)
    wait(told)
    delivery.send_due("recording", lambda: DUE)
    new = START + 60 * MINUTE

    move(new, DUE + timedelta(seconds=30))
    run(DUE + timedelta(seconds=31), *LATER)

    assert (got(reminded), got(reminded, "moved")) == ([START], [new])
    assert (got(untold), got(untold, "moved")) == ([new], [])
    assert (got(told), got(told, "moved")) == ([], [new])


@pytest.mark.parametrize("registered", [from_list, confirmed])
def test_moved_away_and_back_over_the_due_moment_reminds_all(webinar, sent, registered):
    anna = registered(webinar)
    run(WEEK_BEFORE)

    move(START + DAY, DUE - 5 * MINUTE)
    run(DUE - 5 * MINUTE, DUE)
    move(START, DUE + 4 * MINUTE)
    run(*(DUE + minutes * MINUTE for minutes in (4, 5, 14, 15, 60, 120)))

    assert (got(anna), got(anna, "moved")) == ([START], [])


@pytest.mark.parametrize("registered", [from_list, confirmed])
def test_a_small_shift_while_no_worker_lived_does_not_lose_what_was_due(webinar, sent, registered):
    anna = registered(webinar)
    run(WEEK_BEFORE)
    new = START + 2 * MINUTE

    move(new, DUE + 5 * MINUTE)
    run(*(DUE + minutes * MINUTE for minutes in (10, 11, 20, 60)))

    assert got(anna) == [new]
    assert Message.objects.get(dispatch__reminder__rule__key="tomorrow").due_at == DUE


def test_what_the_new_time_put_into_the_past_stays_so_when_it_is_shifted_a_little(webinar, sent):
    anna = from_list(webinar)
    move(START + 7 * DAY, DUE - 7 * DAY)
    run(DUE - 7 * DAY)

    move(START, DUE + 60 * MINUTE)
    run(DUE + 60 * MINUTE)
    move(START + 2 * MINUTE, DUE + 80 * MINUTE)
    run(DUE + 80 * MINUTE, DUE + 91 * MINUTE)

    assert got(anna) == []
    row = Message.objects.get(dispatch__reminder__rule__key="tomorrow")
    assert (row.status, row.reason) == (Status.SKIPPED, Reason.PAST_BY_MOVE)


def test_what_nobody_could_use_any_more_by_the_new_time_is_not_called_too_late(webinar, sent):
    """Without a notice nothing else would be said of it, and the moderator need not be told."""
    webinar.rules_off.set(ReminderRule.objects.filter(key="moved"))
    anna = from_list(webinar)
    run(DUE)

    move(START + 30 * MINUTE, START - 60 * MINUTE)
    run(START - 60 * MINUTE, START - 59 * MINUTE)

    assert got(anna) == [START]
    assert not Message.objects.filter(status=Status.EXPIRED).exists()


def test_a_mistaken_time_between_two_that_are_nearly_the_same_reminds_nobody_twice(webinar, sent):
    """(18:00, 19:00 by a slip, 18:03) Told is only what was told."""
    reminded, waiting = confirmed(webinar), from_list(webinar)
    run(WEEK_BEFORE)
    reminders.queue_due(DUE)
    wait(waiting)
    delivery.send_due("recording", lambda: DUE)
    new = START + 3 * MINUTE

    move(START + 60 * MINUTE, DUE + timedelta(seconds=20))
    move(new, DUE + timedelta(seconds=40))
    run(DUE + timedelta(seconds=41), *LATER)

    assert (got(reminded), got(reminded, "moved")) == ([START], [])
    assert (got(waiting), got(waiting, "moved")) == ([new], [])


def test_a_mistaken_time_just_before_the_start_repeats_no_join_message_either(webinar, sent):
    anna = confirmed(webinar)
    run(WEEK_BEFORE, DUE, START - 15 * MINUTE)

    move(START + 7 * DAY, START - 14 * MINUTE)
    move(START + 3 * MINUTE, START - 13 * MINUTE)
    run(START - 13 * MINUTE, START - 12 * MINUTE, START)

    assert got(anna, "before_15") == [START]
    assert got(anna, "moved") == []


def test_back_at_a_start_that_was_left_a_little_its_own_occasion_is_taken(webinar, sent):
    anna = confirmed(webinar)
    run(WEEK_BEFORE, DUE)
    run_of_starts = (START + 8 * MINUTE, START, START + 4 * MINUTE)

    for number, start in enumerate(run_of_starts, 1):
        move(start, DUE + number * MINUTE)
        run(DUE + number * MINUTE)
    run(*LATER)

    assert got(anna) == [START]


def test_who_has_had_the_notice_is_not_reminded_once_more_when_the_new_time_is_shifted_a_little(
    webinar, sent
):
    anna = confirmed(webinar)
    run(WEEK_BEFORE, DUE)
    move(START + 60 * MINUTE, DUE + 20 * MINUTE)
    run(*(DUE + minutes * MINUTE for minutes in (20, 21, 30, 31)))

    move(START + 62 * MINUTE, DUE + 80 * MINUTE)
    run(DUE + 80 * MINUTE, DUE + 91 * MINUTE)

    assert (got(anna), got(anna, "moved")) == ([START], [START + 60 * MINUTE])


def test_who_has_been_reminded_of_nearly_this_start_is_not_reminded_of_it_again(webinar, sent):
    anna = confirmed(webinar)
    run(WEEK_BEFORE, DUE)
    move(START + 8 * MINUTE, DUE + 20 * MINUTE)
    run(DUE + 20 * MINUTE, DUE + 21 * MINUTE)

    move(START + 4 * MINUTE, DUE + 22 * MINUTE)
    run(*(DUE + minutes * MINUTE for minutes in (22, 23, 33, 60)))

    assert got(anna) == [START]
    newest = Message.objects.filter(medium="email", about_at=START + 4 * MINUTE).exclude(
        dispatch__reminder__rule__key="confirmation"
    )
    assert {row.reason for row in newest} == {Reason.TOLD_ALREADY}


def test_a_notice_of_a_week_ago_takes_no_reminder_from_who_waits_in_the_batch(webinar, sent):
    reminded, waiting = confirmed(webinar), confirmed(webinar)
    run(WEEK_BEFORE)
    move(START + 60 * MINUTE, WEEK_BEFORE + 60 * MINUTE)
    run(WEEK_BEFORE + 60 * MINUTE, WEEK_BEFORE + 71 * MINUTE)
    reminders.queue_due(DUE)
    wait(waiting)
    delivery.send_due("recording", lambda: DUE)
    new = START + 62 * MINUTE

    move(new, DUE + timedelta(seconds=30))
    run(DUE + timedelta(seconds=31), *LATER)

    assert (got(reminded), got(waiting)) == ([START + 60 * MINUTE], [new])


def test_what_was_left_unclear_long_ago_is_not_taken_for_the_last_that_was_told(webinar, sent):
    anna = confirmed(webinar)
    run(WEEK_BEFORE, DUE)
    Message.objects.filter(dispatch__reminder__rule__key="tomorrow").update(
        status=Status.SKIPPED, reason=Reason.LEFT_UNCLEAR, handed_over_at=None
    )
    move(START + 60 * MINUTE, DUE + 20 * MINUTE)
    run(DUE + 20 * MINUTE, DUE + 31 * MINUTE)

    move(START + 3 * MINUTE, DUE + 80 * MINUTE)
    run(DUE + 80 * MINUTE, DUE + 91 * MINUTE)

    assert got(anna, "moved") == [START + 60 * MINUTE, START + 3 * MINUTE]


@pytest.mark.parametrize("before", [10 * MINUTE, 5 * MINUTE, timedelta(seconds=1)], ids=str)
def test_moved_just_before_the_reminder_falls_due_the_notice_tells_it_instead(
    webinar, sent, before
):
    told, untold = confirmed(webinar), from_list(webinar)
    run(WEEK_BEFORE)
    new = START + 60 * MINUTE

    move(new, DUE - before)
    run(DUE - before, DUE, DUE - before + 10 * MINUTE, *LATER)

    assert (got(told), got(told, "moved")) == ([], [new])
    assert (got(untold), got(untold, "moved")) == ([new], [])
    row = Message.objects.get(
        dispatch__reminder__rule__key="tomorrow", participant=told.participant
    )
    assert (row.status, row.reason) == (Status.SKIPPED, Reason.NOTICE_INSTEAD)


def test_a_notice_that_goes_before_the_reminder_falls_due_takes_nothing_from_it(webinar, sent):
    anna = confirmed(webinar)
    run(WEEK_BEFORE)
    new = START + 60 * MINUTE

    move(new, DUE - 11 * MINUTE)
    run(DUE - 11 * MINUTE, DUE - MINUTE, DUE, *LATER)

    assert (got(anna, "moved"), got(anna)) == ([new], [new])


@pytest.mark.parametrize("minutes", [0, 4], ids=["back", "nearly back"])
def test_moved_back_before_the_notice_has_gone_the_reminder_that_waited_for_it_goes(
    webinar, sent, minutes
):
    anna = confirmed(webinar)
    run(WEEK_BEFORE)
    move(START + 60 * MINUTE, DUE - 5 * MINUTE)
    run(DUE - 5 * MINUTE, DUE)
    new = START + minutes * MINUTE

    move(new, DUE + 2 * MINUTE)
    run(*(DUE + minutes * MINUTE for minutes in (2, 5, 12, 60)))

    assert (got(anna), got(anna, "moved")) == ([new], [])


def test_where_the_notice_is_switched_off_before_it_goes_the_reminder_goes(webinar, sent):
    anna = confirmed(webinar)
    run(WEEK_BEFORE)
    new = START + 60 * MINUTE
    move(new, DUE - 5 * MINUTE)
    run(DUE - 5 * MINUTE, DUE)
    waited = got(anna)

    notice = ReminderRule.objects.for_kind("webinar").get(key="moved")
    changes.switch_rule(webinar, notice, is_on=False)
    run(*(DUE + minutes * MINUTE for minutes in (1, 5, 60)))

    assert (waited, got(anna), got(anna, "moved")) == ([], [new], [])


# What is said before it is done -----------------------------------------------------------------


def said(start, now):
    event = Event.objects.get()
    with override("en"):
        return impact_of_move(event, start, now).sentence(event.starts_at, start)


def test_the_impact_of_a_small_shift_in_the_batch_says_that_what_waits_moves(webinar, sent):
    from_list(webinar)
    waiting = from_list(webinar)
    reminders.queue_due(DUE)
    wait(waiting)
    delivery.send_due("recording", lambda: DUE)

    sentence = said(START + 2 * MINUTE, DUE + timedelta(seconds=30))

    # That person's reminder of the day before, and what both get on the day itself and after.
    assert sentence == (
        "The start shifts by less than five minutes, so it is not announced. 7 reminders move."
    )


def test_the_impact_of_a_greater_move_in_the_batch_parts_those_who_get_the_notice(webinar, sent):
    from_list(webinar), confirmed(webinar)
    run(WEEK_BEFORE)
    reminders.queue_due(DUE)

    impact = impact_of_move(Event.objects.get(), START + 60 * MINUTE, DUE + timedelta(seconds=30))

    assert (impact.told, impact.past, impact.waiting) == (1, 1, 7)


def test_the_impact_of_moving_back_over_the_due_moment_says_who_gets_the_reminder(webinar, sent):
    reminded, waiting = from_list(webinar), from_list(webinar)
    reminders.queue_due(DUE)
    wait(waiting)
    delivery.send_due("recording", lambda: DUE)
    move(START + DAY, DUE + timedelta(seconds=20))
    run(DUE + timedelta(seconds=21))

    sentence = said(START, DUE + timedelta(seconds=40))
    move(START, DUE + timedelta(seconds=40))
    run(DUE + timedelta(seconds=41))

    assert sentence == (
        "Nobody has been told the old time yet. 6 reminders move. 1 person gets the link at once."
    )
    assert (got(reminded), got(waiting)) == ([START], [START])


def test_the_impact_of_a_move_just_before_the_reminder_says_that_the_notice_stands_for_it(
    webinar, sent
):
    confirmed(webinar), from_list(webinar)
    run(WEEK_BEFORE)

    sentence = said(START + 60 * MINUTE, DUE - 5 * MINUTE)

    # What both get on the day itself and after, and the reminder of who was told nothing.
    assert sentence == (
        "1 person was told 18:00 and will get one message with 19:00. 1 reminder is left out, "
        "since that message says the same. 7 reminders move."
    )
