"""Public holidays in Latvia, by name in both languages, and counting in working days."""

from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import get_language
from holidays import HolidayBase, country_holidays

DAY = timedelta(days=1)
SATURDAY = 5


def holiday_name(day: date, language: str = "") -> str:
    """Name the public holiday on `day` in the language of the page; an empty text if it is none."""
    return _of_year(day.year, language or get_language() or "").get(day) or ""


def holidays_between(first: date, last: date) -> dict[date, str]:
    """Name the public holidays from `first` to `last`, in the language of the page."""
    language = get_language() or ""
    return {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in sorted(_of_year(year, language).items())
        if first <= day <= last
    }


def is_holiday(day: date) -> bool:
    return day in _of_year(day.year, "")


def is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


def is_working_day(day: date) -> bool:
    """Tell whether people work on `day`; a Saturday that makes up for a day off counts."""
    return _of_year(day.year, "").is_working_day(day)


def shift_working_days(day: date, count: int) -> date:
    """Step `count` working days on, or back if it is negative; none stays, even on a holiday."""
    step = DAY if count > 0 else -DAY
    for _number in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(first: date, last: date) -> int:
    """Count the working days from `first` to `last`, both counted."""
    length = (last - first).days + 1
    return sum(is_working_day(first + DAY * number) for number in range(length))


# A handful of years in two languages; a process would otherwise compute them for every page.
@lru_cache(maxsize=64)
def _of_year(year: int, language: str) -> HolidayBase:
    return country_holidays(
        "LV", years=year, expand=False, language="en_US" if language == "en" else "lv"
    )
