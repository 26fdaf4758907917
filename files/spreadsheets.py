"""Write spreadsheets in which nothing that people typed becomes a formula."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

# The last four are the full-width forms, which some spreadsheets take for the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MAX_TEXT = 32_767
_MAX_WIDTH = 50
_NOT_IN_TITLES = re.compile(r"[\\*?:/\[\]]")


def safe_cell(value: object) -> object:
    """Put an apostrophe before text that a spreadsheet would read as a formula; for CSV files."""
    if isinstance(value, Promise):
        value = str(value)
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook that is to be written."""

    title: str
    headers: Sequence[object]
    rows: Iterable[Sequence[object]]
    above: str = ""
    """What stands above each printed page: of what it is, of which days, made when."""


def write_xlsx(
    headers: Sequence[object], rows: Iterable[Sequence[object]], *, title: str = ""
) -> bytes:
    """Write rows one by one into a workbook with one sheet."""
    return write_workbook([Sheet(title, headers, rows)])


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Write a workbook row by row; every text is typed as text."""
    workbook = Workbook(write_only=True)
    for sheet in sheets:
        _write_sheet(workbook, sheet)
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


def _write_sheet(workbook: Workbook, wanted: Sheet) -> None:
    title = _NOT_IN_TITLES.sub(" ", wanted.title)[:31]
    sheet: WriteOnlyWorksheet = workbook.create_sheet(title or None)
    sheet.freeze_panes = "A2"
    if wanted.above:
        _write_margins(sheet, wanted.above)
    for index, header in enumerate(wanted.headers, start=1):
        width = min(max(len(str(header)) + 4, 14), _MAX_WIDTH)
        # Missing in the stubs.
        columns = sheet.column_dimensions  # type: ignore[attr-defined]
        columns[get_column_letter(index)].width = width
    sheet.append([_header_cell(sheet, header) for header in wanted.headers])
    for row in wanted.rows:
        sheet.append([_cell(sheet, value) for value in row])


def _write_margins(sheet: WriteOnlyWorksheet, above: str) -> None:
    """Put words above each printed page, its number below, and repeat the headers."""
    header, footer = sheet.oddHeader, sheet.oddFooter
    assert header is not None
    assert footer is not None
    # What follows an ampersand is a command.
    header.left.text = above.replace("&", "&&")
    footer.right.text = "&P / &N"
    sheet.print_title_rows = "1:1"


def _header_cell(sheet: WriteOnlyWorksheet, header: object) -> Cell:
    cell = _text_cell(sheet, str(header))
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
    if isinstance(value, datetime):
        # Spreadsheets know no time zones: people get the time on their clock.
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, (str, Promise)):
        return _text_cell(sheet, str(value))
    return value


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell: Cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_MAX_TEXT]
    cell.data_type = "s"
    if text.lstrip(" ").startswith(FORMULA_STARTS):
        # Keeps it text also when somebody edits the cell in Excel.
        cell.quotePrefix = True
    return cell
