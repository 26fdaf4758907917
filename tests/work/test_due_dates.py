"""Offsets in days, working days and calendar months, for every day there is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.holidays import is_working_day
from work.due_dates import shifted

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
COUNTS = st.integers(-120, 120)


@given(DAYS, COUNTS.filter(bool))
def test_a_shift_in_working_days_ends_on_a_working_day_that_many_further(day, count):
    due = shifted(day, count, "working_days")
    first, last = sorted((day, due))
    between = (first + timedelta(days=number) for number in range((last - first).days + 1))
    passed = [each for each in between if is_working_day(each) and each != day]

    assert is_working_day(due)
    assert len(passed) == abs(count)


@given(DAYS, st.integers(1, 60))
def test_working_days_back_and_on_again_meet_on_a_working_day(day, count):
    there = shifted(day, -count, "working_days")
    back = shifted(there, count, "working_days")

    assert back == day if is_working_day(day) else back > day


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_the_later_the_event_the_later_its_tasks(day, gap, count):
    later = day + timedelta(days=gap)

    for unit in ("days", "working_days", "months"):
        assert shifted(day, -count, unit) <= shifted(later, -count, unit)


@given(DAYS, st.integers(-30, 30))
def test_a_calendar_month_keeps_the_day_or_takes_the_last_of_the_month(day, months):
    due = shifted(day, months, "months")

    assert due.year * 12 + due.month == day.year * 12 + day.month + months
    assert due.day == day.day or (due + timedelta(days=1)).day == 1 < due.day < day.day


@pytest.mark.parametrize(
    ("day", "offset", "unit", "due"),
    [
        (date(2026, 3, 31), -1, "months", date(2026, 2, 28)),
        (date(2028, 3, 31), -1, "months", date(2028, 2, 29)),
        (date(2026, 1, 15), -1, "months", date(2025, 12, 15)),
        (date(2026, 4, 7), -1, "working_days", date(2026, 4, 2)),  # Easter in between
        (date(2026, 6, 25), -1, "working_days", date(2026, 6, 19)),  # midsummer and a bridge day
        (date(2026, 11, 19), -1, "working_days", date(2026, 11, 17)),  # the national day
        (date(2026, 3, 11), -7, "days", date(2026, 3, 4)),
        (date(2026, 3, 29), 0, "days", date(2026, 3, 29)),
    ],
)
def test_days_that_matter_in_the_calendar(day, offset, unit, due):
    assert shifted(day, offset, unit) == due
