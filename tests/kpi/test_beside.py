"""Figures by channel, by person, and two periods side by side."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from goals.models import Series
from kpi import channel_pages, comparison, person_page
from kpi.asked import Asked
from kpi.comparison import Pair
from kpi.models import Channel
from kpi.periods import Period, Span
from tests.factories import make_event, make_task, make_user, measure, riga
from tests.kpi.making import NOW, TODAY, days, make_aimed, measure_leads, series
from tests.plans.making import make_activity, make_intake
from work.models import Task

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY = (
    Period(date(2026, 1, 1), date(2026, 1, 31)),
    Period(date(2026, 2, 1), date(2026, 2, 28)),
)


@pytest.fixture
def page(client_for):
    client = client_for(make_user())

    def get(address):
        with time_machine.travel(NOW, tick=False):
            return client.get(address)

    return get


def facebook():
    return Channel.objects.get(key="facebook")


def count(page, address):
    with CaptureQueriesContext(connection) as queries:
        assert page(address).status_code == 200
    return len(queries)


# Two periods


def test_two_periods_stand_side_by_side_with_their_difference():
    measure_leads(date(2026, 1, 1), date(2026, 1, 31), 2)
    measure_leads(date(2026, 2, 1), date(2026, 2, 28), 4)

    [leads] = [
        row
        for row in comparison.compared(Pair(JANUARY, FEBRUARY), None, TODAY)
        if row.series.key == "new_leads"
    ]

    assert (leads.first.value, leads.second.value, leads.difference) == (62, 112, 50)
    assert round(leads.change, 1) == Decimal("80.6")


def test_what_one_of_them_lacks_is_not_compared():
    measure_leads(date(2026, 1, 1), date(2026, 1, 31))

    [leads] = [
        row
        for row in comparison.compared(Pair(JANUARY, FEBRUARY), None, TODAY)
        if row.series.key == "new_leads"
    ]

    assert (leads.second.value, leads.difference, leads.change) == (None, None, None)


def test_the_running_intake_is_compared_with_as_many_days_of_the_one_a_year_before():
    make_intake(year=2025, begins_on=date(2025, 1, 13), ends_on=date(2025, 6, 29))
    make_intake(begins_on=date(2026, 1, 12), ends_on=date(2026, 6, 30))

    pair = comparison.usual(TODAY)[-1]

    assert (pair.second.first, pair.second.last) == (date(2026, 1, 12), date(2026, 3, 10))
    assert pair.first.length == pair.second.length == 58


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_the_usual_pairs_are_over_whatever_the_day(day):
    for pair in comparison.usual(day)[:4]:
        assert pair.first.first < pair.second.first <= pair.second.last < day


def test_the_page_of_two_periods_takes_what_it_is_asked(page):
    measure_leads()

    said = page(
        "/kpi/compare/?a_first=2026-01-01&a_last=2026-01-31&b_first=2026-02-01&b_last=2026-02-28"
    ).content.decode()

    assert "<span>-6</span>" in said
    address = (
        "/kpi/compare/?a_first=2026-03-01&a_last=2026-03-09&b_first=2026-03-08&b_last=2026-03-20"
    )
    rows = page(f"{address}&as=csv").content.decode("utf-8-sig").splitlines()
    assert [row for row in rows if row.startswith("New leads")] == [
        "New leads;people;18.00;6.00;-12.00;-66.7;so far"
    ]
    assert page("/kpi/compare/?a_first=2026-01-31&a_last=2026-01-01&b_first=x").status_code == 200


# By channel


def test_a_channel_shows_what_was_measured_on_it():
    measure(series("followers"), days(date(2026, 2, 1), 38, 500), facebook())
    measure(series("followers"), days(date(2026, 2, 1), 38, 70), Channel.objects.get(key="other"))

    row, growth = channel_pages.on_channel(facebook(), Span.MONTH, TODAY)

    complete, running = row.complete.figure, row.running.figure
    assert (complete.value, running.value, running.is_so_far) == (500, 500, True)
    assert growth.running.figure.value == 0


def test_a_channel_stands_beside_what_it_was_a_year_before(page):
    measure(series(), days(date(2026, 2, 1), 38, 3), facebook())
    measure(series(), days(date(2025, 2, 1), 59, 2), facebook())

    [row] = channel_pages.on_channel(facebook(), Span.MONTH, TODAY)

    assert [(each.figure.value, each.before.value) for each in row.entries] == [(84, 56), (30, 20)]
    said = page("/kpi/channels/figures/?channel=facebook&as=csv").content.decode("utf-8-sig")
    assert said.splitlines() == [
        "Series;Unit;February 2026;A year before;Remark;"
        "March 2026, so far;The same days a year before;Remark",
        "New leads;people;84.00;56.00;;30.00;20.00;so far",
    ]


def test_a_series_has_a_line_for_each_channel(page):
    measure(series("followers"), days(date(2026, 3, 9), 2, 500), facebook())
    measure(series("followers"), days(date(2026, 3, 9), 1, 70), Channel.objects.get(key="other"))

    said = page("/kpi/followers/channels/?span=day&first=2026-03-09&last=2026-03-10")
    script = re.search(r'<script id="chart"[^>]*>(.*?)</script>', said.content.decode())
    lines = {line["name"]: line["values"] for line in json.loads(script.group(1))["lines"]}

    assert lines == {"Facebook": [500, 500], "Other": [70, None]}


def test_a_series_that_was_never_measured_by_channel_says_so(page):
    measure_leads()

    assert "This was not measured by channel" in page("/kpi/new_leads/channels/").content.decode()


def test_the_sum_of_the_channels_is_all_of_them():
    for number, channel in enumerate(Channel.objects.all(), start=1):
        measure(series(), days(date(2026, 3, 1), 5, number), channel)

    asked = Asked(Span.DAY, date(2026, 3, 1), date(2026, 3, 5))
    found = channel_pages.by_channel(series(), asked, TODAY)

    for together, of_each in found.rows:
        assert together.figure.value == sum(each.figure.value for _channel, each in of_each)


def test_a_series_by_channel_has_the_year_before_and_says_where_a_channel_is_missing(page):
    other = Channel.objects.get(key="other")
    for year in (2025, 2026):
        measure(series(), days(date(year, 1, 1), 59, year - 2023), facebook())
        measure(series(), days(date(year, 1, 1), 31, 1), other)
    address = "/kpi/new_leads/channels/?span=month&first=2026-01-01&last=2026-02-28"

    said = page(f"{address}&as=csv").content.decode("utf-8-sig")

    assert said.splitlines()[1:] == [
        "January 2026;93.00;62.00;31.00;31.00;124.00;93.00;",
        "February 2026;84.00;56.00;no data;no data;84.00;56.00;incomplete",
    ]
    shown = page(address).content.decode()
    assert '<span class="visually-hidden">A year before: </span>56</span>' in shown
    assert shown.count("incomplete</span>") == 1


def test_the_pages_by_channel_ask_as_often_for_many_as_for_one(page):
    addresses = ["/kpi/channels/figures/", "/kpi/new_leads/channels/", "/kpi/compare/"]
    measure(series(), days(date(2026, 3, 1), 5), facebook())
    measure(series("followers"), days(date(2026, 3, 1), 5), facebook())
    few = [count(page, address) for address in addresses]
    for channel in Channel.objects.all():
        for each in Series.objects.entered():
            measure(each, days(date(2026, 2, 1), 30), channel)

    assert [count(page, address) for address in addresses] == few


# By person


def make_served(person, *, done_at=None, due_on=date(2026, 3, 5), **fields):
    """Make a task of somebody whose event serves the goal of new leads."""
    indicator = fields.pop("indicator", None) or make_aimed()
    activity = make_activity(fields.pop("intake", None) or make_intake())
    activity.goals.add(indicator.goal)
    event = make_event(activity=activity)
    task = make_task(event=event, assignee=person, due_on=due_on, **fields)
    if done_at:
        task.complete(by=person, at=done_at)
    return indicator


def sheet_of(person):
    [sheet] = person_page.sheets([person], 2026, None, TODAY)
    return sheet


def test_tasks_lead_to_the_indicators_of_the_goals_their_events_serve():
    person = make_user(role=Role.SPECIALIST)
    indicator = make_served(person, done_at=riga(2026, 3, 5, 23, 30))
    other = make_aimed("comments")

    [tied] = sheet_of(person).tied

    assert tied.row.indicator == indicator
    assert (tied.is_owner, tied.tasks.on_time, tied.tasks.all) == (False, 1, 1)
    assert sheet_of(other.owner).tied[0].is_owner


@pytest.mark.parametrize(
    ("done_at", "due_on", "outcome"),
    [
        (riga(2026, 3, 5, 23, 59), date(2026, 3, 5), "on_time"),
        (riga(2026, 3, 6, 0, 1), date(2026, 3, 5), "late"),
        (None, date(2026, 3, 10), "overdue"),
        (None, date(2026, 3, 11), "open"),
    ],
)
def test_a_task_is_on_time_until_the_midnight_of_riga(done_at, due_on, outcome):
    person = make_user(role=Role.SPECIALIST)
    make_served(person, done_at=done_at, due_on=due_on)

    assert dict(sheet_of(person).tasks.of) == {outcome: 1}


def test_a_day_that_is_moved_after_the_tick_changes_nothing():
    person = make_user(role=Role.SPECIALIST)
    make_served(person, done_at=riga(2026, 3, 6, 12))
    Task.objects.update(due_on=date(2026, 3, 9))

    assert dict(sheet_of(person).tasks.of) == {"late": 1}


def test_a_task_of_a_role_counts_as_whoever_ticked_it():
    person = make_user(role=Role.SPECIALIST)
    make_served(None)
    Task.objects.get().complete(by=person, at=riga(2026, 3, 5, 12))

    assert dict(sheet_of(person).tasks.of) == {"on_time": 1}


def test_tasks_without_an_event_count_but_lead_nowhere():
    person = make_user(role=Role.SPECIALIST)
    make_aimed()
    make_task(assignee=person, due_on=TODAY - timedelta(days=1))

    sheet = sheet_of(person)

    assert (sheet.tied, sheet.tasks.overdue) == ([], 1)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.DIRECTOR, 200),
        (Role.MARKETING_HEAD, 200),
        (Role.PROJECT_MANAGER, 404),
        (Role.SPECIALIST, 404),
        (Role.UNIT_HEAD, 404),
    ],
)
def test_somebodys_figures_are_for_the_person_the_head_and_the_director(client_for, role, status):
    person = make_user(role=Role.SPECIALIST)

    assert client_for(make_user(role=role)).get(f"/kpi/people/{person.pk}/").status_code == status
    assert client_for(person).get(f"/kpi/people/{person.pk}/").status_code == 200


def test_who_may_not_see_everybody_is_led_to_the_own_figures(client_for):
    person = make_user(role=Role.SPECIALIST)

    answer = client_for(person).get("/kpi/people/")

    assert answer.headers["Location"] == f"/kpi/people/{person.pk}/"


def test_the_pages_of_people_ask_as_often_for_many_as_for_one(page):
    intake = make_intake()
    person = make_user(role=Role.SPECIALIST)
    indicator = make_served(person, intake=intake)
    measure_leads()
    addresses = ["/kpi/people/", f"/kpi/people/{person.pk}/"]
    few = [count(page, address) for address in addresses]
    for _number in range(4):
        make_served(make_user(role=Role.SPECIALIST), intake=intake, indicator=indicator)
        make_served(person, intake=intake, indicator=make_aimed())

    assert [count(page, address) for address in addresses] == few


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_each_page_comes_as_a_file(page, form):
    person = make_user(role=Role.SPECIALIST)
    make_served(person)
    measure(series(), days(date(2026, 3, 1), 5), facebook())

    for address in (
        "/kpi/",
        "/kpi/new_leads/",
        "/kpi/new_leads/channels/",
        "/kpi/channels/figures/",
        "/kpi/compare/",
        f"/kpi/people/{person.pk}/",
    ):
        with override("en"):
            answer = page(f"{address}?as={form}")
        name = answer.headers["Content-Disposition"]
        assert name.endswith(f'-2026-03-11.{form}"'), (address, name)
