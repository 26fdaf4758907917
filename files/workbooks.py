"""Open an Excel workbook somebody sent, bounded before anything is unpacked.

openpyxl reads XML through defusedxml, which refuses entities.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, BinaryIO, cast

import openpyxl
from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from files.tables import (
    MAX_ROWS,
    Formula,
    ListError,
    Merged,
    Row,
    Table,
    Uncalculated,
    not_a_spreadsheet,
)

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_STRINGS_BYTES = 60 * 1024 * 1024
MAX_RATIO = 200
RATIO_COUNTS_FROM = 10 * 1024 * 1024
MAX_MEMBERS = 2_000
MOST_MERGED = 50_000

AnyCell = ReadOnlyCell | EmptyCell
CellReader = Callable[[Any], object]


def check_archive(file: BinaryIO) -> None:
    """Look at the table of contents only: nothing is unpacked before its size is known."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            is_open_document = "mimetype" in names and b"opendocument.spreadsheet" in (
                archive.read("mimetype") if archive.getinfo("mimetype").file_size < 200 else b""
            )
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        raise _damaged() from None
    finally:
        file.seek(0)
    _check_unpacked_size(members)
    if is_open_document:
        raise ListError(
            _(
                "This is an OpenDocument file (.ods)."
                " Open it in LibreOffice or Excel and save it as .xlsx."
            )
        )
    if any(name.endswith(".iwa") or name == "Index.zip" for name in names):
        raise ListError(
            _("This is an Apple Numbers file. Open it in Numbers and export it as Excel (.xlsx).")
        )
    if "xl/workbook.bin" in names:
        raise ListError(
            _("This is a binary Excel file (.xlsb). Open it in Excel and save it as .xlsx.")
        )
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise not_a_spreadsheet()


