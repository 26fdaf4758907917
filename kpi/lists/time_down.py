"""Tables in which time goes down: a row for each day or month, or for each figure of one."""

from collections.abc import Sequence
from dataclasses import replace

from files.tables import is_blank
from kpi.lists.around import Around
from kpi.lists.dates import PeriodRefusedError, read_period
from kpi.lists.layout import Layout, Shape, beside, column, filled, text_of
from kpi.lists.merged import Above
from kpi.lists.numbers import is_number
from kpi.lists.vocabulary import Vocabulary
from kpi.lists.wording import (
    BESIDE_TITLES,
    CHANNEL_TITLES,
    DAY_TITLES,
    MONTH_TITLES,
    PERIOD_TITLES,
    SERIES_TITLES,
    VALUE_TITLES,
    YEAR_TITLES,
    is_sum,
    plain,
)


def down(
    cells: Sequence[object], above: Above, around: Around, vocabulary: Vocabulary
) -> Layout | None:
    titles = {i: text_of(cell) for i, cell in enumerate(cells) if isinstance(cell, str)}
    words = {i: plain(title) for i, title in titles.items() if not is_blank(title)}
    period, as_month, month = _time_column(words)
    if period is None:
        return None
    year = column(words, YEAR_TITLES)
    channel = column(words, CHANNEL_TITLES)
    used = {period, year, month, channel}
    label, value = column(words, SERIES_TITLES), column(words, VALUE_TITLES)
    base = Layout(
        Shape.DOWN, {}, period=period, as_month=as_month, year=year, month=month, channel=channel
    )
    if label is not None and value is not None and label not in used:
        left_out = beside(cells, words, used | {label, value})
        of_value = {value: titles[value]}
        return replace(base, shape=Shape.LONG, titles=of_value, labels=(label,), left_out=left_out)
    figures, left_out = _figure_columns(titles, words, used, vocabulary)
    if not figures:
        return None
    return replace(base, titles=_grouped(figures, above, period), left_out=left_out)


def _time_column(words: dict[int, str]) -> tuple[int | None, bool, int | None]:
    """Find the column that says when, whether it holds months, and a month's own column."""
    day = column(words, DAY_TITLES)
    month = column(words, MONTH_TITLES)
    if day is not None:
        return day, False, month
    if month is not None:
        return month, True, None
    return column(words, PERIOD_TITLES), False, None


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
        if is_beside and not vocabulary.is_series(titles[index]):
            left_out.append(titles[index])
        else:
            figures[index] = titles[index]
    return figures, tuple(left_out)


def _grouped(figures: dict[int, str], above: Above, period: int) -> dict[int, str]:
    """Put what stands over several columns before the title of each."""
    if period < len(above.cells) and not is_blank(above.cells[period]):
        return figures
    groups = above.groups(period + 1, max(figures) + 1)
    return {
        index: f"{text_of(groups[index])}: {title}" if index in groups else title
        for index, title in figures.items()
    }


def headless(cells: Sequence[object], above: Sequence[object], around: Around) -> Layout | None:
    """Recognise a table by its first row of figures, where nothing is written over the dates."""
    cells_filled = [(i, cell) for i, cell in enumerate(cells) if not is_blank(cell)]
    if len(cells_filled) < 2 or isinstance(cells_filled[0][1], (int, float)):
        return None
    period = cells_filled[0][0]
    try:
        time = read_period(cells_filled[0][1], around)
    except PeriodRefusedError:
        time = None
    has_figure = any(is_number(cell) for _i, cell in cells_filled[1:])
    if time is None or not has_figure:
        return None
    titles = {i: text_of(cell) for i, cell in enumerate(above) if i > period and not is_blank(cell)}
    if not titles:
        return None
    words = {i: plain(title) for i, title in titles.items()}
    channel = column(words, CHANNEL_TITLES)
    figures = {i: title for i, title in titles.items() if i != channel}
    if not figures:
        return None
    return Layout(Shape.DOWN, figures, period=period, channel=channel, titled=filled(above))


def tables_beside(cells: Sequence[object]) -> list[int]:
    """Give where each of several tables begins that stand beside each other in the same rows."""
    words = {i: plain(cell) for i, cell in enumerate(cells) if isinstance(cell, str)}
    times = [(i, word) for i, word in words.items() if word in DAY_TITLES | MONTH_TITLES]
    if len(times) < 2 or len({word for _i, word in times}) > 1:
        return []
    first, *others = (index for index, _word in times)
    before = first - min(words)
    while any(_titles(words, i, before) != _titles(words, first, before) for i in others):
        before -= 1
    return [index - before for index, _word in times]


def _titles(words: dict[int, str], end: int, size: int) -> list[str | None]:
    return [words.get(index) for index in range(end - size, end)]
