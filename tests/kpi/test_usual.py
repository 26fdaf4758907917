"""What is usual on a weekday: the rule at the head of kpi/usual.py."""

from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.usual import NEEDED, usual_on, usual_range

WEDNESDAY = date(2026, 3, 11)
amounts = st.decimals(0, 100_000, places=2)


def weeks(*values):
    return {
        WEDNESDAY - timedelta(weeks=number): Decimal(value)
        for number, value in enumerate(values, start=1)
    }


def test_nothing_is_said_of_too_few_values():
    assert usual_on(WEDNESDAY, weeks(10, 10, 10, 10)) is None
    assert usual_on(WEDNESDAY, weeks(10, 10, 10, 10, 10)) is not None


@pytest.mark.parametrize(
    ("value", "is_usual"), [(100, True), (130, True), (131, False), (70, True), (69, False)]
)
def test_a_steady_series_may_move_by_a_third_of_itself(value, is_usual):
    assert usual_on(WEDNESDAY, weeks(*[100] * 8)).has(Decimal(value)) == is_usual


def test_a_restless_series_may_move_five_times_as_far_as_it_does():
    usual = usual_on(WEDNESDAY, weeks(100, 80, 120, 90, 110, 70, 130, 100))

    assert (usual.low, usual.high) == (Decimal("-11.195"), Decimal("211.195"))


def test_one_outlier_among_the_weeks_changes_little():
    steady, spoilt = weeks(*[100] * 8), weeks(*[100] * 7, 100_000)

    assert usual_on(WEDNESDAY, spoilt) == usual_on(WEDNESDAY, steady)


def test_one_lead_more_or_less_is_no_news():
    assert usual_on(WEDNESDAY, weeks(*[1] * 8)).has(Decimal(4))


def test_other_weekdays_do_not_count():
    tuesdays = {day - timedelta(days=1): value for day, value in weeks(*[9] * 8).items()}

    assert usual_on(WEDNESDAY, tuesdays) is None


@given(st.lists(amounts, min_size=NEEDED, max_size=8))
def test_the_median_is_always_usual_and_the_order_is_nothing(values):
    usual = usual_range(values)

    assert usual.has(median(values))
    assert usual == usual_range(values[::-1])
    assert usual.high - median(values) == median(values) - usual.low


@given(st.lists(amounts, min_size=NEEDED, max_size=8), st.integers(2, 50))
def test_more_of_everything_is_as_usual(values, times):
    """Counting in other units does not make a large value unusual."""
    large = [value + 1000 for value in values]
    usual, scaled = usual_range(large), usual_range([value * times for value in large])

    assert scaled.high == pytest.approx(usual.high * times)
