"""Goals that no activity serves, and activities that serve no goal."""

from datetime import date

import pytest

from goals.models import Goal
from plans.models import Activity
from plans.overview import activities_without_goal, goals_nothing_serves
from tests.factories import START, make_event, make_goal, make_year
from tests.plans.making import make_activity, make_intake

pytestmark = pytest.mark.django_db

Category, State = Goal.Category, Activity.State


@pytest.fixture
def intake():
    return make_intake()


@pytest.fixture
def goal():
    return make_goal(make_year(year=2026))


def test_a_goal_is_served_by_what_an_activity_of_the_plan_is_for(intake, goal):
    other = make_goal(goal.year, category=Category.LISTENING)
    make_activity(intake).goals.add(goal)

    assert list(goals_nothing_serves(intake)) == [other]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": State.PROPOSED},
        {"state": State.DECLINED, "reason": "There is no budget."},
        {"state": State.CANCELLED, "reason": "The presenter is ill."},
    ],
)
def test_what_is_not_in_the_plan_serves_nothing_and_needs_no_goal(intake, goal, fields):
    make_activity(intake, **fields).goals.add(goal)
    make_activity(intake, **fields)

    assert list(goals_nothing_serves(intake)) == [goal]
    assert list(activities_without_goal(intake)) == []


def test_an_activity_whose_event_was_cancelled_serves_nothing_any_more(intake, goal):
    off, aimless = make_activity(intake), make_activity(intake)
    off.goals.add(goal)
    for activity in (off, aimless):
        make_event(activity=activity, cancelled_at=START, cancel_reason="The presenter is ill.")

    assert list(goals_nothing_serves(intake)) == [goal]
    assert list(activities_without_goal(intake)) == []


def test_an_activity_without_a_goal_is_named(intake, goal):
    make_activity(intake).goals.add(goal)
    aimless = make_activity(intake)

    assert list(activities_without_goal(intake)) == [aimless]


def test_an_activity_of_another_intake_serves_no_goal_of_this_one(intake, goal):
    autumn = make_intake(season="autumn", begins_on=date(2026, 7, 1), ends_on=date(2026, 12, 31))
    make_activity(autumn).goals.add(goal)

    assert list(goals_nothing_serves(intake)) == [goal]
