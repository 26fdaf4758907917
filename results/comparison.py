"""Two readings of an intake side by side: now beside what was frozen.

What only another version of the application says is no change: a column it added or took out, a
word it calls otherwise, digits nobody reads. Where it counts by another rule, nobody can tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from results.facts.forms_of_content import counted_otherwise_since, in_form_of_today
from results.facts.table import rows_of
from results.spelling import AnyUnit, in_language, spell, unit_of


@dataclass(frozen=True)
class Change:
    """A number that reads otherwise than it did."""

    part: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """What changed since the figures were frozen."""

    changes: list[Change]
    untold: list[str]
    """Parts that read otherwise, but are counted by other rules by now."""


def compare(kept: dict[str, Any], now: dict[str, Any]) -> Comparison:
    """Compare what was frozen, in whatever form, with what is read now.

    Raises UnreadableError where a newer version has frozen it.
    """
    counted_otherwise = counted_otherwise_since(kept["format"])
    changes: list[Change] = []
    untold: dict[str, None] = {}
    for table, change in _differences(in_form_of_today(kept), now):
        if table in counted_otherwise:
            untold[change.part] = None
        else:
            changes.append(change)
    return Comparison(changes, list(untold))


def _differences(frozen: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, Change]]:
    """Yield what reads otherwise now, in the words of today; what is new or gone is a dash."""
    there = _columns(frozen) & _columns(now)
    before, after = dict(_cells(frozen, there)), dict(_cells(now, there))
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if not _is_same(old, new):
            cell = new or old
            assert cell is not None
            yield key[0], Change(cell.part, cell.label, _words(old), _words(new))


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
