"""Open a list somebody sent, Excel or CSV, or refuse it with a sentence that says what to do.

What a file is, is read from its content, never from its name. Everything is bounded before it is
read: the size of the file, what it unpacks to, its rows and columns. openpyxl reads XML through
defusedxml, which refuses entities.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import openpyxl
from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_STRINGS_BYTES = 60 * 1024 * 1024
MAX_RATIO = 200
RATIO_COUNTS_FROM = 10 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_LINES_IN_RECORD = 30

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_DELIMITERS = ";,\t|"
_BINARY = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")

Row = Sequence[object]


class Formula(str):
    """What a cell computes; a text that only begins with “=” is none."""

    __slots__ = ()


class ListError(Exception):
    """The list as a whole cannot be read; the text says why and what to do."""


@dataclass(frozen=True)
class Table:
    """One sheet, or one way to cut a text file into columns."""

    name: str
    rows: Callable[[int], Iterator[Row]]
    """Read from the top, so many columns wide."""
    expected_rows: int


@contextmanager
def opened(file: BinaryIO) -> Iterator[list[Table]]:
    """Give the tables of a file, the likeliest first."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    if size == 0:
        raise ListError(_("The file is empty. Save the list again and send that file."))
    if size > MAX_BYTES:
        raise ListError(
            _(
                "The file is larger than %(limit)s MB."
                " Remove pictures and other sheets, or split the list."
            )
            % {"limit": MAX_BYTES // 1024**2}
        )
    start = file.read(8)
    file.seek(0)
    if start.startswith(_ZIP):
        _check_archive(file)
        with _workbook(file) as tables:
            yield tables
    else:
        content = file.read()
        _refuse_known_formats(content)
        yield _text_tables(_decoded(content))


def is_blank(cell: object) -> bool:
    """Say whether a cell holds nothing a person could see."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def _not_a_spreadsheet() -> ListError:
    return ListError(_("This is not a spreadsheet. Send the list as an Excel (.xlsx) or CSV file."))


def _refuse_known_formats(content: bytes) -> None:
    if content.startswith(_OLE):
        raise _refused_ole(content)
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")):
        raise ListError(
            _(
                "This is a web page or XML file, whatever its name says."
                " Open it in Excel and save it as .xlsx."
            )
        )
    if content.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", _EMPTY_ZIP)):
        raise _not_a_spreadsheet()


def _refused_ole(content: bytes) -> ListError:
    """Tell a locked .xlsx from an old .xls: both come in the same outer format."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return ListError(
            _(
                "The file is protected by a password."
                " Remove the password in Excel and send it again."
            )
        )
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return ListError(
            _("This is an old Excel file (.xls). Open it in Excel and save it as .xlsx.")
        )
    return _not_a_spreadsheet()


# Excel


def _check_archive(file: BinaryIO) -> None:
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
        raise _not_a_spreadsheet()


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
def _workbook(file: BinaryIO) -> Iterator[list[Table]]:
    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheets = list(workbook.worksheets)
    except Exception as error:
        # openpyxl meets a malformed file with whatever exception its parts happen to raise.
        raise _unreadable(error) from error
    if not sheets:
        raise _damaged()
    try:
        visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets
        tables = [
            Table(sheet.title, _sheet_rows(sheet), min(sheet.max_row or 0, MAX_ROWS))
            for sheet in visible
        ]
        for sheet in sheets:
            # The stated size may be wrong; the rows themselves are counted instead.
            sheet.reset_dimensions()
        yield tables
    finally:
        workbook.close()


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
    sheet: ReadOnlyWorksheet,
) -> Callable[[int], Iterator[Row]]:
    def rows(width: int) -> Iterator[Row]:
        # A width is always given: a cell far to the right would otherwise make every row that wide.
        # The stubs take the borrowed method for the other class's.
        iterator = sheet.iter_rows(max_col=width)  # type: ignore[misc]
        while True:
            try:
                row = next(iterator)
            except StopIteration:
                return
            except Exception as error:
                raise _unreadable(error) from error
            yield [_value(cell) for cell in row]

    return rows


def _value(cell: Any) -> object:
    is_formula = cell.data_type == "f" and isinstance(cell.value, str)
    return Formula(cell.value) if is_formula else cell.value


# CSV


def _decoded(content: bytes) -> str:
    """Decode text as Excel writes it: with an encoding mark, in UTF-8, or in the Baltic page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        raise ListError(
            _(
                "The file holds NUL bytes, so it is not text."
                " Save it in Excel as “CSV UTF-8” or as .xlsx."
            )
        )
    else:
        encodings = ["utf-8-sig", "cp1257"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _BINARY.search(text):
            raise _not_a_spreadsheet()
        return text
    raise ListError(
        _("The letters of the file cannot be read. Save it in Excel as “CSV UTF-8” or as .xlsx.")
    )


def _text_tables(text: str) -> list[Table]:
    """Offer every delimiter, the likeliest first; the one that gives a header is taken."""
    if stated := re.match(r'"?sep=(.)"?\r?\n', text, re.IGNORECASE):
        delimiters, text = stated[1], text[stated.end() :]
    else:
        sample = "\n".join(text.splitlines()[:20])
        delimiters = "".join(sorted(_DELIMITERS, key=sample.count, reverse=True))
    expected = min(text.count("\n") + 1, MAX_ROWS)
    return [Table("", _text_rows(text, delimiter), expected) for delimiter in delimiters]


def _text_rows(text: str, delimiter: str) -> Callable[[int], Iterator[Row]]:
    def rows(width: int) -> Iterator[Row]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        line = 0
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise _open_quote(line + 1) from None
            if reader.line_num - line > MAX_LINES_IN_RECORD:
                raise _open_quote(line + 1)
            line = reader.line_num
            yield row[:width]

    return rows


def _open_quote(line: int) -> ListError:
    return ListError(
        _(
            "A quotation mark opened in line %(line)s is never closed."
            " Correct the line, or save the list as .xlsx."
        )
        % {"line": line}
    )
