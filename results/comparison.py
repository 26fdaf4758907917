"""Two readings of an intake side by side: now beside what was frozen.

What only another version of the application says is no change: a column it added or took out, a
word it calls otherwise, digits nobody reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings

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
    there = _columns(frozen) & _columns(now)
    before, after = dict(_cells(frozen, there)), dict(_cells(now, there))
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if not _is_same(old, new):
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


def _columns(content: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (table["key"], column["key"]) for table in content["tables"] for column in table["columns"]
    }


def _cells(
    content: dict[str, Any], there: set[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str, str], _Cell]]:
    for table in content["tables"]:
        columns = [each for each in table["columns"] if (table["key"], each["key"]) in there]
        for row in rows_of(table):
            for column in columns:
                if (value := row["values"].get(column["key"])) is not None:
                    label = f"{in_language(row['label'])}: {in_language(column['label'])}"
                    cell = _Cell(in_language(table["title"]), label, value, unit_of(row, column))
                    yield (table["key"], _name(row), column["key"]), cell


def _name(row: dict[str, Any]) -> str:
    """Name a row within its intake: an indicator by its number, whatever it is found by later."""
    number = row["extra"].get("indicator")
    return row["key"] if number is None else f"indicator no. {number}"


def _is_same(old: _Cell | None, new: _Cell | None) -> bool:
    if old is None or new is None:
        return False
    if not isinstance(old.value, dict) or not isinstance(new.value, dict):
        return bool(old.value == new.value) or _words(old) == _words(new)
    if "code" in old.value and "code" in new.value:
        return bool(old.value["code"] == new.value["code"])
    return all(old.value.get(each) == new.value.get(each) for each, _name in settings.LANGUAGES)


def _words(cell: _Cell | None) -> str:
    return "–" if cell is None else spell(cell.value, cell.unit)