def _check_unpacked_size(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    strings = sum(
        member.file_size for member in members if member.filename.endswith("sharedStrings.xml")
    )
    is_bomb = unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * max(packed, 1)
    if (
        is_bomb
        or unpacked > MAX_UNPACKED_BYTES
        or strings > MAX_STRINGS_BYTES
        or len(members) > MAX_MEMBERS
    ):
        raise ListError(
            _(
                "The file unpacks to %(size)s MB, far more than a list needs, and was not opened."
                " Copy the list into a new Excel file and send that."
            )
            % {"size": unpacked // 1024**2}
        )


def _damaged() -> ListError:
    return ListError(
        _(
            "The file is damaged or was not sent completely."
            " Save it again in Excel and send it again."
        )
    )


@contextmanager
def workbook(file: BinaryIO, *, as_shown: bool = False) -> Iterator[list[Table]]:
    """Give the visible sheets of a workbook that `check_archive` has let through."""
    marks = _marks(file) if as_shown else _Marks()
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=as_shown, keep_links=False)
        sheets = cast("list[ReadOnlyWorksheet]", list(book.worksheets))
    except Exception as error:
        # openpyxl meets a malformed file with whatever exception its parts happen to raise.
        raise _unreadable(error) from error
    if not sheets:
        raise _damaged()
    try:
        tables = [_table(sheet, _reading(as_shown, marks), marks) for sheet in _visible(sheets)]
        if marks.is_uncalculated:
            with workbook(file) as written:
                yield [_marked(*pair) for pair in zip(tables, written, strict=True)]
        else:
            yield tables
    finally:
        book.close()


def _reading(as_shown: bool, marks: "_Marks") -> CellReader | None:
    """Choose what is taken of a cell; None for its plain value, which is quickest."""
    if not as_shown:
        return _written
    return _shown if marks.has_shares else None


def _visible(sheets: list[ReadOnlyWorksheet]) -> list[ReadOnlyWorksheet]:
    return [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets


def _table(sheet: ReadOnlyWorksheet, value: CellReader | None, marks: "_Marks") -> Table:
    expected = min(sheet.max_row or 0, MAX_ROWS)
    # The stated size may be wrong; the rows themselves are counted instead.
    sheet.reset_dimensions()
    # openpyxl leaves merged cells out of what it reads by rows, and tells the part only so.
    merged = tuple(marks.merged.get(sheet._worksheet_path, ()))  # type: ignore[attr-defined]
    return Table(sheet.title, _sheet_rows(sheet, value), expected, merged)


def _unreadable(error: BaseException) -> ListError:
    """Tell an attempt to smuggle in entities from a file that is merely broken."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DefusedXmlException):
            return ListError(
                _(
                    "The file holds XML entities, which Excel never writes, and was not read."
                    " Save it again in Excel."
                )
            )
        # openpyxl wraps what it meets on opening.
        cause = cause.__cause__ or cause.__context__
    return _damaged()


def _sheet_rows(
    sheet: ReadOnlyWorksheet, value: CellReader | None
) -> Callable[[int], Iterator[Row]]:
    def rows(width: int) -> Iterator[Row]:
        # A width is always given: a cell far to the right would otherwise make every row that wide.
        # The stubs take the borrowed method for the other class's.
        iterator = sheet.iter_rows(max_col=width, values_only=value is None)  # type: ignore[misc]
        while True:
            try:
                row = next(iterator)
            except StopIteration:
                return
            except Exception as error:
                raise _unreadable(error) from error
            yield row if value is None else tuple(map(value, row))

    return rows


def _written(cell: AnyCell) -> object:
    is_formula = cell.data_type == "f" and isinstance(cell.value, str)
    return Formula(cell.value) if is_formula else cell.value


# As a person sees it


_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_FORMULA = re.compile(rb"<f[ >/]")
_RESULT = re.compile(rb"(?:</f>|<f[^<>]*/>)<v>[^<]")
_SHARE_STYLE = re.compile(rb'<xf [^>]*numFmtId="(?:9|10)"|formatCode="[^"]*%')
_MERGED = re.compile(rb'mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_PIECE = 1024 * 1024
_OVERLAP = 512


@dataclass(frozen=True)
class _Marks:
    """What a look at the raw XML tells before it is read, so that most files are read once."""

    is_uncalculated: bool = False
    has_shares: bool = False
    merged: dict[str, dict[Merged, None]] = field(default_factory=dict)
    """By the part of the file that holds the sheet."""


def _marks(file: BinaryIO) -> _Marks:
    """Look for formulas, their results, styles of shares and merged cells."""
    has_formula = has_result = has_shares = False
    merged: dict[str, dict[Merged, None]] = {}
    try:
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                if _SHEET.fullmatch(member.filename):
                    of_sheet = merged[member.filename] = {}
                    for piece in _pieces(archive, member):
                        if _FORMULA.search(piece):
                            has_formula = True
                            has_result = has_result or bool(_RESULT.search(piece))
                        of_sheet |= dict.fromkeys(_merged_in(piece))
                        _check_merged(of_sheet)
                elif member.filename == "xl/styles.xml":
                    styles = archive.read(member).partition(b"<cellXfs")
                    formats = styles[0].partition(b"<fonts")[0]
                    cells = styles[2].partition(b"</cellXfs>")[0]
                    has_shares = bool(_SHARE_STYLE.search(formats + cells))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
        raise _unreadable(error) from error
    is_uncalculated = has_formula and not has_result
    return _Marks(is_uncalculated=is_uncalculated, has_shares=has_shares, merged=merged)


def _merged_in(piece: bytes) -> Iterator[Merged]:
    for match in _MERGED.finditer(piece):
        left, top, right, bottom = (each.decode() for each in match.groups())
        columns = column_index_from_string(left) - 1, column_index_from_string(right) - 1
        yield Merged(int(top), int(bottom), *columns)


def _check_merged(merged: dict[Merged, None]) -> None:
    if len(merged) > MOST_MERGED:
        sentence = _(
            "A sheet has more than %(limit)s merged cells. Unmerge them and send the list again."
        )
        raise ListError(sentence % {"limit": MOST_MERGED})


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    tail = b""
    with archive.open(member) as source:
        while piece := source.read(_PIECE):
            yield tail + piece
            tail = piece[-_OVERLAP:]


def _shown(cell: AnyCell) -> object:
    value = cell.value
    if isinstance(value, (int, float)) and "%" in cell.number_format:
        return f"{Decimal(repr(value)) * 100:f}%"
    return value


def _marked(results: Table, formulas: Table) -> Table:
    """Tell a formula that nobody has calculated from an empty cell."""

    def rows(width: int) -> Iterator[Row]:
        for row, written in zip(results.rows(width), formulas.rows(width), strict=True):
            yield tuple(
                Uncalculated(str(text)) if value is None and _is_formula(text) else value
                for value, text in zip(row, written, strict=True)
            )

    return replace(results, rows=rows)


def _is_formula(written: object) -> bool:
    return isinstance(written, (Formula, ArrayFormula, DataTableFormula))
