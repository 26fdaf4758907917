"""Take rows apart in which time goes down: each is of one day or month."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext

from files.list_files import Row, is_blank
from kpi.lists.blocks import Block
from kpi.lists.dates import MissingYearError, PeriodRefusedError, Stroked, When, read_period
from kpi.lists.found import Entry
from kpi.lists.layout import Shape, text_of
from kpi.lists.wording import TITLES, is_sum, plain
from kpi.periods import Span


class DownBlock(Block):
    """A table with a row for each day or month, or for each figure of one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last_when: When | Stroked | None = None
        self.channels_of_day: set[str] = set()
        self.heading_numbers: dict[int, int] | None = None
        self.is_out_of_order = self.is_year_noted = False
        holds_days = self.layout.period is not None and self.layout.month is None
        self.ends_of_months: set[date] | None = set() if holds_days else None
        """All days, as long as they are firsts or lasts of months."""

    def _take(self, number: int, cells: Row) -> bool:
        layout = self.layout
        if layout.period is None:
            return self._take_of_month(number, cells)
        cell = cells[layout.period]
        if isinstance(cell, datetime) and not layout.as_month:
            self._take_dated(When(Span.DAY, cell.date()), number, cells)
            return True
        try:
            when = read_period(cell, self._row_around(cells), as_month=layout.as_month)
        except MissingYearError as refusal:
            self.found.needs_year = True
            return self._refuse(number, cells, str(refusal))
        except PeriodRefusedError as refusal:
            return self._refuse(number, cells, str(refusal))
        if when is None:
            return self._take_undated(number, cells)
        if self.around.year and not self.is_year_noted:
            self._note_year(when, cells)
        self._take_dated(when, number, cells)
        return True

    def _note_year(self, when: When | Stroked, cells: Row) -> None:
        """Note a year that stands in the titles or names around the table, and not in the row."""
        layout, own = self.layout, replace(self._row_around(cells), year=None)
        assert layout.period is not None
        if layout.year is not None and not is_blank(cells[layout.year]):
            return
        try:
            read_period(cells[layout.period], own, as_month=layout.as_month)
        except PeriodRefusedError:
            self.is_year_noted = True
            self.found.years.add(when.day.year if isinstance(when, When) else when.year)

    def _take_dated(self, when: When | Stroked, number: int, cells: Row) -> None:
        self.last_when = when
        self.channels_of_day = {self._own_channel(cells)}
        self._take_when(when, number, cells)

    def _take_when(self, when: When | Stroked, number: int, cells: Row) -> None:
        if isinstance(when, Stroked):
            self.is_out_of_order = True
            self.stroked.append((self, number, cells, when))
        else:
            self.take_at(when, number, cells)

    def _take_of_month(self, number: int, cells: Row) -> bool:
        """Take a row of a sheet that is all of one month."""
        names = [*self.layout.labels, self.layout.channel]
        label = text_of(next((cells[i] for i in names if i is not None), None))
        if not label or not self._has_figure(cells):
            return False
        if is_sum(label):
            return self._leave_out(number, label)
        assert self.around.year is not None
        assert self.around.month is not None, "layouts without a period are of one month"
        month = date(self.around.year, self.around.month, 1)
        self.take_at(When(Span.MONTH, month), number, cells)
        return True

    def _take_undated(self, number: int, cells: Row) -> bool:
        """Decide about a row without a date: of the day above, a sum, or no row at all."""
        first = next((text_of(cell) for cell in cells if not is_blank(cell)), "")
        assert self.layout.period is not None
        cell = cells[self.layout.period]
        if plain(text_of(cell)) in TITLES or not self._has_figure(cells):
            return False
        if is_sum(first):
            return self._leave_out(number, first)
        channel = self._own_channel(cells)
        if is_blank(cell) and channel and self.last_when is not None and self._is_next(channel):
            self._take_when(self.last_when, number, cells)
            return True
        if is_blank(cell):
            return self._refuse(number, cells, gettext("The row has no date."))
        sentence = gettext("“%(value)s” is not a date. Write it like 12.03.2026 or 2026-03-12.")
        return self._refuse(number, cells, sentence % {"value": text_of(cell)[:60]})

    def _is_next(self, channel: str) -> bool:
        """Tell whether a day written once still lacks this channel, as under a merged cell."""
        is_next = channel not in self.channels_of_day
        self.channels_of_day.add(channel)
        return is_next

    def take_at(self, when: When, number: int, cells: Row) -> None:
        """Take the figures of a row that is of one day or month."""
        layout, found = self.layout, self.found
        if self.ends_of_months is not None:
            self._note_end_of_month(when)
        channel = found.channel(self._own_channel(cells) or self.channel)
        if layout.labels:
            label = self._label(cells)
            headings = {
                i: self._numbered(
                    label if layout.shape == Shape.LONG else f"{label}: {layout.titles[i]}"
                )
                for i in layout.titles
            }
        else:
            headings = self._headings()
        span, day, sheet, entries = when.span, when.day, self.sheet, self.entries
        for index, heading in headings.items():
            cell = cells[index]
            if cell is not None and not is_blank(cell):
                entries.append(Entry(sheet, number, heading, channel, span, day, cell))

    def _headings(self) -> dict[int, int]:
        if self.heading_numbers is None:
            self.heading_numbers = {
                i: self._numbered(self._titled(title)) for i, title in self.layout.titles.items()
            }
        return self.heading_numbers

    def _note_end_of_month(self, when: When) -> None:
        assert self.ends_of_months is not None
        if when.span == Span.DAY and (when.day.day == 1 or _is_last(when.day)):
            self.ends_of_months.add(when.day)
        else:
            self.ends_of_months = None

    def finished(self) -> list[Entry]:
        if self.is_out_of_order:
            self.entries.sort(key=attrgetter("row"))
        if not self._is_of_months():
            return self.entries
        self.found.notice(
            gettext(
                "All dates of the table are the first or the last days of months:"
                " its figures are taken for the months."
            )
        )
        return [
            entry._replace(span=Span.MONTH, day=entry.day.replace(day=1)) for entry in self.entries
        ]

    def _is_of_months(self) -> bool:
        """Tell months that are written as dates from days."""
        days = self.ends_of_months or set()
        months = {day.replace(day=1) for day in days}
        if len(days) < 2 or len(months) < len(days):
            return False
        return months == days or all(map(_is_last, days))


def _is_last(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1
