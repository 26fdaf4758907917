"""Documents to print and to keep: PDF on A4 with Latvian letters, page numbers and the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

FONTS = settings.BASE_DIR / "static/vendor/dejavu"
FAMILY = "DejaVu"
INK, QUIET, LINE = (20, 30, 40), (90, 100, 110), (190, 196, 202)


@dataclass(frozen=True)
class Column:
    """A column of a printed table; its width is a share, beside the widths of the others."""

    title: str
    width: float = 1
    is_number: bool = False


class Paper(FPDF):
    """A document that is written from the top down; all texts are plain, nothing is markup."""

    def __init__(self, title: str, *, subtitle: str, at: datetime, is_wide: bool = False) -> None:
        super().__init__(orientation="landscape" if is_wide else "portrait", format="A4")
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

    def heading(self, text: str) -> None:
        """Begin a part, on the next page where only a heading would fit on this one."""
        if self.will_page_break(30):
            self.add_page()
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
        return bytes(self.output())

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
            headings_style=FontFace(emphasis="BOLD", color=QUIET, size_pt=7.5),
            first_row_as_headings=has_heads,
            borders_layout=borders,
            line_height=5,
            padding=(1, 1.5),
        ) as table:
            if has_heads:
                table.row([column.title for column in columns])
            for row in rows:
                table.row(row)
        self.ln(2)
