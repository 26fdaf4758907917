"""Take the cells of an uploaded list of activities, as texts that are kept until the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from files import list_files
from files.list_files import Formula, ListError, Row, Table, is_blank
from plans.list_columns import NEEDED, Column, recognise, title_of

MAX_ROWS = 2_000
WIDEST = 60
LOOKED_AT = 20
"""In so many rows from the top the titles of the columns are looked for."""

FORMULA = "\x01"
"""Stands for a formula among the texts that are kept; no cell of a list can hold it itself."""


@dataclass(frozen=True)
class ListedRow:
    """A row as text, by column; `number` is the one people see in Excel."""

    number: int
    cells: dict[Column, str]


def read_cells(file: BinaryIO) -> list[list[str]]:
    """Give every row of the sheet that holds activities, as texts; raises ListError."""
    with list_files.opened(file) as tables:
        for table in tables:
            if _header_of(_texts(islice(table.rows(WIDEST), LOOKED_AT))) is not None:
                return _all_rows(table)
    needed = ", ".join(title_of(column) for column in NEEDED)
    sentence = gettext("No row with the titles of the columns was found. Needed are: %(titles)s.")
    raise ListError(sentence % {"titles": needed})


def _all_rows(table: Table) -> list[list[str]]:
    rows = _texts(islice(table.rows(WIDEST), MAX_ROWS + LOOKED_AT + 1))
    if len(rows) > MAX_ROWS + LOOKED_AT:
        sentence = gettext("The list has more than %(limit)s rows. Split it.")
        raise ListError(sentence % {"limit": MAX_ROWS})
    return rows


def listed_rows(cells: list[list[str]]) -> tuple[list[ListedRow], list[str]]:
    """Give the rows under the titles that hold something, and the titles nobody knows."""
    header = _header_of(cells[:LOOKED_AT])
    assert header is not None, "read_cells lets no list without titles through"
    columns = recognise(cells[header])
    used = set(columns.values())
    ignored = [title for index, title in enumerate(cells[header]) if title and index not in used]
    rows = [
        ListedRow(
            number,
            {name: row[index] if index < len(row) else "" for name, index in columns.items()},
        )
        for number, row in enumerate(cells[header + 1 :], start=header + 2)
    ]
    return [row for row in rows if any(row.cells.values())], ignored


def _header_of(rows: list[list[str]]) -> int | None:
    return next(
        (
            index
            for index, row in enumerate(rows)
            if all(column in recognise(row) for column in NEEDED)
        ),
        None,
    )


def _texts(rows: Iterable[Row]) -> list[list[str]]:
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    """Write a cell the way `list_values` reads it."""
    match cell:
        case _ if is_blank(cell):
            return ""
        case datetime():
            return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
        case date():
            return f"{cell:%Y-%m-%d}"
        case time():
            return f"{cell:%H:%M}"
        case float():
            return f"{Decimal(repr(cell)):f}"
        case Formula() | ArrayFormula() | DataTableFormula():
            return FORMULA
        case _:
            return str(cell).strip()
