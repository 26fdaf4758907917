"""One table of a list: takes its rows apart into figures."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext, gettext_noop
from openpyxl.utils import get_column_letter

from files.list_files import Row, is_blank
from kpi.lists.around import Around
from kpi.lists.dates import Stroked
from kpi.lists.found import Entry, Found, Problem
from kpi.lists.layout import Layout, text_of
from kpi.lists.merged import NOTHING
from kpi.lists.month_names import read_month
from kpi.lists.numbers import is_figure_like, is_number
from kpi.lists.vocabulary import Vocabulary
from kpi.lists.wording import says_nothing

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
        delimiter: str,
        planned: str,
    ) -> None:
        self.layout, self.found, self.sheet = layout, found, sheet
        self.around, self.channel, self.title = around, channel, title
        self.vocabulary, self.stroked = vocabulary, stroked
        self.delimiter = delimiter
        self.planned = planned
        self.looked_at = 0
        self.has_only_titles = True
        self.entries: list[Entry] = []
        self.carried: list[str] = []
        self.unused_headings: list[tuple[int, Row]] = []
        """Rows that may name a part of this table, or the next table."""

    def takes(self, number: int, cells: Row, carried: Mapping[int, object] = NOTHING) -> bool:
        """Take a row apart if it is one of this table; `carried` is said by merged cells above."""
        if len(cells) < self.layout.width:
            cells = [*cells, *[None] * (self.layout.width - len(cells))]
        if carried:
            cells = self._completed(cells, carried)
        if self.delimiter == "," and self._is_too_long(cells):
            self.has_only_titles = False
            return self._refuse(number, cells, gettext(TOO_LONG))
        if not self._take(number, cells):
            return False
        self.has_only_titles = False
        if self.looked_at < LOOKED_AT:
            self.looked_at += 1
            self._tell_untitled(cells)
        return True

    def _completed(self, cells: Row, carried: Mapping[int, object]) -> Row:
        """Fill in what names a row; a figure that is merged over several rows stands once."""
        completed = list(cells)
        for index in self.layout.names:
            if index in carried and is_blank(completed[index]):
                completed[index] = carried[index]
        return completed

    def finished(self) -> list[Entry]:
        """Give all figures of the table, in the order of its rows."""
        return self.entries

    def _take(self, number: int, cells: Row) -> bool:
        raise NotImplementedError

    def _is_too_long(self, cells: Row) -> bool:
        """Tell a row whose decimal commas were taken for the ends of cells."""
        return any(not is_blank(cell) for cell in cells[max(self.layout.titled) + 1 :])

    def _tell_untitled(self, cells: Row) -> None:
        """Say that figures without a title are left out; nobody would miss them otherwise."""
        known = self.layout.titled.union(self.layout.figures, self.layout.labels)
        for index, cell in enumerate(cells):
            if index not in known and is_number(cell):
                sentence = gettext("Column %(column)s holds figures without a title: left out.")
                self.found.notice(sentence % {"column": get_column_letter(index + 1)})

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

    def _titled(self, heading: str) -> str:
        """Complete a heading that does not say what it counts with the title of the table."""
        meaning = self.vocabulary.read(heading)
        if not self.title or meaning.series is not None:
            return heading
        is_of_title = self.vocabulary.read(self.title).series is not None
        if says_nothing(heading) or (is_of_title and meaning.is_channel_alone):
            return f"{self.title}: {heading}"
        return heading

    def _numbered(self, heading: str) -> int:
        """Note a heading; figures that were planned are kept apart by their title."""
        return self.found.heading(f"{self.planned}: {heading}" if self.planned else heading)

    def _own_channel(self, cells: Row) -> str:
        column = self.layout.channel
        return "" if column is None else text_of(cells[column])

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
