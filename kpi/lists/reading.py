"""Read every table of a list: what stands in which row, on which channel, for which day or month.

Nothing here touches the database: what titles mean is asked of a `Vocabulary`. Rows come one by
one; kept of them are their figures.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from django.utils.translation import gettext

from files import list_files
from files.list_files import ListError, Row, Table, is_blank
from kpi.lists.blocks import Block
from kpi.lists.blocks_across import AcrossBlock
from kpi.lists.blocks_down import DownBlock
from kpi.lists.channel_titles import may_name_channel, name_channels
from kpi.lists.dates import Around, Order, Stroked, When, around_in
from kpi.lists.found import Found, Problem, Unnamed
from kpi.lists.layout import Layout, Shape, text_of
from kpi.lists.merged import Above, MergedCells
from kpi.lists.numbers import is_figure_like
from kpi.lists.time_down import headless, tables_beside
from kpi.lists.titles import layout_of, with_second_row
from kpi.lists.vocabulary import Vocabulary
from kpi.lists.wording import is_planned

MAX_ROWS = 100_000
WIDEST = 400  # a year of days side by side
MAX_FIGURES = 400_000
EMPTY_ROWS_TO_STOP = 2_000
PROGRESS_EVERY = 500

# Rows done, and about how many there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Hints:
    """What a person says of a list where it does not say it itself."""

    filename: str = ""
    year: int | None = None
    order: Order | None = None
    left_out: frozenset[str] = frozenset()
    """Sheets that are not to be read."""


def read(
    file: BinaryIO, vocabulary: Vocabulary, hints: Hints, progress: Progress | None = None
) -> Found:
    """Read all tables of a file; raises ListError where there is none."""
    with list_files.opened(file, as_shown=True) as tables:
        found = _read_tables(tables, vocabulary, hints, progress)
    if found.has_channels_in_titles:
        name_channels(found, vocabulary)
    if not found.sheets or not _may_hold_figures(found):
        raise ListError(
            gettext(
                "No table of figures was found. It needs a row of titles with days or months:"
                " “Datums, Kanāls, Sekotāju skaits” or “Rādītājs, janv., febr., marts”."
            )
        )
    return found


def _may_hold_figures(found: Found) -> bool:
    """Tell a list of figures from one that only has dates, as a list of people may."""
    if found.needs_year or found.needs_order or found.problems or not found.entries:
        return True
    return any(is_figure_like(entry.cell) for entry in found.entries)


def _read_tables(
    tables: list[Table], vocabulary: Vocabulary, hints: Hints, progress: Progress | None
) -> Found:
    """Read every sheet, or the one way of cutting a text file that gives most figures."""
    if tables[0].name:
        found = Found()
        for table in tables:
            if table.name not in hints.left_out:
                _SheetReader(table, found, vocabulary, hints).read(progress)
        _tell_of_others(found, [t.name for t in tables if t.name not in hints.left_out])
        return found
    cut = []
    for table in tables:
        found = Found()
        _SheetReader(table, found, vocabulary, hints).read(progress)
        if found.entries or found.problems:
            return found
        cut.append(found)
    return max(cut, key=lambda each: len(each.sheets))


def _tell_of_others(found: Found, names: list[str]) -> None:
    others = [name for name in names if name not in found.sheets]
    if found.sheets and others:
        sentence = gettext("No table of figures was found in: %(sheets)s.")
        found.notices.append(sentence % {"sheets": ", ".join(f"“{name}”" for name in others)})


class _SheetReader:
    """Goes through one sheet from the top; a row of titles begins a table, the next ends it."""

    def __init__(self, table: Table, found: Found, vocabulary: Vocabulary, hints: Hints) -> None:
        self.table, self.found = table, found
        self.vocabulary, self.hints = vocabulary, hints
        self.around = self._named_around()
        self.channel = self._channel_in(table.name) or self._channel_in(hints.filename)
        self.channel_before = self.channel
        self.is_channel_of_title = False
        self.title = table.name
        self.block: Block | None = None
        self.merged = MergedCells(table.merged)
        self.above = self.titles = Above()
        self.stroked: list[tuple[DownBlock, int, Row, Stroked]] = []
        self.number_of_sheet = len(found.sheets)
        self.is_found = False
        self.blocks: list[Block] = []
        self.before_block = len(found.entries)

    def read(self, progress: Progress | None) -> None:
        for number, cells in self._filled_rows(progress):
            carried = self.merged.carried(number, cells)
            if self.block is not None and self.block.takes(number, cells, carried):
                continue
            if self.block is None and (starts := tables_beside(cells)):
                self._read_beside(starts, progress)
                return
            self._between(number, cells)
        self._tell_unused()
        self._read_stroked()
        for block in self.blocks:
            self._keep(block)

    def _keep(self, block: Block) -> None:
        found, first = self.found, len(self.found.entries)
        found.entries.extend(block.finished())
        found.has_channels_in_titles |= bool(block.channel)
        if not block.channel and not block.planned and block.layout.channel is None:
            titles = tuple(dict.fromkeys((self.table.name, block.title)))
            found.unnamed.append(Unnamed(first, len(found.entries), titles))

    def _read_beside(self, starts: list[int], progress: Progress | None) -> None:
        """Read tables that stand beside each other one after another."""
        self.found.sheets.append(self.table.name)
        for first, end in pairwise([*starts, WIDEST]):
            rows = partial(_sliced, self.table.rows, first, end)
            merged = tuple(
                each._replace(
                    first_column=each.first_column - first,
                    last_column=min(each.last_column, end - 1) - first,
                )
                for each in self.table.merged
                if first <= each.first_column < end
            )
            part = replace(self.table, rows=rows, merged=merged)
            reader = _SheetReader(part, self.found, self.vocabulary, self.hints)
            reader.number_of_sheet, reader.is_found = self.number_of_sheet, True
            reader.read(progress)

    def _filled_rows(self, progress: Progress | None) -> Iterator[tuple[int, Row]]:
        """Give the rows that hold anything; stop where a sheet has only emptiness left."""
        empty = filled = 0
        number = 0
        for number, cells in enumerate(self.table.rows(WIDEST), start=1):
            if progress and number % PROGRESS_EVERY == 0:
                progress(number, max(number, self.table.expected_rows))
            width = self.block.layout.width if self.block else WIDEST
            if all(map(is_blank, cells[:width])) and all(map(is_blank, cells)):
                empty += 1
                if empty == EMPTY_ROWS_TO_STOP:
                    return
                continue
            empty, filled = 0, filled + 1
            figures = self.before_block + (len(self.block.entries) if self.block else 0)
            if filled > MAX_ROWS or figures > MAX_FIGURES:
                raise ListError(
                    gettext(
                        "The list has more than %(rows)s rows or %(figures)s figures. Split it."
                    )
                    % {"rows": MAX_ROWS, "figures": MAX_FIGURES}
                )
            yield number, cells
        if progress:
            progress(number, number)

    def _between(self, number: int, cells: Row) -> None:
        """Look at a row that is none of a table: titles of the next, a heading, or a remark."""
        cells = _trimmed(cells)
        for _number, heading in self.block.unused_headings if self.block else ():
            self._learn(heading)
        layout = layout_of(cells, self.above, self.around, self.vocabulary)
        if layout is not None:
            self._begin(layout)
            self.titles = self.merged.above(number, cells)
        elif self.block is None and (found := headless(cells, self.above.cells, self.around)):
            self._begin(found)
            assert self.block is not None
            self.block.takes(number, cells)
        elif (
            self.block is not None
            and self.block.has_only_titles
            and (
                joined := with_second_row(
                    self.block.layout, _wide(cells, self.block.layout.width), self.titles
                )
            )
        ):
            self._tell_left_out(joined)
            self.block.layout = joined
        else:
            self._note(number, cells)
        self.above = self.merged.above(number, cells)

    def _begin(self, layout: Layout) -> None:
        if not self.is_found:
            self.is_found = True
            self.found.sheets.append(self.table.name)
        self.found.needs_year |= layout.needs_year
        self.found.years |= _years_around(layout, self.around)
        self._tell_unused()
        self._tell_left_out(layout)
        first = self.above.first
        if layout.period is not None and self.above.wide and first > layout.period:
            # What is merged over some of the titles is said of those alone.
            self.channel = self.channel_before
        if self.block is not None:
            self.before_block += len(self.block.entries)
        block = AcrossBlock if layout.shape == Shape.ACROSS else DownBlock
        self.block = block(
            layout,
            self.found,
            self.number_of_sheet,
            self.around,
            self.channel,
            self.title,
            self.vocabulary,
            self.stroked,
            delimiter=self.table.delimiter,
            planned=self._planned(),
        )
        self.blocks.append(self.block)

    def _planned(self) -> str:
        """Give the title, or the name of the sheet, that says that all of this was planned."""
        title = next((text for text in (self.title, self.table.name) if is_planned(text)), "")
        if title:
            self.found.notice_planned(title)
        return title

    def _tell_left_out(self, layout: Layout) -> None:
        for title in layout.left_out:
            self.found.notice(gettext("The column “%(title)s” is left out.") % {"title": title})

    def _note(self, number: int, cells: Row) -> None:
        self._learn(cells)
        if self.block is not None:
            self._tell_row(number, cells)

    def _learn(self, cells: Row) -> None:
        """Take from a heading the year, month and channel of the table under it."""
        if not any(isinstance(cell, str) for cell in cells):
            return
        self.channel_before = self.channel
        texts = [text_of(cell) for cell in cells if not is_blank(cell)]
        text = " ".join(texts)
        told = around_in(text)
        if told.year or told.month:
            self.around = replace(
                self.around,
                year=self.around.year if self.around.is_answered else told.year or self.around.year,
                month=told.month or self.around.month,
            )
        if channel := self._channel_in(text):
            self.channel, self.is_channel_of_title = channel, True
        elif len(texts) == 1 and self._may_be_channel(text):
            self.channel = text
        if len(texts) == 1:
            self.title = text

    def _may_be_channel(self, text: str) -> bool:
        """Tell the title of the next channel's table, of a channel nobody has told us of."""
        is_next = self.block is not None and self.is_channel_of_title
        return is_next and may_name_channel(text, self.vocabulary)

    def _tell_unused(self) -> None:
        for number, cells in self.block.unused_headings if self.block else ():
            if self.vocabulary.read(" ".join(map(text_of, cells))).series is None:
                self._tell_row(number, cells)

    def _tell_row(self, number: int, cells: Row) -> None:
        text = " ".join(text_of(cell) for cell in cells if not is_blank(cell))
        sentence = gettext("Row %(row)s is left out: “%(text)s”.")
        self.found.notice(sentence % {"row": number, "text": text[:80]})

    def _named_around(self) -> Around:
        """Take year and month from the names of the sheet and the file."""
        sheet, file = around_in(self.table.name), around_in(self.hints.filename)
        year = self.hints.year or sheet.year or file.year
        month = sheet.month or file.month
        return Around(year, month, is_answered=self.hints.year is not None)

    def _channel_in(self, text: str) -> str:
        channel = self.vocabulary.read(text).channel
        return self.vocabulary.channel_names[channel] if channel is not None else ""

    def _read_stroked(self) -> None:
        """Read dates like 01/02/2026 the way the others of the sheet can only be read."""
        if not self.stroked:
            return
        orders = frozenset(Order)
        for _block, _number, _cells, stroked in self.stroked:
            orders &= stroked.orders
        order = self.hints.order if len(orders) != 1 else next(iter(orders))
        self.found.order = order
        self.found.needs_order |= order is None
        self._tell_order(order)
        for block, number, cells, stroked in self.stroked:
            if order is None or order not in stroked.orders:
                self._refuse_stroked(block, number, cells, has_order=order is not None)
            else:
                block.take_at(stroked.read(order), number, cells)

    def _tell_order(self, order: Order | None) -> None:
        if order == Order.DAY_FIRST:
            self.found.notice(gettext("Dates like 01/02/2026 are read with the day first."))
        elif order == Order.MONTH_FIRST:
            self.found.notice(gettext("Dates like 01/02/2026 are read with the month first."))

    def _refuse_stroked(self, block: Block, number: int, cells: Row, *, has_order: bool) -> None:
        value = text_of(cells[block.layout.period or 0])
        if has_order:
            sentence = gettext("“%(value)s” is no day there is.")
        else:
            sentence = gettext(
                "“%(value)s” may be two days: say whether the day or the month comes first."
            )
        self.found.problems.append(
            Problem(self.number_of_sheet, number, "", value, sentence % {"value": value})
        )


def _sliced(
    rows: Callable[[int], Iterator[Row]], first: int, end: int, width: int
) -> Iterator[Row]:
    return (row[first:end] for row in rows(width))


def _years_around(layout: Layout, around: Around) -> set[int]:
    """Give the years that its titles do not tell themselves; those of rows the rows tell."""
    if layout.period is None and not layout.columns and around.year:
        return {around.year}
    times = [layout.columns.get(index) for index in layout.of_any_year]
    return {each.day.year for each in times if isinstance(each, When)}


def _trimmed(cells: Row) -> Row:
    last = max((i for i, cell in enumerate(cells) if not is_blank(cell)), default=-1)
    return cells[: last + 1]


def _wide(cells: Row, width: int) -> Row:
    return [*cells, *[None] * (width - len(cells))]
