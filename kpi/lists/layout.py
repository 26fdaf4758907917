"""How a table of figures is laid out, told by its row of titles.

People keep figures in few ways: a row for each day (or month) with a column for each indicator; a
row for each figure; a row for each indicator with the months side by side; and sheets of one month.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

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
from kpi.lists.vocabulary import Vocabulary
from kpi.lists.wording import (
    BESIDE_TITLES,
    CHANNEL_TITLES,
    DAY_TITLES,
    MONTH_TITLES,
    PERIOD_TITLES,
    SERIES_TITLES,
    UNIT_TITLES,
    VALUE_TITLES,
    YEAR_TITLES,
    is_sum,
    plain,
)
from kpi.periods import Span

FEWEST_NUMBERED = 3
_YEAR = re.compile(r" ?\b20\d{2}\b( g(ads|ada|ad)?\b)?")


class Shape(StrEnum):
    """In which way a table lies."""

    DOWN = "down"
    LONG = "long"
    ACROSS = "across"


@dataclass(frozen=True)
class Layout:
    """Which column of a table holds what; columns are counted from 0."""

    shape: Shape
    titles: dict[int, str]
    """Of the columns with figures, when they are told apart by indicator."""

    period: int | None = None
    as_month: bool = False
    year: int | None = None
    month: int | None = None
    channel: int | None = None
    labels: tuple[int, ...] = ()
    """Where the name of the indicator stands, if it stands in the row."""

    columns: dict[int, When | Stroked | PeriodRefusedError] = field(default_factory=dict)
    """Of the columns with figures, when they are told apart by time."""

    left_out: tuple[str, ...] = ()
    needs_year: bool = False

    @property
    def figures(self) -> tuple[int, ...]:
        return tuple(self.columns or self.titles)

    @property
    def width(self) -> int:
        others = (self.period, self.year, self.month, self.channel, *self.labels)
        return max([*self.figures, *(each for each in others if each is not None)]) + 1


def text_of(cell: object) -> str:
    """Give a title on one line."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def layout_of(
    cells: Sequence[object], above: Sequence[object], around: Around, vocabulary: Vocabulary
) -> Layout | None:
    """Recognise a row of titles, with what may stand grouped over it."""
    return (
        _across(cells, above, around)
        or _down(cells, above, around, vocabulary)
        or _of_one_month(cells, around, vocabulary)
    )


# Time across


def _across(cells: Sequence[object], above: Sequence[object], around: Around) -> Layout | None:
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
        left_out=_beside(cells, range(first, len(cells)), found),
        needs_year=any(each is None for each in found.values()),
    )


def _told_by_titles(cells: Sequence[object], around: Around) -> Around:
    """Take the year from "Rādītājs 2026" beside the months."""
    told = around_in(text_of(cells[0])) if cells and isinstance(cells[0], str) else Around()
    return replace(around, year=told.year or around.year)


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


# Time down


def _down(
    cells: Sequence[object], above: Sequence[object], around: Around, vocabulary: Vocabulary
) -> Layout | None:
    titles = {i: text_of(cell) for i, cell in enumerate(cells) if isinstance(cell, str)}
    words = {i: plain(title) for i, title in titles.items() if not is_blank(title)}
    period, as_month, month = _time_column(words)
    if period is None:
        return None
    year = _column(words, YEAR_TITLES)
    channel = _column(words, CHANNEL_TITLES)
    used = {period, year, month, channel}
    label, value = _column(words, SERIES_TITLES), _column(words, VALUE_TITLES)
    base = Layout(
        Shape.DOWN, {}, period=period, as_month=as_month, year=year, month=month, channel=channel
    )
    if label is not None and value is not None and label not in used:
        left_out = _beside(cells, words, used | {label, value})
        of_value = {value: titles[value]}
        return replace(base, shape=Shape.LONG, titles=of_value, labels=(label,), left_out=left_out)
    figures, left_out = _figure_columns(titles, words, used, vocabulary)
    if not figures:
        return None
    return replace(base, titles=_grouped(figures, above, period), left_out=left_out)


def _time_column(words: dict[int, str]) -> tuple[int | None, bool, int | None]:
    """Find the column that says when, whether it holds months, and a month's own column."""
    day = _column(words, DAY_TITLES)
    month = _column(words, MONTH_TITLES)
    if day is not None:
        return day, False, month
    if month is not None:
        return month, True, None
    return _column(words, PERIOD_TITLES), False, None


def _column(words: dict[int, str], known: frozenset[str]) -> int | None:
    return next((index for index, title in words.items() if title in known), None)


