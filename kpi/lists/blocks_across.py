"""Take rows apart in which time goes across: each is of one indicator."""

from datetime import date
from typing import Any

from django.utils.translation import gettext

from files.list_files import Row, is_blank
from kpi.lists.around import Around, around_in
from kpi.lists.blocks import Block
from kpi.lists.dates import PeriodRefusedError, Stroked, When, read_period
from kpi.lists.found import Entry, Problem
from kpi.lists.layout import text_of
from kpi.lists.numbers import is_figure_like
from kpi.lists.vocabulary import Meaning
from kpi.lists.wording import (
    ACTUAL_TITLES,
    CHANNEL_TITLES,
    SERIES_TITLES,
    is_no_data,
    is_planned,
    is_remark,
    is_sum,
    plain,
    says_only_a_year,
    without_year,
)

_ANY_YEAR = Around(2024)


class AcrossBlock(Block):
    """A table with a row for each indicator; headings inside it name channels or indicators."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = ""
        self.unfilled = ""
        """An indicator without figures: of channels that follow, or not filled in yet."""

        self.section_year: int | None = None

    def _take(self, number: int, cells: Row) -> bool:
        label = self._label(cells)
        figures = {i: cells[i] for i in self.layout.columns if not is_blank(cells[i])}
        if self._are_titles(label, figures):
            return False
        if not figures:
            return self._take_heading(number, cells, label)
        if not any(map(is_figure_like, figures.values())):
            return False
        self.unused_headings.clear()
        channel = self._own_channel(cells)
        if not label and not channel:
            return self._refuse(number, cells, gettext("The row has no name."))
        if is_sum(label) or is_sum(channel):
            return self._leave_out(number, label or channel)
        self._add(number, cells, label, figures)
        return True

    def _add(self, number: int, cells: Row, label: str, figures: dict[int, object]) -> None:
        heading = self._heading(label)
        channel = self.found.channel(self._own_channel(cells) or self.channel)
        add = self.entries.append
        for index, cell in figures.items():
            when = self._when(index, cells)
            if isinstance(when, When):
                part = self.layout.parts.get(index, "")
                named = self._numbered(f"{heading}: {part}" if part else heading)
                add(Entry(self.sheet, number, named, channel, when.span, when.day, cell))
            elif is_figure_like(cell) and not is_no_data(text_of(cell)):
                self._refuse_cell(number, label, cell, when)

    def _are_titles(self, label: str, figures: dict[int, object]) -> bool:
        """Tell the titles of another table: months and days over it look like figures."""
        if without_year(plain(label)) in SERIES_TITLES | CHANNEL_TITLES:
            return True
        # Of an indicator, dates are numbers that Excel took for such.
        is_indicator = self.vocabulary.read(label).series is not None
        return not is_indicator and len(figures) > 1 and all(map(_is_time, figures.values()))

    def _take_heading(self, number: int, cells: Row, label: str) -> bool:
        """Remember a heading inside a table: the rows under it are of its channel or indicator."""
        if not label or is_remark(label):
            return False
        self.unused_headings.append((number, cells))
        year = around_in(label).year
        self.section_year = year or self.section_year
        meaning = self.vocabulary.read(label)
        if meaning.series is not None:
            self.unfilled = label if meaning.channel is None else ""
        elif year is None or meaning.channel is not None or not says_only_a_year(label):
            is_actual = plain(label) in ACTUAL_TITLES
            self.section, self.unfilled = "" if is_actual else label, ""
        return True

    def _heading(self, label: str) -> str:
        """Complete the name of a row with the section, or the title, it stands under."""
        if not label:
            return self.section or self.title
        meaning = self.vocabulary.read(label)
        self._choose_section(meaning)
        is_complete = meaning.series is not None and meaning.channel is not None
        if self.section and (not is_complete or is_planned(self.section)):
            return f"{self.section}: {label}"
        return self._titled(label)

    def _choose_section(self, meaning: Meaning) -> None:
        """Let an indicator be a section only for channels, and only until the next indicator."""
        is_of_indicator = self.vocabulary.read(self.section).series is not None
        if meaning.series is not None and is_of_indicator:
            self.section = ""
        has_channels = meaning.is_channel_alone or not self.section or is_of_indicator
        if meaning.series is None and self.unfilled and has_channels:
            self.section = self.unfilled
        self.unfilled = ""

    def _when(self, index: int, cells: Row) -> When | Stroked | PeriodRefusedError:
        when = self.layout.columns[index]
        year = self._row_around(cells).year if self.layout.year is not None else None
        if year is None and index in self.layout.of_any_year:
            year = self.section_year
        if year and isinstance(when, When):
            return When(when.span, when.day.replace(year=year))
        return when

    def _refuse_cell(
        self, number: int, label: str, cell: object, when: Stroked | PeriodRefusedError
    ) -> None:
        if isinstance(when, PeriodRefusedError):
            reason = str(when)
        else:
            value = f"{when.first}/{when.second}/{when.year}"
            sentence = gettext("“%(value)s” over the column may be two days. Write 12.03.2026.")
            reason = sentence % {"value": value}
        self.found.problems.append(Problem(self.sheet, number, label, text_of(cell)[:60], reason))


def _is_time(cell: object) -> bool:
    if isinstance(cell, date):
        return True
    if not isinstance(cell, str) or not any(map(str.isalpha, cell)):
        return False
    try:
        return read_period(cell, _ANY_YEAR) is not None
    except PeriodRefusedError:
        return False
