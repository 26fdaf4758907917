"""What the pages of goals say of what was measured."""

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import Indicator
from goals.standing import standings_of_year
from goals.years import begin_from
from kpi import dashboard
from kpi.pace import Light
from plans.year_and_intake import Period
from tests.factories import make_check_in, make_kpi_channel, make_user, measure
from tests.kpi.making import NOW, TODAY, days, make_aimed, measure_leads, series

pytestmark = pytest.mark.django_db


def standing_of(indicator):
    [found] = standings_of_year([indicator.goal], 2026, TODAY)[indicator.goal_id]
    return found


def words_of(client, address):
    with time_machine.travel(NOW, tick=False):
        page = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_was_measured_is_how_it_stands_where_no_check_in_is_newer(client_for):
    indicator = make_aimed(target=276)
    make_check_in(indicator, on=date(2026, 3, 2), value=100)
    measure_leads()

    standing = standing_of(indicator)

    assert (standing.value, standing.progress) == (138, 50)
    client = client_for(make_user())
    assert "138 measured, 10 Mar 2026" in words_of(client, "/goals/2026/")
    assert "138 measured, 10 Mar 2026" in words_of(client, f"/goals/goal/{indicator.goal_id}/")


def test_a_newer_check_in_is_how_it_stands(client_for):
    indicator = make_aimed(start=0, target=300)
    make_check_in(indicator, on=date(2026, 3, 10), value=150)
    measure_leads(last=date(2026, 3, 9))

    assert standing_of(indicator).value == 150
    assert "150 check-in, 10 Mar 2026" in words_of(client_for(make_user()), "/goals/2026/")


def test_a_check_in_a_day_later_goes_on_from_where_the_measurement_was():
    indicator = make_aimed(start=200, target=276)
    measure_leads()
    measured = standing_of(indicator).progress
    make_check_in(indicator, on=date(2026, 3, 11), value=141)

    assert (measured, standing_of(indicator).progress) == (50, 51)


def test_a_check_in_of_the_same_day_gives_way_to_the_measurement():
    indicator = make_aimed(start=0, target=300)
    make_check_in(indicator, on=date(2026, 3, 10), value=150)
    measure_leads()

    assert standing_of(indicator).value == 138


def test_a_level_goes_its_way_from_its_start():
    indicator = make_aimed("followers", start=1000, target=2000)
    measure(series("followers"), days(date(2026, 3, 1), 10, 1250))

    assert standing_of(indicator).progress == 25


def test_a_level_without_one_of_its_channels_is_not_judged(client_for):
    facebook, instagram = make_kpi_channel(), make_kpi_channel()
    indicator = make_aimed("followers", start=14_000, target=14_500)
    measure(series("followers"), days(date(2026, 1, 1), 59, 10_000), facebook)
    measure(series("followers"), days(date(2026, 1, 1), 69, 4_900), instagram)

    standing = standing_of(indicator)

    assert (standing.value, standing.progress, standing.is_reached) == (4_900, None, False)
    for address in ("/goals/2026/", f"/goals/goal/{indicator.goal_id}/"):
        said = words_of(client_for(make_user()), address)
        assert "a channel is missing" in said
        assert "Reached" not in said
    later = begin_from(indicator.goal.year, 2027, by=make_user(), at=NOW)
    assert [each.start for each in Indicator.objects.filter(goal__year=later)] == [None]


@pytest.mark.parametrize(
    ("key", "fields", "values"),
    [
        ("comments", {"target": 10, "direction": "down"}, days(date(2026, 3, 1), 10, 2)),
        ("comments", {"target": 10, "direction": "down"}, {date(2026, 1, 5): 1}),
        ("comments", {"target": 10, "direction": "down"}, {date(2026, 1, 5): 0}),
        ("attendance_rate", {"target": 60, "start": 50}, {date(2026, 3, 2): 55}),
        ("attendance_rate", {"target": 60, "start": 50}, {date(2026, 3, 2): 65}),
        ("followers", {"target": 2000}, {date(2025, 12, 31): 1000, date(2026, 3, 2): 1250}),
        ("followers", {"target": 2000, "start": 1000}, {date(2026, 3, 2): 2100}),
    ],
)
def test_the_pages_of_goals_and_the_dashboard_judge_alike(key, fields, values):
    indicator = make_aimed(key, **fields)
    measure(series(key), values)

    standing = standing_of(indicator)
    [row] = dashboard.read(Period(2026), TODAY).rows

    assert standing.progress == row.year.share
    assert standing.is_reached == (row.year.pace.light == Light.REACHED)


def test_what_is_to_stay_small_says_how_its_per_cent_is_meant(client_for):
    indicator = make_aimed("comments", target=10, direction="down")
    measure(series("comments"), days(date(2026, 3, 1), 10, 2))

    for address in ("/goals/2026/", f"/goals/goal/{indicator.goal_id}/"):
        said = words_of(client_for(make_user()), address)
        assert "50&nbsp;% the target in per cent of the value" in said


def test_the_page_of_a_goal_leads_to_the_line_of_the_series(client_for):
    indicator = make_aimed()

    page = client_for(make_user()).get(f"/goals/goal/{indicator.goal_id}/").content.decode()

    assert '<a href="/kpi/new_leads/">' in page


def test_the_goals_of_a_year_ask_as_often_for_many_measured_indicators(client_for):
    def count():
        with CaptureQueriesContext(connection) as queries:
            words_of(client, "/goals/2026/")
        return len(queries)

    client = client_for(make_user())
    make_aimed()
    measure_leads()
    few = count()
    for key in ("comments", "reactions", "page_views"):
        make_aimed(key)
        measure(series(key), days(date(2026, 1, 1), 60))

    assert count() == few


def test_a_year_begins_where_the_measurements_of_the_one_before_ended():
    indicator = make_aimed("followers", start=1000, target=2000)
    make_check_in(indicator, on=date(2026, 3, 2), value=1100)
    measure(series("followers"), days(date(2026, 3, 1), 10, 1250))

    year = begin_from(indicator.goal.year, 2027, by=make_user(), at=NOW)

    assert [each.start for each in Indicator.objects.filter(goal__year=year)] == [1250]