def _figure_columns(
    titles: dict[int, str],
    words: dict[int, str],
    used: set[int | None],
    vocabulary: Vocabulary,
) -> tuple[dict[int, str], tuple[str, ...]]:
    figures: dict[int, str] = {}
    left_out: list[str] = []
    for index, title in words.items():
        if index in used or not title:
            continue
        is_beside = title in BESIDE_TITLES or is_sum(title)
        if is_beside and vocabulary.read(titles[index]).series is None:
            left_out.append(titles[index])
        else:
            figures[index] = titles[index]
    return figures, tuple(left_out)


def _grouped(figures: dict[int, str], above: Sequence[object], period: int) -> dict[int, str]:
    """Put what stands over several columns before the title of each."""
    if period < len(above) and not is_blank(above[period]):
        return figures
    group, grouped = "", {}
    for index in range(period + 1, max(figures) + 1):
        if index < len(above) and not is_blank(above[index]):
            group = text_of(above[index])
        if index in figures:
            grouped[index] = f"{group}: {figures[index]}" if group else figures[index]
    return grouped | {i: title for i, title in figures.items() if i not in grouped}


def with_second_row(layout: Layout, below: Sequence[object]) -> Layout | None:
    """Join a row of titles with one that stands under it, where titles are grouped."""
    if layout.shape != Shape.DOWN or layout.period is None or not is_blank(below[layout.period]):
        return None
    filled = {i: cell for i, cell in enumerate(below) if not is_blank(cell)}
    if not filled or not all(isinstance(cell, str) for cell in filled.values()):
        return None
    titles: dict[int, str] = {}
    group = ""
    for index in range(max(*filled, *layout.titles) + 1):
        group = layout.titles.get(index, group if index in filled else "")
        if index in filled and index != layout.channel:
            title = text_of(filled[index])
            titles[index] = f"{group}: {title}" if group else title
        elif index in layout.titles:
            titles[index] = layout.titles[index]
    return replace(layout, titles=titles)


def headless(cells: Sequence[object], above: Sequence[object], around: Around) -> Layout | None:
    """Recognise a table by its first row of figures, where nothing is written over the dates."""
    filled = [(i, cell) for i, cell in enumerate(cells) if not is_blank(cell)]
    if len(filled) < 2 or isinstance(filled[0][1], (int, float)):
        return None
    period = filled[0][0]
    try:
        time = read_period(filled[0][1], around)
    except PeriodRefusedError:
        time = None
    has_figure = any(isinstance(cell, (int, float)) for _i, cell in filled[1:])
    if time is None or not has_figure:
        return None
    titles = {i: text_of(cell) for i, cell in enumerate(above) if i > period and not is_blank(cell)}
    if not titles:
        return None
    words = {i: plain(title) for i, title in titles.items()}
    channel = _column(words, CHANNEL_TITLES)
    figures = {i: title for i, title in titles.items() if i != channel}
    if not figures:
        return None
    return Layout(Shape.DOWN, figures, period=period, channel=channel)


# A sheet of one month


def _of_one_month(cells: Sequence[object], around: Around, vocabulary: Vocabulary) -> Layout | None:
    """Recognise "Rādītājs, Facebook, Instagram", or the other way round, in a month's sheet."""
    if around.month is None or around.year is None:
        return None
    titles = {i: text_of(cell) for i, cell in enumerate(cells) if isinstance(cell, str)}
    words = {i: plain(title) for i, title in titles.items() if not is_blank(title)}
    label, channel = _column(words, SERIES_TITLES), _column(words, CHANNEL_TITLES)
    month = When(Span.MONTH, date(around.year, around.month, 1))
    if label is not None and (value := _column(words, VALUE_TITLES)) is not None:
        return Layout(Shape.ACROSS, {}, labels=(label,), channel=channel, columns={value: month})
    figures = {
        i: title
        for i, title in titles.items()
        if i in words and i not in (label, channel) and not is_sum(title)
    }
    if label is not None and any(vocabulary.read(t).is_channel_alone for t in figures.values()):
        return Layout(Shape.DOWN, figures, labels=(label,))
    if channel is not None and any(vocabulary.read(t).series for t in figures.values()):
        return Layout(Shape.DOWN, figures, channel=channel)
    return None


def _beside(
    cells: Sequence[object], among: Iterable[int], used: Iterable[int | None]
) -> tuple[str, ...]:
    taken = set(used)
    return tuple(
        text_of(cells[index])
        for index in among
        if index not in taken and not is_blank(cells[index])
    )
