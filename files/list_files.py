"""Open a list somebody sent, Excel or CSV, or refuse it with a sentence that says what to do.

What a file is, is read from its content, never from its name. Everything is bounded before it is
read: the size of the file, what it unpacks to, its rows and columns.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from files.tables import (
    MAX_COLUMNS,
    MAX_ROWS,
    Formula,
    ListError,
    Row,
    Table,
    Uncalculated,
    is_blank,
    not_a_spreadsheet,
)
from files.workbooks import check_archive, workbook

__all__ = [
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "Formula",
    "ListError",
    "Row",
    "Table",
    "Uncalculated",
    "check",
    "is_blank",
    "opened",
]

MAX_BYTES = 10 * 1024 * 1024
MAX_LINES_IN_RECORD = 30

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_DELIMITERS = ";,\t|"
_BINARY = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")


@contextmanager
def opened(file: BinaryIO, *, as_shown: bool = False) -> Iterator[list[Table]]:
    """Give the tables of a file, the likeliest first.

    With `as_shown` a formula gives its result, and a share what a person sees: “3.4%”.
    """
    if check(file):
        with workbook(file, as_shown=as_shown) as tables:
            yield tables
    else:
        yield _text_tables(_decoded(file.read()))


@contextmanager
def uploaded(file: FieldFile) -> Iterator[BinaryIO]:
    """Open an uploaded list once more; raises ListError where it was removed meanwhile."""
    try:
        with file.open("rb") as content:
            yield cast("BinaryIO", content.file)
    except FileNotFoundError:
        raise ListError(_("The uploaded file is not there any more. Upload it again.")) from None


def check(file: BinaryIO) -> bool:
    """Say whether a list is a workbook; refuse what is none without going through what is.

    How large a workbook's sheets are may take openpyxl as long to find out as to read them.
    """
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
        check_archive(file)
        return True
    content = file.read()
    file.seek(0)
    _refuse_known_formats(content)
    _decoded(content)
    return False


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
        raise not_a_spreadsheet()


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
    return not_a_spreadsheet()


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
            raise not_a_spreadsheet()
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
    return [
        Table("", _text_rows(text, delimiter), expected, delimiter=delimiter)
        for delimiter in delimiters
    ]


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
