"""Where a step of the process stands: a table of facts and what follows from them."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from documents.models import Document
from smmprocess.known import (
    Announcements,
    Control,
    Facts,
    IntakeDays,
    Paper,
    ReviewOfIntake,
    Tasks,
    Unpublished,
)
from smmprocess.process import EVERY_STEP
from smmprocess.step_states import State, stand_of

STEPS = {step.number: step for step in EVERY_STEP}
INTAKE = IntakeDays(1, begins_on=date(2026, 3, 2), ends_on=date(2026, 6, 30))
DRAFT = Paper()
SUBMITTED = Paper(Document.Status.SUBMITTED, submitted_on=date(2026, 1, 20))
APPROVED = Paper(Document.Status.APPROVED, date(2026, 1, 20), date(2026, 1, 22))
RETURNED = Paper(Document.Status.RETURNED, date(2026, 1, 20), date(2026, 1, 22))


def changed(status):
    """Take an approved document that is open for a change, so far at `status`."""
    return Paper(
        status,
        date(2026, 1, 20),
        date(2026, 1, 22),
        reason="A new programme.",
        approved_version=1,
        approved_on=date(2026, 1, 22),
    )


NEW_YEAR = date(2026, 1, 1)
PLANS_DUE = date(2026, 1, 31)
DAY = timedelta(days=1)


def facts(today, **known):
    return Facts(today=today, year=2026, **{"intake": INTAKE, **known})


def unpublished(due_on, event=1):
    return Unpublished(event, "Vebinārs", "Webinar", due_on)


FROZEN = ReviewOfIntake(is_begun=True, frozen_on=INTAKE.ends_on + DAY)
CLOSED = ReviewOfIntake(is_begun=True, frozen_on=INTAKE.ends_on, closed_on=INTAKE.ends_on + DAY)

CASES = [
    # The goals are due when the year begins.
    ("1", NEW_YEAR - 31 * DAY, {}, State.NOT_DUE),
    ("1", NEW_YEAR - 30 * DAY, {}, State.DUE),
    ("1", NEW_YEAR, {}, State.DUE),
    ("1", NEW_YEAR + DAY, {}, State.LATE),
    ("1", NEW_YEAR, {"goals": DRAFT}, State.IN_WORK),
    ("1", NEW_YEAR + DAY, {"goals": DRAFT}, State.LATE),
    ("1", NEW_YEAR + DAY, {"goals": RETURNED}, State.LATE),
    ("1", NEW_YEAR + DAY, {"goals": SUBMITTED}, State.WAITING),
    ("1", NEW_YEAR + DAY, {"goals": APPROVED}, State.DONE),
    # The plans are due thirty days before the intake begins.
    *(
        (number, day, known, state)
        for number, paper, begun in (
            ("2", "communication", {"key_messages": 1}),
            ("4", "activity_plan", {"activities": 1}),
        )
        for day, known, state in [
            (PLANS_DUE - 31 * DAY, {paper: DRAFT}, State.NOT_DUE),
            (PLANS_DUE - 30 * DAY, {paper: DRAFT}, State.DUE),
            (PLANS_DUE - 31 * DAY, {paper: DRAFT, **begun}, State.IN_WORK),
            (PLANS_DUE, {paper: RETURNED}, State.IN_WORK),
            (PLANS_DUE + DAY, {paper: DRAFT, **begun}, State.LATE),
            (PLANS_DUE + DAY, {paper: SUBMITTED}, State.WAITING),
            (PLANS_DUE + DAY, {paper: APPROVED}, State.DONE),
            # What was approved holds while it is being changed: nothing of it is late.
            (PLANS_DUE + DAY, {paper: changed(Document.Status.DRAFT)}, State.IN_WORK),
            (PLANS_DUE + DAY, {paper: changed(Document.Status.RETURNED)}, State.IN_WORK),
            (PLANS_DUE + DAY, {paper: changed(Document.Status.SUBMITTED)}, State.WAITING),
        ]
    ),
    ("3", PLANS_DUE - 31 * DAY, {}, State.NOT_DUE),
    ("3", PLANS_DUE, {}, State.DUE),
    ("3", PLANS_DUE, {"audiences": 2}, State.IN_WORK),
    ("3", PLANS_DUE + DAY, {"channels": 2}, State.LATE),
    ("3", PLANS_DUE + DAY, {"audiences": 2, "channels": 1}, State.DONE),
    # Tasks are for every day.
    ("5", PLANS_DUE, {}, State.NOT_DUE),
    ("5", PLANS_DUE, {"tasks": Tasks(later=1)}, State.IN_WORK),
    ("5", PLANS_DUE, {"tasks": Tasks(today=1, later=1)}, State.DUE),
    ("5", PLANS_DUE, {"tasks": Tasks(overdue=1, today=1)}, State.LATE),
    ("5", PLANS_DUE, {"tasks": Tasks(has_done=True)}, State.DONE),
    # What is announced is judged by the event whose date comes first.
    *(
        (number, PLANS_DUE, {events: told}, state)
        for number, events in (("5.1", "webinars"), ("5.2", "open_days"))
        for told, state in [
            (Announcements(), State.NOT_DUE),
            (Announcements(past=3), State.DONE),
            (Announcements(published=3), State.DONE),
            (Announcements(unpublished=(unpublished(PLANS_DUE + 31 * DAY),)), State.NOT_DUE),
            (Announcements(unpublished=(unpublished(PLANS_DUE),)), State.DUE),
            (Announcements(1, (unpublished(PLANS_DUE),)), State.IN_WORK),
            (Announcements(1, (unpublished(PLANS_DUE - DAY),)), State.LATE),
        ]
    ),
    # The control is judged by the targets of the year while an intake runs.
    ("6", INTAKE.begins_on - DAY, {"control": Control(behind=1)}, State.NOT_DUE),
    ("6", INTAKE.begins_on, {}, State.DUE),
    ("6", INTAKE.begins_on, {"control": Control(on_pace=2, without_data=1)}, State.DUE),
    ("6", INTAKE.begins_on, {"control": Control(on_pace=2, behind=1)}, State.LATE),
    ("6", INTAKE.ends_on, {"control": Control(on_pace=2)}, State.DONE),
    ("6", INTAKE.ends_on + DAY, {"control": Control(on_pace=2)}, State.NOT_DUE),
    # The results are reviewed within thirty days after the intake, and both confirm them.
    ("7", INTAKE.ends_on, {}, State.NOT_DUE),
    ("7", INTAKE.ends_on + DAY, {}, State.DUE),
    ("7", INTAKE.ends_on + DAY, {"review": ReviewOfIntake(is_begun=True)}, State.IN_WORK),
    ("7", INTAKE.ends_on + 31 * DAY, {}, State.LATE),
    ("7", INTAKE.ends_on + DAY, {"review": FROZEN}, State.WAITING),
    ("7", INTAKE.ends_on + 31 * DAY, {"review": FROZEN}, State.LATE),
    ("7", INTAKE.ends_on + 300 * DAY, {"review": CLOSED}, State.DONE),
]


@pytest.mark.parametrize(("number", "today", "known", "state"), CASES)
def test_the_state_follows_from_the_facts(number, today, known, state):
    assert stand_of(STEPS[number], facts(today, **known)).state == state


@pytest.mark.parametrize(("number", "today", "known", "_state"), CASES)
def test_what_ends_with_a_latvian_date_ends_with_one_full_stop(number, today, known, _state):
    with override("lv"):
        evidence = stand_of(STEPS[number], facts(today, **known)).evidence

    assert [each for each in evidence if each.endswith("..")] == []


def test_every_step_and_every_state_is_in_the_table():
    assert {number for number, *_rest in CASES} == set(STEPS)
    assert {state for *_rest, state in CASES} == set(State)


@pytest.mark.parametrize("number", ["2", "3", "4", "5", "5.1", "5.2", "6", "7"])
def test_without_an_intake_nothing_but_the_goals_has_a_date(number):
    stand = stand_of(STEPS[number], facts(PLANS_DUE, intake=None))

    assert (stand.state, stand.due_on, stand.open_dates) == (State.NOT_DUE, None, ())


@pytest.mark.parametrize(
    ("number", "due_on"),
    [
        ("1", NEW_YEAR),
        ("2", PLANS_DUE),
        ("3", PLANS_DUE),
        ("4", PLANS_DUE),
        ("7", date(2026, 7, 30)),
    ],
)
def test_a_step_has_its_date(number, due_on):
    stand = stand_of(STEPS[number], facts(NEW_YEAR))

    assert (stand.due_on, stand.open_dates) == (due_on, (due_on,))


def test_what_is_done_has_no_open_date():
    stand = stand_of(STEPS["1"], facts(NEW_YEAR, goals=APPROVED))

    assert (stand.due_on, stand.open_dates) == (NEW_YEAR, ())


@pytest.mark.parametrize(
    ("number", "starts_on", "due_on"),
    [
        ("5.1", date(2026, 3, 31), date(2026, 2, 28)),
        ("5.1", date(2026, 4, 15), date(2026, 3, 15)),
        ("5.2", date(2026, 4, 2), date(2026, 3, 26)),
    ],
)
def test_a_webinar_is_due_a_calendar_month_before_and_an_open_day_a_week(number, starts_on, due_on):
    assert STEPS[number].due.on(starts_on) == due_on


def test_the_evidence_says_what_is_there_in_the_readers_language():
    known = facts(
        PLANS_DUE,
        goals=APPROVED,
        goal_count=6,
        without_target=2,
        webinars=Announcements(2, (unpublished(PLANS_DUE),)),
    )

    with override("en"):
        assert stand_of(STEPS["1"], known).evidence == (
            "6 goals.",
            "2 goals have no target.",
            "Approved on 22 Jan 2026.",
        )
        assert stand_of(STEPS["5.1"], known).evidence == (
            "2 of 3 coming events are published.",
            "Next to publish: Webinar.",
        )
    with override("lv"):
        assert "Vebinārs" in stand_of(STEPS["5.1"], known).evidence[1]


def test_what_is_being_changed_says_which_version_holds_and_why_it_is_opened():
    known = facts(PLANS_DUE + DAY, goal_count=6, goals=changed(Document.Status.DRAFT))

    with override("en"):
        stand = stand_of(STEPS["1"], known)

    assert stand.evidence == (
        "6 goals.",
        "Version 1 was approved on 22 Jan 2026.",
        "Opened for a change: A new programme.",
    )
    assert stand.open_dates == ()
