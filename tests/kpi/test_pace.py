"""Pace, light and forecast: the rule at the head of kpi/pace.py, tried on any numbers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.aim import Aim, Measure, Reached
from kpi.pace import Light, Month, Pace, expected_on, forecast, pace

YEAR = Aim(Measure.FLOW, date(2026, 1, 1), date(2026, 12, 31), target=Decimal(365))
LIGHTS = [Light.FAR_BEHIND, Light.BEHIND, Light.ON_PACE, Light.REACHED]

amounts = st.decimals(1, 1_000_000, places=2)
measures = st.sampled_from(Measure)
days_of_year = st.dates(YEAR.first, YEAR.last)


@st.composite
def aims(draw):
    """Draw an aim in whichever direction, whose start lies on the right side of its target."""
    low = draw(amounts)
    high = low + draw(amounts)
    is_less_better = draw(st.booleans())
    start, target = (high, low) if is_less_better else (low, high)
    return replace(
        YEAR,
        measure=draw(measures),
        start=start,
        target=target,
        is_less_better=is_less_better,
    )


def on(day, value):
    return Reached(Decimal(value), day)


def light(aim, value, day):
    return pace(aim, on(day, value), day).light


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (365, Light.REACHED),
        (200, Light.ON_PACE),
        (172, Light.ON_PACE),
        (171, Light.BEHIND),
        (145, Light.BEHIND),
        (144, Light.FAR_BEHIND),
        (0, Light.FAR_BEHIND),
    ],
)
def test_the_light_of_what_adds_up_half_a_year_in(value, expected):
    half = date(2026, 6, 30)

    assert expected_on(YEAR, half) == 181
    assert light(YEAR, value, half) == expected


def test_a_week_without_anything_is_on_pace_and_a_month_is_not():
    assert light(YEAR, 0, date(2026, 1, 7)) == Light.ON_PACE
    assert light(YEAR, 0, date(2026, 1, 18)) == Light.BEHIND
    assert light(YEAR, 0, date(2026, 1, 31)) == Light.FAR_BEHIND


def test_a_level_goes_from_its_start_and_not_from_nothing():
    followers = replace(YEAR, measure=Measure.STOCK, start=Decimal(1000), target=Decimal(1365))

    assert expected_on(followers, date(2026, 6, 30)) == 1181
    assert light(followers, 1000, date(2026, 6, 30)) == Light.FAR_BEHIND
    assert light(replace(followers, start=None), 1000, date(2026, 6, 30)) == Light.NO_START


def test_a_level_without_one_of_its_channels_is_neither_judged_nor_forecast():
    followers = replace(YEAR, measure=Measure.STOCK, start=Decimal(1000), target=Decimal(1365))
    half = date(2026, 6, 30)
    months = [Month(date(2026, n, 1), date(2026, n, 28), Decimal(1000 + n)) for n in (3, 4, 5)]
    whole = on(half, 300)

    assert pace(followers, replace(whole, is_whole=False), half) == Pace(
        Light.INCOMPLETE, Decimal(1181)
    )
    assert forecast(followers, replace(whole, is_whole=False), months) is None
    assert forecast(followers, whole, months) is not None


def test_a_level_of_unknown_start_is_judged_where_its_way_does_not_matter():
    followers = replace(YEAR, measure=Measure.STOCK, start=None, target=Decimal(1365))

    assert light(followers, 1365, date(2026, 6, 30)) == Light.REACHED
    assert pace(followers, on(YEAR.last, 1364), date(2027, 1, 1)).light == Light.MISSED


def test_an_average_is_at_its_target_all_the_time_and_reached_at_the_end():
    rate = replace(YEAR, measure=Measure.AVERAGE, target=Decimal(50))

    assert light(rate, 60, date(2026, 6, 30)) == Light.ON_PACE
    assert light(rate, 45, date(2026, 1, 2)) == Light.BEHIND
    assert pace(rate, on(YEAR.last, 60), date(2027, 1, 1)).light == Light.REACHED


def test_a_sum_that_is_to_stay_small_is_not_reached_before_the_end():
    complaints = replace(YEAR, is_less_better=True)

    assert light(complaints, 10, date(2026, 6, 30)) == Light.ON_PACE
    assert light(complaints, 300, date(2026, 6, 30)) == Light.FAR_BEHIND
    assert pace(complaints, on(YEAR.last, 10), date(2027, 1, 1)).light == Light.REACHED
    assert pace(complaints, on(YEAR.last, 366), date(2027, 1, 1)).light == Light.MISSED


def test_nothing_is_said_where_nothing_is_known():
    half, before = date(2026, 6, 30), date(2025, 12, 31)

    assert pace(replace(YEAR, target=None), on(half, 5), half) == Pace(Light.NO_TARGET)
    assert pace(YEAR, None, half) == Pace(Light.NO_VALUE)
    assert pace(YEAR, on(before, 5), half) == Pace(Light.NO_VALUE)
    assert pace(YEAR, on(before, 5), before) == Pace(Light.NOT_BEGUN)


def test_days_without_values_after_the_last_one_do_not_put_it_behind():
    """What is missing is missing: it is judged on the last day that has a value."""
    assert pace(YEAR, on(date(2026, 3, 31), 90), date(2026, 6, 30)).light == Light.ON_PACE


@given(aims(), days_of_year)
def test_what_is_as_it_had_to_be_is_on_pace(aim, day):
    found = pace(aim, Reached(expected_on(aim, day), day), day)

    assert found.light in (Light.ON_PACE, Light.REACHED)
    assert found.behind_by == 0


@given(aims(), days_of_year, amounts, amounts)
def test_better_is_never_judged_worse(aim, day, value, more):
    better = value - more if aim.is_less_better else value + more

    assert LIGHTS.index(light(aim, better, day)) >= LIGHTS.index(light(aim, value, day))


@given(aims(), days_of_year)
def test_on_the_last_day_the_whole_target_has_to_be_there(aim, day):
    assert expected_on(aim, aim.last) == aim.target
    ends = sorted([aim.start if aim.measure == Measure.STOCK else Decimal(), aim.target])
    if aim.measure != Measure.AVERAGE:
        assert ends[0] <= expected_on(aim, day) <= ends[1]


@given(aims(), days_of_year, amounts)
def test_a_light_is_said_with_what_had_to_be_there(aim, day, value):
    found = pace(aim, Reached(value, day), day)
    wrong_side = value - found.expected if aim.is_less_better else found.expected - value

    assert found.behind_by == wrong_side


def months(values, year=2026):
    """Give months from January on with these values."""
    firsts = [date(year, number, 1) for number in range(1, len(values) + 2)]
    return [
        Month(first, following - timedelta(days=1), None if value is None else Decimal(value))
        for first, following, value in zip(firsts, firsts[1:], values, strict=False)
    ]


@given(st.integers(1, 500), st.integers(2, 9))
def test_what_brings_the_same_each_day_goes_on_so_to_the_end(a_day, complete):
    each = [month.days * a_day for month in months([0] * complete)]
    known = months(each)
    reached = Reached(Decimal(sum(each)), known[-1].last)

    assert forecast(YEAR, reached, known) == a_day * 365


@given(st.integers(-500, 500), st.integers(3, 9))
def test_a_level_that_changes_the_same_each_day_goes_on_so(a_day, complete):
    aim = replace(YEAR, measure=Measure.STOCK, start=Decimal())
    lasts = [month.last for month in months([0] * complete)]
    level = [100_000 + a_day * (last - YEAR.first).days for last in lasts]
    reached = Reached(Decimal(level[-1]), lasts[-1])

    assert forecast(aim, reached, months(level)) == 100_000 + a_day * 364


def test_an_average_is_weighed_by_days():
    aim = replace(YEAR, measure=Measure.AVERAGE)

    assert forecast(aim, on(date(2026, 7, 2), 40), months([60, 60, 60])) == pytest.approx(
        (40 * 183 + 60 * 182) / Decimal(365)
    )


def test_there_is_no_forecast_from_one_month_or_for_what_is_over():
    assert forecast(YEAR, on(date(2026, 4, 5), 90), months([None, None, 31])) is None
    assert forecast(YEAR, on(date(2026, 4, 5), 90), months([31, 28, None, None, 30])) is None
    assert forecast(YEAR, on(YEAR.last, 90), months([31, 28])) is None
    assert forecast(YEAR, None, months([31, 28])) is None


def test_a_forecast_begins_with_nothing_for_what_is_still_to_begin():
    intake = replace(YEAR, first=date(2026, 4, 1), last=date(2026, 4, 30))

    assert forecast(intake, on(date(2026, 3, 31), 90), months([31, 28, 31])) == 30
