"""The dashboard: every indicator against its targets, and what it says where nothing is known."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import Role
from goals.models import Series
from kpi import dashboard
from kpi.pace import Light
from kpi.periods import Span
from plans.models import IntakeTarget
from plans.year_and_intake import Period
from tests.factories import (
    make_check_in,
    make_goal,
    make_indicator,
    make_kpi_channel,
    make_user,
    measure,
    riga,
)
from tests.kpi.making import NOW, TODAY, days, make_aimed, measure_leads, series
from tests.plans.making import make_intake

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client_for):
    """Give the dashboard as a specialist gets it, on 11 March."""
    client = client_for(make_user(role=Role.SPECIALIST))

    def get(address="/kpi/"):
        with time_machine.travel(NOW, tick=False):
            return client.get(address)

    return get


def row_of(indicator, intake=None):
    [row] = dashboard.read(Period(2026, intake), TODAY).rows
    assert row.indicator == indicator
    return row


def test_what_adds_up_is_judged_on_the_last_day_that_has_a_value():
    indicator = make_aimed(target=730)
    measure_leads(last=date(2026, 3, 9))

    year = row_of(indicator).year

    assert (year.reached.value, year.reached.on) == (136, date(2026, 3, 9))
    assert year.pace.expected == 136
    assert year.pace.light == Light.ON_PACE


def test_a_level_is_judged_on_its_way_from_the_start():
    indicator = make_aimed("followers", start=1000, target=1365)
    measure(series("followers"), days(date(2026, 1, 1), 69, 1010))

    year = row_of(indicator).year

    assert (year.pace.expected, year.reached.value) == (1069, 1010)
    assert year.pace.light == Light.FAR_BEHIND


def test_growth_can_be_asked_for_in_per_cent():
    indicator = make_aimed("followers_growth", target=10, unit="percent")
    measure(series("followers"), {date(2025, 12, 31): 1000, date(2026, 3, 10): 1030})

    assert row_of(indicator).year.reached.value == 3


def test_growth_in_per_cent_is_of_the_channels_whose_level_was_known_at_the_beginning():
    indicator = make_aimed("followers_growth", target=10, unit="percent")
    facebook, new = make_kpi_channel(), make_kpi_channel()
    measure(series("followers"), {date(2025, 12, 31): 1000, date(2026, 3, 10): 1030}, facebook)
    measure(series("followers"), {date(2026, 2, 1): 4000, date(2026, 3, 10): 5000}, new)

    assert row_of(indicator).year.reached.value == 3


def test_growth_from_nothing_is_no_per_cent():
    indicator = make_aimed("followers_growth", target=10, unit="percent")
    measure(series("followers"), {date(2025, 12, 31): 0, date(2026, 3, 10): 30})

    assert row_of(indicator).year.reached is None


@pytest.mark.parametrize(
    ("a_day", "filled", "said"),
    [
        (0, 0, "0 % of the most it may be"),
        (1, 9, "9 % of the most it may be"),
        (12, 100, "113 % of the most it may be: too much"),
    ],
)
def test_the_bar_of_what_is_to_stay_small_says_in_words_that_full_is_too_much(
    page, a_day, filled, said
):
    indicator = make_aimed(target=730, direction="down")
    measure_leads(value=a_day)

    text = " ".join(page().content.decode().split())

    assert row_of(indicator).year.filled == filled
    assert f'<rect width="{filled}" height="6"/>' in text
    assert re.findall(r"\d+ % of the most it may be(?:: too much)?", text) == [said]


def test_a_bar_is_not_full_where_what_was_to_stay_small_did():
    indicator = make_aimed(target=730, direction="down", year=2025)
    measure_leads(date(2025, 1, 1), date(2025, 12, 31), value=1)

    [row] = dashboard.read(Period(2025, None), TODAY).rows

    assert row.indicator == indicator
    assert (row.year.pace.light, row.year.filled) == (Light.REACHED, 50)


def test_an_intake_has_its_own_part_and_its_own_start():
    indicator = make_aimed("followers", start=900, target=1365)
    intake = make_intake(begins_on=date(2026, 2, 1), ends_on=date(2026, 5, 31))
    IntakeTarget.objects.create(intake=intake, indicator=indicator, target=1120)
    measure(series("followers"), {date(2026, 1, 30): 1000, date(2026, 3, 10): 1040})

    part = row_of(indicator, intake).intake

    assert (part.aim.start, part.aim.target) == (1000, 1120)
    assert round(part.pace.expected, 2) == Decimal("1038.00")
    assert part.pace.light == Light.ON_PACE


def test_a_level_does_not_start_where_one_of_its_channels_is_missing():
    indicator = make_aimed("followers", start=900, target=1365)
    intake = make_intake(begins_on=date(2026, 2, 1), ends_on=date(2026, 5, 31))
    IntakeTarget.objects.create(intake=intake, indicator=indicator, target=1500)
    facebook, instagram = make_kpi_channel(), make_kpi_channel()
    measure(series("followers"), days(date(2025, 12, 1), 100, 1000), facebook)
    measure(series("followers"), days(date(2025, 12, 1), 31, 400), instagram)
    measure(series("followers"), days(date(2026, 2, 1), 38, 420), instagram)

    part = row_of(indicator, intake).intake

    assert (part.aim.start, part.pace.light) == (None, Light.NO_START)


def test_a_newer_check_in_comes_before_what_was_measured_and_says_so(page):
    indicator = make_aimed()
    measure_leads(last=date(2026, 2, 28))
    ana = make_user(full_name="Anna Ozoliņa")
    make_check_in(indicator, on=date(2026, 3, 5), value=150, by=ana)

    year = row_of(indicator).year

    assert (year.reached.value, year.reached.on) == (150, date(2026, 3, 5))
    assert "check-in of Anna Ozoliņa, 05 Mar 2026" in page().content.decode()


def test_an_older_check_in_gives_way_to_what_was_measured(page):
    indicator = make_aimed()
    measure_leads()
    make_check_in(indicator, on=date(2026, 3, 5), value=150)

    assert row_of(indicator).year.reached.value == 138
    assert "measured, as of 10 Mar 2026" in page().content.decode()


def test_nothing_is_claimed_without_data_or_without_a_target(page):
    make_aimed(target=730)
    make_aimed("followers", target=None)

    lights = [row.year.pace.light for row in dashboard.read(Period(2026), TODAY).rows]

    assert lights == [Light.NO_VALUE, Light.NO_TARGET]
    said = page().content.decode()
    assert "no data" in said
    assert "on pace" not in said.split("<tbody>")[1].split("</tbody>")[0]


def test_the_same_days_of_the_year_before_stand_beside():
    indicator = make_aimed()
    measure_leads()
    measure_leads(date(2025, 1, 1), date(2025, 12, 31), 1)

    assert row_of(indicator).year.year_before == 69


def test_a_forecast_goes_on_as_the_last_months_did():
    indicator = make_aimed()
    measure_leads()

    assert row_of(indicator).year.forecast == 730


def test_series_without_a_target_are_shown_beside(page):
    measure(series("comments"), {TODAY: 7})

    read = dashboard.read(Period(2026), TODAY)

    shown = {each.series.key: each.running.figure.value for each in read.beside}
    assert shown["comments"] == 7
    assert len(shown) == Series.objects.count()


@pytest.mark.parametrize(
    ("span", "so_far", "before"),
    [("day", 2, 1), ("week", 6, 2), ("month", 22, 10), ("year", 140, 69)],
)
def test_what_runs_stands_beside_the_same_days_of_the_year_before(page, span, so_far, before):
    """On a Wednesday: the week had Monday and Tuesday, and today counts already."""
    make_aimed()
    for key in ("new_leads", "comments"):
        measure(series(key), days(date(2026, 1, 1), 70, 2))
        measure(series(key), days(date(2025, 1, 1), 365, 1))

    read = dashboard.read(Period(2026), TODAY, Span(span))

    [(_row, aimed)] = read.lines
    [beside] = [each for each in read.beside if each.series.key == "comments"]
    for each in (aimed, beside):
        entry = each.running
        assert (entry.figure.value, entry.before.value) == (so_far, before)
        assert entry.figure.is_so_far
    said = page(f"/kpi/?span={span}").content.decode()
    assert f"same days a year before: {before}" in said


def test_on_the_first_day_of_a_period_no_days_of_a_year_before_stand_beside():
    measure(series("comments"), days(date(2025, 1, 1), 365, 1))

    read = dashboard.read(Period(2026), date(2026, 3, 1), Span.MONTH)

    assert {each.running.before for each in read.beside} == {None}


def test_an_indicator_without_a_series_has_its_check_ins(page):
    indicator = make_indicator(make_goal(make_aimed().goal.year), start=0, target=100)
    make_check_in(indicator, on=date(2026, 3, 1), value=50)

    [_measured, told] = dashboard.read(Period(2026), TODAY).rows

    assert (told.year.reached.value, told.year.pace.light) == (50, Light.ON_PACE)


def aim_and_measure(of, intake):
    indicator = make_aimed(of.key)
    IntakeTarget.objects.create(intake=intake, indicator=indicator, target=100)
    make_check_in(indicator)
    if of.kind != Series.Kind.DERIVED:
        measure(of, days(date(2025, 1, 1), 430))


def test_the_dashboard_asks_as_often_for_one_indicator_as_for_many(page):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert page().status_code == 200
        return len(queries)

    intake = make_intake(begins_on=date(2026, 2, 1), ends_on=date(2026, 5, 31))
    kinds = ["new_leads", "followers", "followers_growth", "attendance_rate"]
    for key in kinds:
        aim_and_measure(series(key), intake)
    few = count()
    for key in kinds * 3:
        kind = series(key)
        kind.pk, kind.key = None, f"{key}-{Series.objects.count()}"
        kind.save()
        aim_and_measure(kind, intake)

    assert count() == few


def test_the_page_comes_as_a_workbook_with_what_it_is_of(page):
    make_aimed(target=730)
    measure_leads()

    book = load_workbook(io.BytesIO(page("/kpi/?as=xlsx&period=2026").content))
    sheet = book.worksheets[0]

    headers, cells, *beside = [[cell.value for cell in row] for row in sheet.iter_rows()]
    cells = dict(zip(headers, cells, strict=True))
    assert (cells["Year: value"], cells["Year: target"]) == (138, 730)
    assert cells["Year: pace"] == "on pace"
    assert (cells["March 2026, so far"], cells["Remark"]) == (20, "so far")
    assert {row[0] for row in beside} == {"Also measured"}
    assert "2026 · Month · Made on 11 Mar 2026" in sheet.oddHeader.left.text
    assert sheet.oddFooter.right.text == "&P / &N"


def test_the_page_comes_as_a_list_for_the_excel_of_its_language(client_for):
    make_aimed(target=Decimal("730.5"))
    client = client_for(make_user(language="lv"))

    with time_machine.travel(NOW, tick=False):
        answer = client.get("/kpi/?as=csv")

    assert answer.content.startswith("\ufeff".encode())
    assert "730,50" in answer.content.decode()
    assert answer.headers["Content-Disposition"].endswith('-2026-03-11.csv"')


def test_a_period_that_is_not_there_is_not_found(page):
    assert page("/kpi/?period=1999").status_code == 404


def test_the_clock_change_does_not_move_a_day(page):
    make_aimed()
    measure_leads(last=date(2026, 10, 25))
    with time_machine.travel(riga(2026, 10, 26, 0, 30), tick=False):
        [row] = dashboard.read(Period(2026), date(2026, 10, 26)).rows

    assert row.year.reached.value == 2 * 298
    assert row.year.pace.expected == 2 * 298
