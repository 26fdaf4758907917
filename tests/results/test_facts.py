"""What a results page tells of an intake, part by part."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from events import changes
from events.models import Event
from goals.models import Indicator, Series
from kpi import aims, channel_pages, person_page
from kpi.asked import Asked
from kpi.periods import Span
from kpi.words import value_words
from plans.local_time import local_day
from plans.models import IntakeTarget
from plans.overview import money_of
from results import evaluations, page, report
from results.facts import indicators
from results.facts import own as own_facts
from results.facts.content import table_of, value_of
from results.facts.scope import Scope
from results.models import PlannedResult
from tests.factories import (
    START,
    make_check_in,
    make_event,
    make_indicator,
    make_kpi_channel,
    make_offer,
    make_reading,
    make_series,
    make_task,
    make_user,
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


def exceptions_of(intake):
    """Give what became of each activity that did not go as planned, and why."""
    exceptions = table_of(page.read(intake, NOW), "exceptions")
    return {
        row["label"]["en"]: (row["values"]["what"]["en"], row["values"]["reason"])
        for row in exceptions["rows"]
    }


def outcomes_of(intake):
    content = page.read(intake, NOW)
    columns = ("done", "cancelled", "moved", "unsaid", "ahead")
    return {
        column: count
        for column in columns
        if (count := value_of(content, "activities", "total", column))
    }


def test_an_activity_whose_event_was_cancelled_is_cancelled_for_its_reason():
    intake = make_intake()
    cancelled, done = make_activity(intake, title="Off"), make_activity(intake, title="On")
    make_event(activity=cancelled, cancelled_at=START, cancel_reason="The presenter is ill.")
    make_event(activity=done)

    assert outcomes_of(intake) == {"done": 1, "cancelled": 1}
    assert exceptions_of(intake) == {"Off": ("Cancelled", "The presenter is ill.")}


def test_a_series_of_which_one_event_was_cancelled_took_place_in_part():
    intake = make_intake()
    weekly = make_activity(intake, title="Weekly", last_on=date(2026, 3, 25))
    make_event(activity=weekly)
    make_event(activity=weekly, cancelled_at=START, cancel_reason="A holiday.")

    assert outcomes_of(intake) == {"done": 1}
    assert exceptions_of(intake) == {"Weekly": ("Cancelled in part", "A holiday.")}


def test_what_was_noted_as_done_although_its_event_was_cancelled_has_no_other_in_its_place():
    intake = make_intake()
    done = make_activity(intake, title="Done")
    make_event(activity=done, cancelled_at=START, cancel_reason="Held in the hall.")
    done.finish()

    assert outcomes_of(intake) == {"done": 1}
    assert exceptions_of(intake) == {
        "Done": ("Noted as done, but its event was cancelled", "Held in the hall.")
    }


def test_an_event_that_was_made_anew_took_place_whole_and_was_not_moved():
    intake = make_intake()
    webinar = make_activity(intake, title="Webinar")
    make_event(activity=webinar, cancelled_at=START, cancel_reason="The room was wrong.")
    make_event(activity=webinar)

    assert outcomes_of(intake) == {"done": 1}
    assert exceptions_of(intake) == {
        "Webinar": ("Cancelled, with another event in its place", "The room was wrong.")
    }


def test_a_moved_event_is_told_with_its_reason():
    intake, later = make_intake(), START + timedelta(days=7)
    event = make_event(activity=make_activity(intake, title="Moved"))
    changes.move(
        *(event, later, later + timedelta(hours=1)),
        by_id=make_user().pk,
        now=START - timedelta(days=3),
        reason="The hall was taken.",
    )

    assert outcomes_of(intake) == {"done": 1, "moved": 1}
    assert exceptions_of(intake) == {"Moved": ("Moved", "The hall was taken.")}


def test_an_activity_of_the_past_without_events_is_to_be_asked_about():
    intake = make_intake()
    make_activity(intake, title="Fair")
    make_event(activity=make_activity(intake, title="To come"), starts_at=NOW + timedelta(days=1))

    assert outcomes_of(intake) == {"unsaid": 1, "ahead": 1}
    assert exceptions_of(intake) == {"Fair": ("Past, nothing said", "")}


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


def test_results_figures_and_the_form_count_a_person_s_tasks_alike():
    intake = make_finished_intake()
    inga, head = User.objects.get(full_name="Inga"), make_user()
    for number in range(3):
        task = make_task(due_on=date(2026, 5, 4 + number))
        task.complete(by=inga, at=riga(2026, 5, 5, 12))
    evaluation = evaluations.begin(intake, inga, by=head, at=NOW)
    PlannedResult.objects.create(evaluation=evaluation, text="Tasks", source="tasks", weight=100)

    content = page.read(intake, NOW)
    [sheet] = person_page.sheets([inga], 2026, intake, local_day(NOW))
    evaluations.fill_in(evaluation, NOW)

    columns = ("on_time", "late", "missed", "overdue")
    there = tuple(value_of(content, "tasks", str(inga.pk), column) for column in columns)
    assert there == tuple(getattr(sheet.tasks, column) for column in columns) == (3, 2, 0, 0)
    [own] = own_facts.read(Scope(intake, NOW), inga)[-1].rows
    assert own.values["on_time"] == 3
    said = "3 of 5 tasks done on time (60\xa0%), 2 late, 0 missed."
    assert evaluation.results.get().filled_in["en"] == said
    assert value_of(content, "tasks", "nobody", "overdue") == 1


def test_what_was_spent_on_a_cancelled_activity_is_spent():
    content = page.read(make_finished_intake(), NOW)

    assert value_of(content, "money", "total", "spent") == "180"
    assert value_of(content, "money", "cancelled", "spent") == "30"


def test_what_was_planned_for_a_cancelled_activity_stays_planned():
    intake = make_finished_intake()
    intake.activities.filter(state="cancelled").update(budget_planned=1000, expected_leads=50)

    content = page.read(intake, NOW)
    kinds, total = money_of(intake)

    def told(row):
        return [value_of(content, "money", row, key) for key in ("planned", "spent")]

    assert (told("cancelled"), told("total")) == (["1000", "30"], ["1200", "180"])
    assert value_of(content, "money", "total", "expected_leads") == 40
    assert [(each.kind, each.planned, each.spent) for each in kinds] == [
        ("open_day", 200, 150),
        ("cancelled", 1000, 30),
    ]
    assert (total.planned, total.spent, total.leads) == (1200, 180, 40)


def test_an_activity_whose_event_was_cancelled_is_cancelled_in_its_money_too():
    intake = make_intake()
    money = {"budget_planned": 100, "budget_spent": 20, "expected_leads": 30}
    off, on, done, again, _without_event = (make_activity(intake, **money) for _ in range(5))
    make_event(activity=off, cancelled_at=START, cancel_reason="The presenter is ill.")
    make_event(activity=on)
    make_event(activity=done, cancelled_at=START, cancel_reason="Held in the hall instead.")
    done.finish()
    make_event(activity=again, cancelled_at=START, cancel_reason="The room was wrong.")
    make_event(activity=again)

    content = page.read(intake, NOW)
    kinds, total = money_of(intake)

    assert value_of(content, "activities", "total", "cancelled") == 1
    assert value_of(content, "money", "cancelled", "planned") == "100"
    assert [(each.kind, each.count, each.planned, each.spent, each.leads) for each in kinds] == [
        ("free_webinar", 4, 400, 80, 120),
        ("cancelled", 1, 100, 20, 0),
    ]
    assert (total.count, total.planned, total.leads) == (5, 500, 120)


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


def test_nothing_is_measured_twice_for_an_indicator_without_a_target_of_the_intake():
    intake = make_finished_intake()
    leads = Series.objects.get(key="new_leads")
    make_indicator(series=leads)
    measure(leads, {date(2026, 3, day): 10 for day in (1, 2, 3)})

    with CaptureQueriesContext(connection) as queries:
        table = indicators.of_goals(Scope(intake, NOW))

    statements = [each["sql"] for each in queries]
    assert [row.values["reached"] for row in table.rows] == [30]
    assert len(set(statements)) == len(statements)


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
        sum(each.figure.value for each in column) for column in found.columns
    ]
    assert told("all") == sum(each.figure.value for each in found.together) == 190 * 3


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


def goal_row(content, indicator):
    rows = table_of(content, "goals")["rows"]
    return next(each for each in rows if each["extra"]["indicator"] == indicator.pk)


@pytest.mark.parametrize(
    ("start", "progress"), [(Decimal(0), 110), (Decimal(5), 111), (None, None)]
)
def test_a_check_in_is_told_against_the_target_of_the_intake(start, progress):
    intake = make_finished_intake()
    indicator = make_indicator(start=start, target=Decimal(100))
    IntakeTarget.objects.create(intake=intake, indicator=indicator, target=Decimal(50))
    make_check_in(indicator, on=date(2026, 6, 30), value=Decimal(55))
    make_check_in(indicator, on=date(2026, 7, 1), value=Decimal(49))

    [on_dashboard] = aims.rows_of(
        list(Indicator.objects.select_related("goal", "series__growth_of")),
        *(2026, intake, local_day(NOW)),
    )
    row = goal_row(page.read(intake, NOW), indicator)

    part = on_dashboard.intake
    assert (part.reached.value, part.aim.target, part.share) == (55, 50, progress)
    assert (part.pace.light, part.check_in.value) == ("reached", 55)
    assert (row["values"]["reached"], row["values"]["target"]) == ("55", "50")
    assert (row["values"]["progress"], row["extra"]["light"]) == (progress, "reached")


def test_a_check_in_without_a_target_of_the_intake_is_told_against_the_year_s():
    intake = make_finished_intake()
    indicator = make_indicator(start=Decimal(0), target=Decimal(100))
    make_check_in(indicator, on=date(2026, 5, 4), value=Decimal(60))

    row = goal_row(page.read(intake, NOW), indicator)

    values = row["values"]
    assert (values["target"], values["reached"], values["progress"]) == (None, "60", 60)
    assert row["extra"]["light"] == "no_target"


def make_measured_for(case, intake):
    """Make an indicator of each kind with a target of the intake, and a year of its numbers."""
    days = [date(2025, 12, 1) + timedelta(days=day) for day in range(212)]
    if case == "check-in":
        indicator = make_indicator(start=Decimal(0), target=Decimal(900), unit="minutes")
        make_check_in(indicator, on=date(2026, 5, 4), value=Decimal("45.5"))
    else:
        key, unit, values = {
            "flow": ("new_leads", "people", [number % 3 for number, _day in enumerate(days)]),
            "average": ("engagement", "percent", [number % 7 + 5 for number, _ in enumerate(days)]),
            "stock": ("followers", "people", [700 + 3 * number for number, _ in enumerate(days)]),
            "growth": ("followers", "people", [700 + number for number, _ in enumerate(days)]),
            "growth in %": (
                "followers",
                "percent",
                [700 + number for number, _ in enumerate(days)],
            ),
        }[case]
        measured = Series.objects.get(key=key)
        measure(measured, dict(zip(days, values, strict=True)))
        aimed = Series.objects.get(growth_of=measured) if "growth" in case else measured
        indicator = make_indicator(series=aimed, unit=unit, start=None, target=Decimal(90))
    IntakeTarget.objects.create(intake=intake, indicator=indicator, target=Decimal("60.5"))
    return indicator


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("flow", "169"),
        ("average", "7.97\xa0%"),
        ("stock", "1\xa0333"),
        ("growth", "170"),
        ("growth in %", "22.94\xa0%"),
        ("check-in", "45.50\xa0min"),
    ],
)
def test_a_figure_is_written_as_on_the_dashboard(case, said, language, client_for):
    intake = make_finished_intake()
    indicator = make_measured_for(case, intake)

    with override(language), time_machine.travel(NOW, tick=False):
        drawn = page.draw(page.read(intake, NOW))
        dashboard = client_for(make_user(language=language)).get(
            reverse("kpi:dashboard"), {"period": "2026-spring"}
        )
        [there] = [
            value_words(indicator.unit, each.intake.reached.value)
            for each in dashboard.context["dashboard"].rows
            if each.indicator == indicator
        ]

    [row] = [each for each in drawn.goals.rows if each.label == indicator.label(language)]
    assert row.cells[1].words == there
    assert there == (said if language == "en" else said.replace(".", ","))
    assert there in dashboard.content.decode()


def test_missing_days_are_told_wherever_a_figure_stands():
    intake = make_finished_intake()
    series = Series.objects.get(key="new_leads")
    indicator = make_indicator(series=series)
    IntakeTarget.objects.create(intake=intake, indicator=indicator, target=Decimal(60))
    measure(series, {date(2026, 3, day): 10 for day in (2, 4)})

    with override("en"):
        drawn = page.draw(page.read(intake, NOW))

    def marked(part):
        rows = [*part.rows, *([part.total] if part.total else [])]
        return [cell.column for row in rows for cell in row.cells if cell.is_incomplete]

    parts = {part.key: marked(part) for part in drawn.parts if marked(part)}
    assert parts == {
        "goals": ["Reached", "Reached in the year"],
        "channels": ["All together"],
        "money": ["New leads"],
    }
    assert drawn.lines[1].text.endswith("Some days are missing.")
    with override("en"):
        assert report.printed(drawn.goals.rows[0])[2] == "20\nsome days are missing"
