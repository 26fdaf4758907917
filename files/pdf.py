"""Documents to print and to keep: PDF on A4 with Latvian letters, page numbers and the day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from fpdf import FPDF
from fpdf.enums import CellBordersLayout, MethodReturnValue, TableBordersLayout, VAlign, XPos, YPos
from fpdf.fonts import FontFace, TTFFont
from fpdf.util import Padding

FONTS = Path(__file__).resolve().parent.parent / "static/vendor/dejavu"
FAMILY = "DejaVu"
INK, QUIET, LINE = (20, 30, 40), (90, 100, 110), (190, 196, 202)
LINE_HEIGHT, ABOVE, BESIDE = 5, 1, 1.5
"""Of a table, in mm: its lines, and the room around the words of a cell."""

LINES_TOGETHER = 8
"""A row with more lines than this is written in pieces, which may stand on several pages."""


@dataclass(frozen=True)
class Column:
    """A column of a printed table; its width is a share, beside the widths of the others."""

    title: str
    width: float = 1
    is_number: bool = False


class Paper(FPDF):
    """A document that is written from the top down; all texts are plain, nothing is markup."""

    def __init__(self, title: str, *, subtitle: str, at: datetime) -> None:
        super().__init__(format="A4")
        self.add_font(FAMILY, "", FONTS / "DejaVuSansCondensed.ttf")
        self.add_font(FAMILY, "B", FONTS / "DejaVuSansCondensed-Bold.ttf")
        self.set_auto_page_break(True, margin=18)
        self.set_margins(16, 16)
        self.set_title(title)
        self.set_author(settings.SITE_NAME)
        self.set_lang(get_language() or settings.LANGUAGE_CODE)
        self.set_creation_date(at)
        self._made = date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
        self._name = title
        self.add_page()
        self._words(title, size=17, style="B")
        self._words(subtitle, size=10, colour=QUIET)
        self.ln(3)

    def footer(self) -> None:
        """Name the document, the day and the page at the bottom of each page."""
        self.set_y(-13)
        self.set_font(FAMILY, size=8)
        self.set_text_color(*QUIET)
        page = gettext("Page %(page)s of %(all)s") % {"page": self.page_no(), "all": "{nb}"}
        self.cell(0, 5, f"{settings.SITE_NAME} · {self._name} · {self._made}")
        self.set_x(self.l_margin)
        self.cell(0, 5, page, align="R")

    def lay(self, *, is_wide: bool) -> None:
        """Go on on a page that lies on its side, or stands upright, unless this one does."""
        if is_wide != (self.w > self.h):
            self.add_page("landscape" if is_wide else "portrait")

    def heading(self, text: str) -> None:
        """Begin a part, on the next page where only a heading would fit on this one."""
        if self.will_page_break(30):
            self.add_page(same=True)
        self.ln(3)
        self.start_section(text)
        self._words(text, size=12.5, style="B")
        self.ln(1)

    def paragraph(self, text: str, *, is_quiet: bool = False) -> None:
        self._words(text, size=10, colour=QUIET if is_quiet else INK)
        self.ln(1)

    def facts(self, lines: Sequence[tuple[str, str]]) -> None:
        """Write names with what they stand for, one below the other."""
        self._table(
            [Column("", 2), Column("", 5)],
            [list(line) for line in lines],
            has_heads=False,
            borders=TableBordersLayout.NONE,
        )

    def write_table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Write a table; its heads are repeated on each page."""
        self._table(columns, rows, has_heads=True, borders=TableBordersLayout.HORIZONTAL_LINES)

    def as_bytes(self) -> bytes:
        content = bytes(self.output())
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                # Its file stays open otherwise until the garbage is collected.
                font.ttfont.close()
        return content

    def _words(
        self, text: str, *, size: float, style: str = "", colour: tuple[int, int, int] = INK
    ) -> None:
        self.set_font(FAMILY, style, size)
        self.set_text_color(*colour)
        self.multi_cell(0, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        has_heads: bool,
        borders: TableBordersLayout,
    ) -> None:
        self.set_font(FAMILY, size=9)
        self.set_text_color(*INK)
        self.set_draw_color(*LINE)
        with self.table(
            col_widths=tuple(column.width for column in columns),
            text_align=tuple("RIGHT" if column.is_number else "LEFT" for column in columns),
            v_align=VAlign.T,
            headings_style=FontFace(emphasis="BOLD", color=QUIET, size_pt=7.5),
            first_row_as_headings=has_heads,
            borders_layout=borders,
            line_height=LINE_HEIGHT,
            padding=(ABOVE, BESIDE),
        ) as table:
            if has_heads:
                table.row([column.title for column in columns])
            for row in rows:
                pieces = list(self._pieces(columns, row))
                for number, piece in enumerate(pieces):
                    is_first, is_last = number == 0, number == len(pieces) - 1
                    below = CellBordersLayout.INHERIT if is_last else CellBordersLayout.NONE
                    room = (ABOVE * is_first, BESIDE, ABOVE * is_last, BESIDE)
                    written = table.row()
                    for text in piece:
                        written.cell(text, border=below, padding=room)
        self.ln(2)

    def _pieces(self, columns: Sequence[Column], row: Sequence[str]) -> Iterator[Sequence[str]]:
        """Part a row that is too high, since one higher than a page cannot be drawn at all."""
        room = self.epw / sum(column.width for column in columns)
        lines = [
            self._lines(text, column.width * room)
            for text, column in zip(row, columns, strict=True)
        ]
        if max(map(len, lines)) <= LINES_TOGETHER:
            yield row
            return
        parted = [_parts(each) for each in lines]
        yield from zip_longest(*parted, fillvalue="")

    def _lines(self, text: str, width: float) -> list[str]:
        """Give a text as it falls into lines in a column."""
        found: list[str] = self.multi_cell(  # type: ignore[assignment]
            width,
            text=text,
            align="L",
            padding=Padding(ABOVE, BESIDE, ABOVE, BESIDE),
            dry_run=True,
            output=MethodReturnValue.LINES,
        )
        return found


def _parts(lines: Sequence[str]) -> list[str]:
    starts = range(0, len(lines), LINES_TOGETHER)
    return ["\n".join(lines[start : start + LINES_TOGETHER]) for start in starts]
