"""Two readings of results side by side: last year's beside this one, now beside what was frozen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from results.facts.table import rows_of
from results.spelling import AnyUnit, in_language, spell, unit_of


@dataclass(frozen=True)
class Change:
    """A number that reads otherwise than it did."""

    part: str
    label: str
    before: str
    after: str


def changed_since(frozen: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    """List what reads otherwise now, in the words of today; what is new or gone is a dash."""
    before, after = dict(_cells(frozen)), dict(_cells(now))
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if (old and old.value) != (new and new.value):
            cell = new or old
            assert cell is not None
            found.append(Change(cell.part, cell.label, _words(old), _words(new)))
    return found


@dataclass(frozen=True)
class _Cell:
    part: str
    label: str
    value: Any
    unit: AnyUnit


def _cells(content: dict[str, Any]) -> Iterator[tuple[tuple[str, str, str], _Cell]]:
    for table in content["tables"]:
        for row in rows_of(table):
            for column in table["columns"]:
                if (value := row["values"].get(column["key"])) is not None:
                    label = f"{in_language(row['label'])}: {in_language(column['label'])}"
                    cell = _Cell(in_language(table["title"]), label, value, unit_of(row, column))
                    yield (table["key"], row["key"], column["key"]), cell


def _words(cell: _Cell | None) -> str:
    return "–" if cell is None else spell(cell.value, cell.unit)
