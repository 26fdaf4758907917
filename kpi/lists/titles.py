"""Recognise the rows of titles over a table: one, or two of which the upper groups the lower."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from files.tables import is_blank
from kpi.lists.around import Around
from kpi.lists.dates import PeriodRefusedError, Stroked, When
from kpi.lists.layout import Layout, Shape, column, filled, text_of
from kpi.lists.merged import Above
from kpi.lists.time_across import across
from kpi.lists.time_down import down
from kpi.lists.vocabulary import Vocabulary
from kpi.lists.wording import (
    ACTUAL,
    CHANNEL_TITLES,
    PLANNED,
    SERIES_TITLES,
    VALUE_TITLES,
    is_sum,
    plain,
)
from kpi.periods import Span


def layout_of(
    cells: Sequence[object], above: Above, around: Around, vocabulary: Vocabulary
) -> Layout | None:
    """Recognise a row of titles, with what may stand grouped over it."""
    layout = (
        across(cells, above, around)
        or down(cells, above, around, vocabulary)
        or of_one_month(cells, around, vocabulary)
    )
    return layout and replace(layout, titled=filled(cells))


def of_one_month(cells: Sequence[object], around: Around, vocabulary: Vocabulary) -> Layout | None:
    """Recognise "Rādītājs, Facebook, Instagram", or the other way round, in a month's sheet."""
    if around.month is None or around.year is None:
        return None
    titles = {i: text_of(cell) for i, cell in enumerate(cells) if isinstance(cell, str)}
    words = {i: plain(title) for i, title in titles.items() if not is_blank(title)}
    label, channel = column(words, SERIES_TITLES), column(words, CHANNEL_TITLES)
    month = When(Span.MONTH, date(around.year, around.month, 1))
    if label is not None and (value := column(words, VALUE_TITLES)) is not None:
        of_value = {value: month}
        return Layout(
            Shape.ACROSS,
            {},
            labels=(label,),
            channel=channel,
            columns=dict(of_value),
            of_any_year=frozenset(of_value),
        )
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


def with_second_row(layout: Layout, below: Sequence[object], above: Above) -> Layout | None:
    """Join a row of titles, `above`, with one that stands under it, where titles are grouped."""
    filled = {i: cell for i, cell in enumerate(below) if not is_blank(cell)}
    if not filled or not all(isinstance(cell, str) for cell in filled.values()):
        return None
    joined = (_parts_of_times if layout.shape == Shape.ACROSS else _parts_of_titles)(
        layout, {i: text_of(cell) for i, cell in filled.items()}, above
    )
    return joined and replace(joined, titled=layout.titled | filled.keys())


def _parts_of_titles(layout: Layout, below: dict[int, str], above: Above) -> Layout | None:
    if layout.shape != Shape.DOWN or layout.period is None or layout.period in below:
        return None
    titles: dict[int, str] = {}
    group, last = "", None
    for index in range(max(*below, *layout.titles) + 1):
        if index in layout.titles:
            group, last = layout.titles[index], above.last_under(index)
        elif index not in below or (last is not None and index > last):
            group = ""
        if index in below and index != layout.channel:
            titles[index] = f"{group}: {below[index]}" if group else below[index]
        elif index in layout.titles:
            titles[index] = layout.titles[index]
    return replace(layout, titles=titles)


def _parts_of_times(layout: Layout, below: dict[int, str], above: Above) -> Layout | None:
    """Spread each time over the columns under it, which are told apart by the second row."""
    first = min(layout.columns, default=0)
    under = {index: text for index, text in below.items() if index >= first}
    if not under or (len(under) == 1 and len(below) == 1):
        return None
    columns: dict[int, When | Stroked | PeriodRefusedError] = {}
    parts: dict[int, str] = {}
    left_out: dict[str, None] = {}
    current, last = layout.columns[first], above.last_under(first)
    for index in range(first, max(*under, *layout.columns) + 1):
        if index in layout.columns:
            current, last = layout.columns[index], above.last_under(index)
        elif index in layout.titled or (last is not None and index > last):
            continue  # A sum or a remark beside the times, with all under it.
        part = under.get(index, "")
        if plain(part) in PLANNED or is_sum(part):
            left_out[part] = None
        elif index in under or index in layout.columns:
            columns[index] = current
            parts[index] = "" if plain(part) in ACTUAL else part
    return replace(layout, columns=columns, parts=parts, left_out=(*layout.left_out, *left_out))
