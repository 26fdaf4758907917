"""Tables in which time goes across: months, or days, side by side over a row for each indicator."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from files.tables import is_blank
from kpi.lists.around import Around, around_in
from kpi.lists.dates import MissingYearError, PeriodRefusedError, Stroked, When, read_period
from kpi.lists.layout import Layout, Shape, beside, text_of
from kpi.lists.merged import Above
from kpi.lists.month_names import MONTH_NAME, MONTHS, read_month
from kpi.lists.wording import (
    CHANNEL_TITLES,
    SERIES_TITLES,
    UNIT_TITLES,
    YEAR_TITLES,
    plain,
    without_year,
)
from kpi.periods import Span

FEWEST_NUMBERED = 3
_MONTH_AND_NUMBER = re.compile(rf"(?P<name>{MONTH_NAME}) (?P<number>[1-9]\d)")


def across(cells: Sequence[object], above: Above, around: Around) -> Layout | None:
    around = _told_by_titles(cells, around)
    found = _times(cells, above, around) or _numbered(cells, around)
    if not found:
        return None
    first = min(found)
    titles = {index: without_year(plain(text_of(cells[index]))) for index in range(first)}
    is_named = any(title in SERIES_TITLES | CHANNEL_TITLES for title in titles.values())
    if len(found) < 2 and not is_named:
        return None
    dated = _with_short_years(cells).keys() | _years_over(above, len(cells)).keys()
    of_any_year = frozenset(i for i in found.keys() - dated if _is_of_any_year(cells[i]))
    channel = next((i for i, title in titles.items() if title in CHANNEL_TITLES), None)
    labels = tuple(
        i for i, title in titles.items() if i != channel and title not in UNIT_TITLES | YEAR_TITLES
    )
    if not labels and channel is None:
        return None
    return Layout(
        Shape.ACROSS,
        {},
        year=next((i for i, title in titles.items() if title in YEAR_TITLES), None),
        channel=channel,
        labels=labels,
        columns=_in_order({i: each for i, each in found.items() if each}, of_any_year),
        of_any_year=of_any_year,
        left_out=beside(cells, range(first, len(cells)), found),
        needs_year=any(each is None for each in found.values()),
    )


def _told_by_titles(cells: Sequence[object], around: Around) -> Around:
    """Take the year from "Rādītājs 2026" beside the months."""
    if around.is_answered:
        return around
    for cell in cells:
        told = around_in(cell) if isinstance(cell, str) else Around()
        if told.month:
            break
        if told.year:
            return replace(around, year=told.year)
    return around


Times = dict[int, When | Stroked | PeriodRefusedError | None]


def _times(cells: Sequence[object], above: Above, around: Around) -> Times:
    """Find the titles that name a time; None stands for one whose year is not known."""
    years = _years_over(above, len(cells))
    found: Times = dict(_with_short_years(cells))
    for index, cell in enumerate(cells):
        if index not in found and isinstance(cell, (str, date)) and not is_blank(cell):
            try:
                known = years.get(index, around.year)
                time = read_period(cell, replace(around, year=known)) or _month_of(cell, known)
            except MissingYearError:
                found[index] = None
                continue
            except PeriodRefusedError as refusal:
                found[index] = refusal
                continue
            if time is not None:
                found[index] = time
    return _as_months(found)


def _with_short_years(cells: Sequence[object]) -> dict[int, When]:
    """Read "janv. 26", "febr. 26" side by side: months, for days would not be so far apart."""
    found: dict[int, tuple[int, int]] = {}
    for index, cell in enumerate(cells):
        if isinstance(cell, str) and (match := _MONTH_AND_NUMBER.fullmatch(plain(cell))):
            found[index] = MONTHS[match["name"]], int(match["number"])
    numbers = {number for _month, number in found.values()}
    months = {month for month, _number in found.values()}
    if len(found) < 2 or len(months) < len(found) or max(numbers) - min(numbers) > 1:
        return {}
    return {
        index: When(Span.MONTH, date(2000 + number, month, 1))
        for index, (month, number) in found.items()
    }


def _month_of(cell: object, year: int | None) -> When | None:
    """Read "I" to "XII", and "1. mēnesis"; a bare number is told by the others of its row."""
    if not isinstance(cell, str) or plain(cell).isdecimal() or year is None:
        return None
    month = read_month(cell)
    return When(Span.MONTH, date(year, month, 1)) if month else None


def _as_months(found: Times) -> Times:
    """Take the firsts, or the lasts, of several months for the months they stand for."""
    times = [each for each in found.values() if isinstance(each, When)]
    days = [each.day for each in times if each.span == Span.DAY]
    if len(days) < 2 or len(days) < len(times) or len({each.replace(day=1) for each in days}) < 2:
        return found
    are_firsts = all(each.day == 1 for each in days)
    if not are_firsts and not all((each + timedelta(days=1)).day == 1 for each in days):
        return found
    return {
        index: When(Span.MONTH, each.day.replace(day=1)) if isinstance(each, When) else each
        for index, each in found.items()
    }


def _years_over(above: Above, width: int) -> dict[int, int]:
    """Find the years that stand over the columns."""
    years: dict[int, int] = {}
    for index, cell in above.groups(0, width).items():
        text = text_of(cell).removesuffix(".").removesuffix(" g").removesuffix(". gads")
        if text.isdecimal() and 2000 <= int(text) <= 2100:
            years[index] = int(text)
    return years


def _numbered(cells: Sequence[object], around: Around) -> Times:
    """Take 1, 2, 3 … for months, or for the days of the sheet's month."""
    numbers: dict[int, int] = {}
    for index, cell in enumerate(cells):
        text = text_of(cell).removesuffix(".")
        if text.isdecimal() and len(text) <= 2:
            numbers[index] = int(text)
    listed = list(numbers.values())
    if len(listed) < FEWEST_NUMBERED or listed != list(range(1, len(listed) + 1)):
        return {}
    if min(numbers) == 0 or not any(isinstance(cell, str) for cell in cells[: min(numbers)]):
        return {}
    if around.month:
        return {i: _quietly(number, around, as_month=False) for i, number in numbers.items()}
    if len(listed) > 12:
        return {}
    return {i: _quietly(number, around, as_month=True) for i, number in numbers.items()}


