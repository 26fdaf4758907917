"""One table of a list: takes its rows apart into figures."""

from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext, gettext_noop
from openpyxl.utils import get_column_letter

from files.list_files import Row, is_blank
from kpi.lists.dates import (
    Around,
    MissingYearError,
    PeriodRefusedError,
    Stroked,
    When,
    read_month,
    read_period,
)
from kpi.lists.found import Entry, Found, Problem
from kpi.lists.layout import Layout, Shape, text_of
from kpi.lists.numbers import is_figure_like
from kpi.lists.vocabulary import Vocabulary
from kpi.lists.wording import is_no_data, is_sum
from kpi.periods import Span

TOO_LONG = gettext_noop(
    "The row has more cells than there are titles: its decimal commas end cells."
    " Save the list with semicolons, or as .xlsx."
)
LOOKED_AT = 200
"""In so many rows figures without a title are looked for."""


class Block:
    """A table with its titles, and what stands around it."""

    def __init__(
        self,
        layout: Layout,
        found: Found,
        sheet: int,
        around: Around,
        channel: str,
        title: str,
        vocabulary: Vocabulary,
        stroked: list[tuple["Block", int, Row, Stroked]],
        *,
        is_text: bool,
    ) -> None:
        self.layout, self.found, self.sheet = layout, found, sheet
        self.around, self.channel, self.title = around, channel, title
        self.vocabulary, self.stroked = vocabulary, stroked
        self.is_text = is_text
        self.looked_at = 0
        self.has_only_titles = True
        self.section = ""
        self.carried: list[str] = []
        self.last_when: When | Stroked | None = None
        self.channels_of_day: set[str] = set()
        self.heading_numbers: dict[int, int] | None = None

    def takes(self, number: int, cells: Row) -> bool:
        """Take a row apart if it is one of this table."""
        if len(cells) < self.layout.width:
            cells = [*cells, *[None] * (self.layout.width - len(cells))]
        take = self._take_across if self.layout.shape == Shape.ACROSS else self._take_down
        if self.is_text and self._is_too_long(cells):
            self.has_only_titles = False
            return self._refuse(number, cells, gettext(TOO_LONG))
        if not take(number, cells):
            return False
        self.has_only_titles = False
        if self.looked_at < LOOKED_AT:
            self.looked_at += 1
            self._tell_untitled(cells)
        return True

    def _is_too_long(self, cells: Row) -> bool:
        """Tell a row of a text file whose decimal commas were taken for the end of a cell."""
        return any(not is_blank(cell) for cell in cells[max(self.layout.titled) + 1 :])

    def _tell_untitled(self, cells: Row) -> None:
        """Say that figures without a title are left out; nobody would miss them otherwise."""
        known = self.layout.titled.union(self.layout.figures, self.layout.labels)
        for index, cell in enumerate(cells):
            if index not in known and isinstance(cell, (int, float)):
                column = get_column_letter(index + 1)
                sentence = gettext("Column %(column)s holds figures without a title: left out.")
                notice = sentence % {"column": column}
                if notice not in self.found.notices:
                    self.found.notices.append(notice)

    # Time down

    def _take_down(self, number: int, cells: Row) -> bool:
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
        self._take_dated(when, number, cells)
        return True

    def _take_dated(self, when: When | Stroked, number: int, cells: Row) -> None:
        self.last_when = when
        self.channels_of_day = {self._own_channel(cells)}
        self._take_when(when, number, cells)

    def _take_when(self, when: When | Stroked, number: int, cells: Row) -> None:
        if isinstance(when, Stroked):
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

    def _row_around(self, cells: Row) -> Around:
        """Complete what stands around the table with the row's own year and month."""
        around, layout = self.around, self.layout
        if layout.year is not None:
            text = text_of(cells[layout.year]).rstrip(".")
            if text.isdecimal() and len(text) == 4:
                around = replace(around, year=int(text))
        if layout.month is not None and (month := read_month(cells[layout.month])):
            around = replace(around, month=month)
        return around

    def _take_undated(self, number: int, cells: Row) -> bool:
        """Decide about a row without a date: of the day above, a sum, or no row at all."""
        first = next((text_of(cell) for cell in cells if not is_blank(cell)), "")
        if not self._has_figure(cells):
            return False
        if is_sum(first):
            return self._leave_out(number, first)
        assert self.layout.period is not None
        cell = cells[self.layout.period]
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

    def _own_channel(self, cells: Row) -> str:
        column = self.layout.channel
        return "" if column is None else text_of(cells[column])

    def take_at(self, when: When, number: int, cells: Row) -> None:
        """Take the figures of a row that is of one day or month."""
        layout, found = self.layout, self.found
        channel = found.channel(self._own_channel(cells) or self.channel)
        if layout.labels:
            label = self._label(cells)
            headings = {
                i: found.heading(
                    label if layout.shape == Shape.LONG else f"{label}: {layout.titles[i]}"
                )
                for i in layout.titles
            }
        else:
            headings = self._headings()
        span, day, sheet, entries = when.span, when.day, self.sheet, found.entries
        for index, heading in headings.items():
            cell = cells[index]
            if cell is not None and not is_blank(cell):
                entries.append(Entry(sheet, number, heading, channel, span, day, cell))

    def _headings(self) -> dict[int, int]:
        if self.heading_numbers is None:
            self.heading_numbers = {
                i: self.found.heading(title) for i, title in self.layout.titles.items()
            }
        return self.heading_numbers

    # Time across

    def _take_across(self, number: int, cells: Row) -> bool:
        label = self._label(cells)
        figures = {i: cells[i] for i in self.layout.columns if not is_blank(cells[i])}
        if not figures or not any(map(is_figure_like, figures.values())):
            return self._take_section(label, figures)
        channel = self._own_channel(cells)
        if not label and not channel:
            return self._refuse(number, cells, gettext("The row has no name."))
        if is_sum(label) or is_sum(channel):
            return self._leave_out(number, label or channel)
        heading = self._heading(label)
        channel_number = self.found.channel(channel or self.channel)
        add = self.found.entries.append
        for index, cell in figures.items():
            when = self._when(index, cells)
            if isinstance(when, When):
                part = self.layout.parts.get(index, "")
                named = self.found.heading(f"{heading}: {part}" if part else heading)
                add(Entry(self.sheet, number, named, channel_number, when.span, when.day, cell))
            elif is_figure_like(cell) and not is_no_data(text_of(cell)):
                self._refuse_cell(number, label, cell, when)
        return True

    def _take_section(self, label: str, figures: dict[int, object]) -> bool:
        """Remember a heading inside a table: the rows under it are of its channel or indicator."""
        if not label or figures:
            return False
        meaning = self.vocabulary.read(label)
        if meaning.is_channel_alone or (meaning.series is not None and meaning.is_whole):
            self.section = label
            return True
        # An indicator nobody has filled in yet, or a remark.
        return meaning.series is not None

    def _label(self, cells: Row) -> str:
        """Join what names a row; a name that stands once for several rows is carried down."""
        texts = [text_of(cells[index]) for index in self.layout.labels]
        if len(texts) > 1 and not texts[0] and any(texts[1:]) and self.carried:
            texts[0] = self.carried[0]
        if len(texts) == 1 and not texts[0] and self.carried and self._own_channel(cells):
            texts = self.carried
        if any(texts):
            self.carried = texts
        return ": ".join(text for text in texts if text)

    def _heading(self, label: str) -> str:
        """Complete the name of a row with the section, or the title, it stands under."""
        if not label:
            return self.section or self.title
        meaning = self.vocabulary.read(label)
        if meaning.series is not None and meaning.channel is not None:
            return label
        if self.section:
            return f"{self.section}: {label}"
        if meaning.is_channel_alone and self.vocabulary.read(self.title).series is not None:
            return f"{self.title}: {label}"
        return label

    def _when(self, index: int, cells: Row) -> When | Stroked | PeriodRefusedError:
        when = self.layout.columns[index]
        year = self._row_around(cells).year
        if self.layout.year is not None and isinstance(when, When) and year:
            return When(when.span, when.day.replace(year=year))
        return when

    # Both

    def _has_figure(self, cells: Row) -> bool:
        return any(is_figure_like(cells[i]) for i in self.layout.figures)

    def _leave_out(self, number: int, name: str) -> bool:
        sentence = gettext("Row %(row)s, “%(name)s”, adds up others and is left out.")
        self.found.notices.append(sentence % {"row": number, "name": name[:60]})
        return True

    def _refuse(self, number: int, cells: Row, reason: str) -> bool:
        shown = ", ".join(text_of(cells[i]) for i in self.layout.figures if not is_blank(cells[i]))
        self.found.problems.append(Problem(self.sheet, number, "", shown[:60], reason))
        return True

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
