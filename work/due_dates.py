"""Offsets from a day: so many days, working days or calendar months before or after it."""

import calendar
from datetime import date, timedelta

from plans.holidays import shift_working_days


def months_from(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last one: 31 March, less a month, is
    28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def shifted(day: date, offset: int, unit: str) -> date:
    """Return the day that lies `offset` units after `day`; before it, if the offset is negative."""
    if unit == "months":
        return months_from(day, offset)
    if unit == "working_days":
        return shift_working_days(day, offset)
    return day + timedelta(days=offset)
