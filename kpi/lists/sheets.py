"""Read one sheet of a list from the top: find its tables, and give each row to the one it is of."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise

from django.utils.translation import gettext

from files.list_files import ListError, Row, Table, is_blank
from kpi.lists.around import Around
from kpi.lists.blocks import Block
from kpi.lists.blocks_across import AcrossBlock
from kpi.lists.blocks_down import DownBlock
from kpi.lists.dates import Stroked, When
from kpi.lists.found import Found, Unnamed
from kpi.lists.headings import Headings
from kpi.lists.hints import Hints
from kpi.lists.layout import Layout, Shape, text_of
from kpi.lists.merged import Above, MergedCells
from kpi.lists.stroked_dates import read_stroked
from kpi.lists.time_down import headless, tables_beside
from kpi.lists.titles import layout_of, with_second_row
from kpi.lists.vocabulary import Vocabulary

MAX_ROWS = 100_000
WIDEST = 400  # a year of days side by side
MAX_FIGURES = 400_000
EMPTY_ROWS_TO_STOP = 2_000
PROGRESS_EVERY = 500

# Rows done, and about how many there are.
Progress = Callable[[int, int], None]


class SheetReader:
    """Goes through one sheet from the top; a row of titles begins a table, the next ends it."""

    def __init__(self, table: Table, found: Found, vocabulary: Vocabulary, hints: Hints) -> None:
        self.table, self.found = table, found
        self.vocabulary, self.hints = vocabulary, hints
        self.headings = Headings(table.name, hints, vocabulary)
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
        read_stroked(self.stroked, self.found, self.hints.order)
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
            reader = SheetReader(part, self.found, self.vocabulary, self.hints)
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
            self.headings.learn(heading, is_after_table=True)
        layout = layout_of(cells, self.above, self.headings.around, self.vocabulary)
        if layout is not None:
            self._begin(layout)
            self.titles = self.merged.above(number, cells)
        elif self.block is None and (
            found := headless(cells, self.above.cells, self.headings.around)
        ):
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
        self.found.years |= _years_around(layout, self.headings.around)
        self._tell_unused()
        self._tell_left_out(layout)
        if planned := self.headings.planned:
            self.found.notice_planned(planned)
        first = self.above.first
        if layout.period is not None and self.above.wide and first > layout.period:
            # What is merged over some of the titles is said of those alone.
            self.headings.forget_last_channel()
        if self.block is not None:
            self.before_block += len(self.block.entries)
        block = AcrossBlock if layout.shape == Shape.ACROSS else DownBlock
        self.block = block(
            layout,
            self.found,
            self.number_of_sheet,
            self.headings.around,
            self.headings.channel,
            self.headings.title,
            self.vocabulary,
            self.stroked,
            delimiter=self.table.delimiter,
            planned=planned,
        )
        self.blocks.append(self.block)

    def _tell_left_out(self, layout: Layout) -> None:
        for title in layout.left_out:
            self.found.notice(gettext("The column “%(title)s” is left out.") % {"title": title})

    def _note(self, number: int, cells: Row) -> None:
        self.headings.learn(cells, is_after_table=self.block is not None)
        if self.block is not None:
            self._tell_row(number, cells)

    def _tell_unused(self) -> None:
        for number, cells in self.block.unused_headings if self.block else ():
            if self.vocabulary.read(" ".join(map(text_of, cells))).series is None:
                self._tell_row(number, cells)

    def _tell_row(self, number: int, cells: Row) -> None:
        text = " ".join(text_of(cell) for cell in cells if not is_blank(cell))
        sentence = gettext("Row %(row)s is left out: “%(text)s”.")
        self.found.notice(sentence % {"row": number, "text": text[:80]})


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
