"""What a results page tells of an intake, part by part."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from events.models import Event
from goals.models import Indicator, Series
from kpi import aims, channel_pages
from kpi.asked import Asked
from kpi.periods import Span
from plans.local_time import local_day
from plans.models import IntakeTarget
from results import page
from results.facts.content import table_of, value_of
from tests.factories import (
    make_check_in,
    make_indicator,
    make_kpi_channel,
    make_offer,
    make_reading,
    make_series,
    measure,
    riga,
)
from tests.plans.making import make_activity, make_intake
from tests.results.making import NOW, make_finished_intake

pytestmark = pytest.mark.django_db
BEFORE = riga(2025, 11, 1, 18)


def test_activities_are_counted_by_what_became_of_them():
    content = page.read(make_finished_intake(), NOW)

    def total(column):
        return value_of(content, "activities", "total", column)

    assert (total("planned"), total("done"), total("cancelled"), total("moved")) == (2, 1, 1, 1)


def test_what_did_not_go_as_planned_is_named_with_its_reason():
    content = page.read(make_finished_intake(), NOW)

    exceptions = next(each for each in content["tables"] if each["key"] == "exceptions")

    told = {row["label"]["en"]: row["values"]["reason"] for row in exceptions["rows"]}
    assert told["Conference"] == "Too few speakers."
    assert len(told) == 2


def test_an_intake_without_events_has_no_way_to_enrolment():
    intake = make_finished_intake()
    intake.activities.get(kind="open_day").events.update(activity=None, starts_at=BEFORE)

    content = page.read(intake, NOW)

    assert table_of(content, "funnels")["rows"] == []


def test_the_way_to_enrolment_counts_each_step_once():
    content = page.read(make_finished_intake(), NOW)

    def people(step):
        return value_of(content, "funnels", step, "open_day")

    assert (people("events"), people("registered"), people("joined"), people("leads")) == (
        *(1, 2, 1, 7),
    )
    assert people("enrolled") is None


@pytest.mark.parametrize(
    ("offer", "opened"), [({"url": "https://college.example.org/offer"}, 0), ({"url": ""}, None)]
)
def test_where_no_event_had_an_offer_nobody_knows_who_would_have_opened_it(offer, opened):
    intake = make_finished_intake()
    Event.objects.update(offer=make_offer(**offer))

    content = page.read(intake, NOW)

    assert value_of(content, "funnels", "opened", "open_day") == opened


def test_what_came_to_nought_on_a_channel_was_measured():
    intake, series = make_finished_intake(), make_series(key="complaints")
    measure(series, {date(2026, 3, 2): 0})

    content = page.read(intake, NOW)

    assert value_of(content, "channels", "complaints", "all") == "0"


def test_tasks_are_counted_by_whose_they_were():
    content = page.read(make_finished_intake(), NOW)

    counted = {
        row["label"]["en"]: (
            row["values"]["on_time"],
            row["values"]["late"],
            row["values"]["share"],
        )
        for row in table_of(content, "tasks")["rows"]
    }

    assert counted == {"Inga": (1, 1, 50), "nobody yet": (0, 0, 0)}


def test_what_was_spent_on_a_cancelled_activity_is_spent():
    content = page.read(make_finished_intake(), NOW)

    assert value_of(content, "money", "total", "spent") == "180"
    assert value_of(content, "money", "cancelled", "spent") == "30"


def test_a_lead_costs_what_was_spent_by_the_leads_that_were_measured():
    intake = make_finished_intake()
    measure(Series.objects.get(key="new_leads"), {date(2026, 3, day): 10 for day in (1, 2, 3)})

    content = page.read(intake, NOW)

    assert value_of(content, "money", "total", "leads") == "30"
    assert value_of(content, "money", "total", "cost_per_lead") == "6"


def test_the_same_intake_a_year_before_stands_beside():
    intake = make_finished_intake()
    make_activity(make_intake(year=2025, begins_on=date(2025, 1, 13), ends_on=date(2025, 6, 30)))

    drawn = page.draw(page.read(intake, NOW))

    activities = next(part for part in drawn.parts if part.key == "activities")
    assert next((cell.words, cell.before) for cell in activities.total.cells) == ("2", "1")


def test_results_and_the_dashboard_tell_the_same_of_every_indicator():
    intake = make_finished_intake()
    series = Series.objects.get(key="new_leads")
    indicator = make_indicator(series=series, target=Decimal(90), start=None)
    IntakeTarget.objects.create(intake=intake, indicator=indicator, target=Decimal(60))
    measure(series, {date(2026, 1, 12) + timedelta(days=day): day % 3 for day in range(170)})

    [on_dashboard] = aims.rows_of(
        list(Indicator.objects.select_related("goal", "series__growth_of")),
        *(2026, intake, local_day(NOW)),
    )
    content = page.read(intake, NOW)

    reached = value_of(content, "goals", "series-new_leads", "reached")
    assert Decimal(reached) == on_dashboard.intake.reached.value == 168 + 1
    assert value_of(content, "goals", "series-new_leads", "progress") == on_dashboard.intake.share
    assert value_of(content, "money", "total", "leads") == reached


@pytest.mark.parametrize(
    ("measured", "light", "progress", "reaches_the_mark"),
    [
        (8, "reached", 125, True),
        (10, "reached", 100, True),
        (15, "missed", 67, False),
        (0, "reached", None, True),
    ],
)
def test_where_less_is_better_the_bar_reaches_the_mark_only_when_the_target_is_reached(
    measured, light, progress, reaches_the_mark
):
    intake, series = make_finished_intake(), make_series(key="complaints")
    indicator = make_indicator(series=series, target=Decimal(20), start=None, direction="down")
    IntakeTarget.objects.create(intake=intake, indicator=indicator, target=Decimal(10))
    measure(series, {date(2026, 3, 2): measured})

    [row] = page.draw(page.read(intake, NOW)).goals.rows

    assert (row.light, row.extra["progress"]) == (light, progress)
    assert (row.length >= 100 / 1.2) is reaches_the_mark


def test_results_and_the_channel_pages_tell_the_same_of_every_channel():
    intake, series = make_finished_intake(), Series.objects.get(key="new_leads")
    channels = [make_kpi_channel(), make_kpi_channel()]
    for number, channel in enumerate(channels, start=1):
        values = {date(2026, 2, day): number * day for day in range(1, 20)}
        measure(series, values, channel, reading=make_reading())

    asked = Asked(Span.YEAR, date(2026, 1, 1), date(2026, 12, 31))
    found = channel_pages.by_channel(series, asked, local_day(NOW))
    content = page.read(intake, NOW)

    def told(column):
        return Decimal(value_of(content, "channels", "new_leads", column))

    assert [told(each.key) for each in channels] == [
        sum(figure.value for figure in column) for column in found.columns
    ]
    assert told("all") == sum(figure.value for figure in found.together) == 190 * 3


def test_what_is_only_reported_has_a_line_too():
    intake = make_finished_intake()
    indicator = make_indicator(series=None)
    for day, value in ((date(2026, 1, 14), 10), (date(2026, 2, 3), 30), (date(2026, 2, 5), 40)):
        make_check_in(indicator, on=day, value=Decimal(value))

    [row] = table_of(page.read(intake, NOW), "goals")["rows"]

    line = [value and Decimal(value) for value in row["extra"]["line"]]
    assert line[:5] == [10, 10, 10, 40, None]
    assert len(line) == 25
    assert set(line[4:]) == {None}