def _quietly(
    number: int, around: Around, *, as_month: bool
) -> When | Stroked | PeriodRefusedError | None:
    try:
        return read_period(number, around, as_month=as_month)
    except MissingYearError:
        return None
    except PeriodRefusedError as refusal:
        return refusal


def _is_of_any_year(cell: object) -> bool:
    """Tell "janv.", "1" and "II" from months and days that are written with their year."""
    if not isinstance(cell, str):
        return isinstance(cell, (int, float))
    try:
        return read_period(cell, Around()) is None
    except MissingYearError:
        return True
    except PeriodRefusedError:
        return False


def _in_order(
    columns: dict[int, When | Stroked | PeriodRefusedError], of_any_year: frozenset[int]
) -> dict[int, When | Stroked | PeriodRefusedError]:
    """Let January after December be of the next year, as in a year of studies."""
    months = [
        (i, each.day)
        for i, each in sorted(columns.items())
        if isinstance(each, When) and each.span == Span.MONTH and i in of_any_year
    ]
    steps_down = [pair for pair in pairwise(months) if pair[1][1] < pair[0][1]]
    if len(steps_down) != 1 or len({day for _i, day in months}) < len(months):
        return columns
    (_last, before), (first, after) = steps_down[0]
    # From March back to February is a list with the newest first.
    if (after.month - before.month) % 12 > before.month - after.month:
        return columns
    later = {i: day.replace(year=day.year + 1) for i, day in months if i >= first}
    return columns | {i: When(Span.MONTH, day) for i, day in later.items()}
