"""What a new year begins with, from the process or from the year before."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role
from goals import years
from goals.models import Goal, Indicator, Series, Year
from tests.factories import (
    make_check_in,
    make_goal,
    make_indicator,
    make_unit,
    make_user,
    make_year,
    riga,
)

pytestmark = pytest.mark.django_db

NOW = riga(2026, 1, 12, 10)


def test_a_year_begins_with_the_six_categories_of_the_process_in_its_order():
    head = make_user()

    year = years.begin(2026, by=head, at=NOW)

    goals = list(year.goals.all())
    assert [goal.category for goal in goals] == list(Goal.Category)
    assert [goal.title for goal in goals][:2] == [
        "Veicināt līdu ģenerēšanu",
        "Veidot attiecības ar potenciālajiem un esošajiem klientiem",
    ]
    assert goals[0].label("en") == "Promote lead generation"
    assert {goal.owner for goal in goals} == {head}
    assert year.document.is_open


def test_a_year_begins_with_an_indicator_of_everything_that_step_6_measures():
    years.begin(2026, by=make_user(), at=NOW)

    indicators = Indicator.objects.all()
    assert {each.series.key for each in indicators} == {
        "followers",
        "followers_growth",
        "home_page_traffic",
        "new_leads",
        "video_views",
        "reactions",
        "comments",
    }
    assert {each.unit == each.series.unit for each in indicators} == {True}
    assert {(each.start, each.target) for each in indicators} == {(None, None)}
    assert {each.goal.category for each in indicators} == set(Goal.Category)


def test_there_is_each_year_once():
    years.begin(2026, by=make_user(), at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        years.begin(2026, by=make_user(), at=NOW)
    assert Goal.objects.count() == 6


def test_a_year_from_the_one_before_has_its_goals_and_starts_where_that_ended():
    head, specialist = make_user(), make_user(role=Role.SPECIALIST)
    earlier = make_year(2025, strategy_title="Strategy 2025", strategy_url="https://a.example")
    later = make_goal(earlier, title="Second", position=2)
    goal = make_goal(earlier, title="First", position=1, description="Why", owner=head)
    leads = make_indicator(
        goal, owner=specialist, series=Series.objects.get(key="new_leads"), position=2
    )
    silent = make_indicator(goal, name="Nobody looked", position=1)
    make_check_in(leads, on=date(2025, 12, 30), value=Decimal(170))
    make_check_in(leads, on=date(2025, 6, 1), value=Decimal(130))

    year = years.begin_from(earlier, 2026, by=head, at=NOW)

    copied = list(year.goals.all())
    assert [each.title for each in copied] == ["First", "Second"]
    assert (copied[0].description, copied[0].owner, copied[0].revision) == ("Why", head, 1)
    assert (year.strategy_title, year.strategy_url) == ("Strategy 2025", "https://a.example")
    assert year.document.is_open
    assert year.document != earlier.document
    first, second = copied[0].indicators.all()
    assert (first.name, first.start, first.target, first.previous) == (
        "Nobody looked",
        None,
        None,
        silent,
    )
    assert (second.start, second.target, second.previous) == (Decimal(170), None, leads)
    assert (second.owner, second.series, second.direction) == (specialist, leads.series, "up")
    assert second.check_ins.count() == 0
    assert list(earlier.goals.all()) == [goal, later]


def test_the_current_year_is_the_one_today_is_in():
    year = make_year(2026)

    assert Year.objects.current(date(2026, 12, 31)) == year
    assert Year.objects.current(date(2027, 1, 1)) is None


def test_whoever_may_sign_in_sees_all_goals_and_nobody_else():
    goal = make_indicator().goal
    head_of_unit = make_user(role=Role.UNIT_HEAD, unit=make_unit())

    assert list(Goal.objects.visible_to(head_of_unit)) == [goal]
    assert list(Year.objects.visible_to(head_of_unit)) == [goal.year]
    assert not Goal.objects.visible_to(make_user(is_active=False)).exists()
    assert not Year.objects.visible_to(make_user(is_active=False)).exists()
