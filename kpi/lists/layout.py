"""How a table of figures lies: which of its columns holds what.

People keep figures in few ways: a row for each day (or month) with a column for each indicator; a
row for each figure; a row for each indicator with the months side by side; and sheets of one month.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from files.tables import is_blank
from kpi.lists.dates import PeriodRefusedError, Stroked, When


class Shape(StrEnum):
    """In which way a table lies."""

    DOWN = "down"
    LONG = "long"
    ACROSS = "across"


@dataclass(frozen=True)
class Layout:
    """Which column of a table holds what; columns are counted from 0."""

    shape: Shape
    titles: dict[int, str]
    """Of the columns with figures, when they are told apart by indicator."""

    period: int | None = None
    as_month: bool = False
    year: int | None = None
    month: int | None = None
    channel: int | None = None
    labels: tuple[int, ...] = ()
    """Where the name of the indicator stands, if it stands in the row."""

    columns: dict[int, When | Stroked | PeriodRefusedError] = field(default_factory=dict)
    """Of the columns with figures, when they are told apart by time."""

    of_any_year: frozenset[int] = frozenset()
    """Columns of times whose year stands somewhere around the table."""

    parts: dict[int, str] = field(default_factory=dict)
    """What columns of one time are told apart by: "FB" and "IG" under January."""

    left_out: tuple[str, ...] = ()
    titled: frozenset[int] = frozenset()
    """All columns over which something is written, also those that are left out."""

    needs_year: bool = False

    @property
    def figures(self) -> tuple[int, ...]:
        return tuple(self.columns or self.titles)

    @property
    def names(self) -> tuple[int, ...]:
        """Give the columns that say what a row is of."""
        columns = (self.period, self.year, self.month, self.channel, *self.labels)
        return tuple(each for each in columns if each is not None)

    @property
    def width(self) -> int:
        return max([*self.figures, *self.names]) + 1


def text_of(cell: object) -> str:
    """Give a title on one line."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def filled(cells: Sequence[object]) -> frozenset[int]:
    return frozenset(index for index, cell in enumerate(cells) if not is_blank(cell))


def beside(
    cells: Sequence[object], among: Iterable[int], used: Iterable[int | None]
) -> tuple[str, ...]:
    taken = set(used)
    return tuple(
        text_of(cells[index])
        for index in among
        if index not in taken and not is_blank(cells[index])
    )


def column(words: dict[int, str], known: frozenset[str]) -> int | None:
    """Give the first column whose title is one of the known."""
    return next((index for index, title in words.items() if title in known), None)
