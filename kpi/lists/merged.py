"""Merged cells: what stands in the first of them is said of all the rows and columns they cover."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from files.tables import Merged, Row, is_blank

NOTHING: Mapping[int, object] = {}


@dataclass(frozen=True)
class Above:
    """A row over others, in which one cell may stand over several columns."""

    cells: Row = ()
    wide: Mapping[int, int] = field(default_factory=dict)
    """The last column of each cell that is merged with others beside it."""

    @property
    def first(self) -> int:
        """Give the first column that holds anything."""
        return next((i for i, cell in enumerate(self.cells) if not is_blank(cell)), 0)

    def last_under(self, index: int) -> int | None:
        """Give the last column a cell stands over; None where only the next cell ends it."""
        return self.wide.get(index, index) if self.wide else None

    def groups(self, first: int, end: int) -> dict[int, object]:
        """Spread each cell over all the columns it stands over."""
        found: dict[int, object] = {}
        group: object = None
        last: int | None = None
        for index in range(first, end):
            if index < len(self.cells) and not is_blank(self.cells[index]):
                group, last = self.cells[index], self.last_under(index)
            if group is not None and (last is None or index <= last):
                found[index] = group
        return found


class MergedCells:
    """Goes down a sheet and remembers what merged cells say of the rows under their first."""

    def __init__(self, merged: Iterable[Merged]) -> None:
        self._begun: dict[int, list[Merged]] = defaultdict(list)
        self._wide: dict[int, dict[int, int]] = defaultdict(dict)
        self._open: dict[int, tuple[int, object]] = {}
        for each in merged:
            if each.last_row > each.first_row:
                self._begun[each.first_row].append(each)
            if each.last_column > each.first_column:
                self._wide[each.first_row][each.first_column] = each.last_column

    def carried(self, number: int, cells: Row) -> Mapping[int, object]:
        """Give what cells above say of a row, by column; rows are given in their order."""
        for each in self._begun.get(number, ()):
            if each.first_column < len(cells):
                self._open[each.first_column] = each.last_row, cells[each.first_column]
        if not self._open:
            return NOTHING
        self._open = {i: kept for i, kept in self._open.items() if kept[0] >= number}
        return {index: cell for index, (_last, cell) in self._open.items()}

    def above(self, number: int, cells: Row) -> Above:
        return Above(cells, self._wide.get(number, {}))
