"""What a list somebody sent is made of, and how much of it is read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

MAX_ROWS = 50_000
MAX_COLUMNS = 200

Row = Sequence[object]


class Formula(str):
    """What a cell computes; a text that only begins with “=” is none."""

    __slots__ = ()


class ListError(Exception):
    """The list as a whole cannot be read; the text says why and what to do."""


class Merged(NamedTuple):
    """Cells that are one for a person, of which only the first holds anything.

    Rows are counted from 1, columns from 0; both ends belong to it.
    """

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class Table:
    """One sheet, or one way to cut a text file into columns."""

    name: str
    rows: Callable[[int], Iterator[Row]]
    """Read from the top, so many columns wide."""
    expected_rows: int
    merged: tuple[Merged, ...] = ()
    delimiter: str = ""
    """Between the cells of a text file."""


@dataclass(frozen=True)
class Uncalculated:
    """A formula whose result is not in the file."""

    formula: str


def is_blank(cell: object) -> bool:
    """Say whether a cell holds nothing a person could see."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def not_a_spreadsheet() -> ListError:
    return ListError(_("This is not a spreadsheet. Send the list as an Excel (.xlsx) or CSV file."))
