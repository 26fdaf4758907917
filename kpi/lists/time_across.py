"""Tables in which time goes across: months, or days, side by side over a row for each indicator."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from files.tables import is_blank
from kpi.lists.dates import (
    Around,
    MissingYearError,
    PeriodRefusedError,
    Stroked,
    When,
    around_in,
    read_month,
    read_period,
)
from kpi.lists.layout import Layout, Shape, beside, text_of
from kpi.lists.wording import CHANNEL_TITLES, SERIES_TITLES, UNIT_TITLES, YEAR_TITLES, plain
from kpi.periods import Span

FEWEST_NUMBERED = 3
_YEAR = re.compile(r" ?\b20\d{2}\b( g(ads|ada|ad)?\b)?")


def across(cells: Sequence[object], above: Sequence[object], around: Around) -> Layout | None:
    around = _told_by_titles(cells, around)
    found = _times(cells, above, around) or _numbered(cells, around)
    if not found:
        return None
    first = min(found)
    titles = {index: _YEAR.sub("", plain(text_of(cells[index]))) for index in range(first)}
    is_named = any(title in SERIES_TITLES | CHANNEL_TITLES for title in titles.values())
    if len(found) < 2 and not is_named:
        return None
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
        columns=_in_order({i: each for i, each in found.items() if each is not None}),
        left_out=beside(cells, range(first, len(cells)), found),
        needs_year=any(each is None for each in found.values()),
    )


def _told_by_titles(cells: Sequence[object], around: Around) -> Around:
    """Take the year from "Rādītājs 2026" beside the months."""
    for cell in cells:
        told = around_in(cell) if isinstance(cell, str) else Around()
        if told.month:
            break
        if told.year:
            return replace(around, year=told.year)
    return around


Times = dict[int, When | Stroked | PeriodRefusedError | None]


def _times(cells: Sequence[object], above: Sequence[object], around: Around) -> Times:
    """Find the titles that name a time; None stands for one whose year is not known."""
    years = _years_over(above, len(cells))
    found: Times = {}
    for index, cell in enumerate(cells):
        if isinstance(cell, (str, date)) and not is_blank(cell):
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


def _years_over(above: Sequence[object], width: int) -> dict[int, int]:
    """Spread the years that stand over several columns, as merged cells do."""
    years: dict[int, int] = {}
    current: int | None = None
    for index in range(width):
        cell = above[index] if index < len(above) else None
        if not is_blank(cell):
            text = text_of(cell).removesuffix(".").removesuffix(" g").removesuffix(". gads")
            current = int(text) if text.isdecimal() and 2000 <= int(text) <= 2100 else None
        if current:
            years[index] = current
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


def _in_order(
    columns: dict[int, When | Stroked | PeriodRefusedError],
) -> dict[int, When | Stroked | PeriodRefusedError]:
    """Let January after December be of the next year, as in a year of studies."""
    years, last = 0, None
    ordered: dict[int, When | Stroked | PeriodRefusedError] = {}
    seen = {each.day for each in columns.values() if isinstance(each, When)}
    is_repeated = len(seen) < sum(isinstance(each, When) for each in columns.values())
    for index, each in sorted(columns.items()):
        if isinstance(each, When) and each.span == Span.MONTH and not is_repeated:
            if last and each.day < last and each.day.year == last.year:
                years = 1
            last = each.day
            ordered[index] = When(Span.MONTH, each.day.replace(year=each.day.year + years))
        else:
            ordered[index] = each
    return ordered
