"""Find the columns of a table by what stands in them: titles differ by language, that does not."""

from collections.abc import Callable, Sequence
from datetime import datetime

from integrations.meetings.dates import possible_orders, read_clock, read_duration

Row = Sequence[str]
Test = Callable[[str], bool]


def text_of(cell: object) -> str:
    """Write a cell as text; a spreadsheet may have turned a time into one of its own."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return " ".join(str(cell).split())


def is_email(text: str) -> bool:
    return "@" in text and " " not in text


def is_moment(text: str) -> bool:
    return bool(possible_orders([text]))


def is_clock(text: str) -> bool:
    return read_clock(text) is not None


def is_duration(text: str) -> bool:
    return read_duration(text) is not None


def columns_where(test: Test, rows: Sequence[Row]) -> list[int]:
    """Return the columns in which something stands, and nothing that fails the test."""
    width = max((len(row) for row in rows), default=0)
    cells = [
        [row[column] for row in rows if column < len(row) and row[column]]
        for column in range(width)
    ]
    return [column for column, found in enumerate(cells) if found and all(map(test, found))]


def first_of(columns: Sequence[int], *, but: Sequence[int | None] = ()) -> int | None:
    return next((column for column in columns if column not in but), None)


def cell(row: Row, column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""
