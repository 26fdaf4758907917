from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from plans.holidays import (
    holiday_name,
    holidays_between,
    is_working_day,
    shift_working_days,
    working_days_between,
)

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
counts = st.integers(0, 60)


@pytest.mark.parametrize(
    ("day", "lv", "en"),
    [
        (date(2026, 4, 3), "Lielā Piektdiena", "Good Friday"),
        (date(2026, 6, 24), "Jāņu diena", "Midsummer Day"),
        (date(2026, 11, 18), "Latvijas Republikas Proklamēšanas diena", "Republic of Latvia"),
        (date(2027, 3, 29), "Otrās Lieldienas", "Easter Monday"),
    ],
)
def test_a_public_holiday_has_its_name_in_both_languages(day, lv, en):
    assert holiday_name(day, "lv") == lv
    assert holiday_name(day, "en").startswith(en)


def test_an_ordinary_day_has_no_name():
    assert holiday_name(date(2026, 3, 11), "lv") == ""


def test_the_holidays_over_a_year_end_are_named_in_the_language_of_the_page():
    with translation.override("lv"):
        found = holidays_between(date(2026, 12, 25), date(2027, 1, 1))

    assert found == {
        date(2026, 12, 25): "Pirmie Ziemassvētki",
        date(2026, 12, 26): "Otrie Ziemassvētki",
        date(2026, 12, 31): "Vecgada diena",
        date(2027, 1, 1): "Jaungada diena",
    }


def test_a_holiday_on_a_sunday_gives_the_monday_off():
    assert date(2025, 5, 4).weekday() == 6
    assert not is_working_day(date(2025, 5, 5))


@pytest.mark.parametrize(
    ("day", "count", "lands_on"),
    [
        (date(2026, 3, 11), -2, date(2026, 3, 9)),
        (date(2026, 3, 9), -1, date(2026, 3, 6)),
        (date(2026, 4, 7), -1, date(2026, 4, 2)),
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        (date(2026, 4, 5), 0, date(2026, 4, 5)),
    ],
)
def test_counting_in_working_days_leaves_weekends_and_holidays_out(day, count, lands_on):
    assert shift_working_days(day, count) == lands_on


@given(days, counts)
def test_counting_back_what_was_counted_on_comes_to_the_same_working_day(day, count):
    start = shift_working_days(day, 1)

    assert shift_working_days(shift_working_days(start, count), -count) == start


@given(days, counts)
def test_as_many_working_days_lie_between_as_were_counted(day, count):
    end = shift_working_days(day, count)

    assert working_days_between(day + timedelta(days=1), end) == count
    assert count == 0 or is_working_day(end)
