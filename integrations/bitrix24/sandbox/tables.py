"""What the portal keeps: rows by id, with indexes for the look-ups a sender makes all the time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

Row = dict[str, Any]

MULTIFIELDS = ("PHONE", "EMAIL", "WEB", "IM")


def row_values(row: Row, field: str) -> list[Any]:
    """The values a field has: one, or as many as a phone or e-mail field holds."""
    if field in MULTIFIELDS:
        return [item["VALUE"] for item in row.get("FM", ()) if item["TYPE_ID"] == field]
    return [row.get(field)]


def digits(phone: str) -> str:
    """The digits of a phone number without its extension."""
    number = phone.lower().split("ext")[0].split(";")[0].split(",")[0]
    return "".join(character for character in number if character.isdigit())


class Table:
    """Rows of one kind, numbered from one; remembers which have changed since they were saved."""

    def __init__(self, name: str, *, indexed: Sequence[str] = ()) -> None:
        self.name = name
        self.rows: dict[int, Row] = {}
        self.changed: set[int] = set()
        self.indexes: dict[str, dict[str, set[int]]] = {
            field: defaultdict(set) for field in indexed
        }
        self._last_id = 0

    def add(self, row: Row) -> int:
        self._last_id += 1
        self.put(self._last_id, {"ID": str(self._last_id), **row})
        return self._last_id

    def put(self, row_id: int, row: Row) -> None:
        """Store a row under its id, in place of what was there."""
        self._unindex(row_id)
        self.rows[row_id] = row
        self._last_id = max(self._last_id, row_id)
        for field, index in self.indexes.items():
            for key in _index_keys(row, field):
                index[key].add(row_id)
        self.changed.add(row_id)

    def get(self, row_id: int) -> Row | None:
        return self.rows.get(row_id)

    def delete(self, row_id: int) -> bool:
        self._unindex(row_id)
        self.changed.add(row_id)
        return self.rows.pop(row_id, None) is not None

    def clear(self) -> None:
        for row_id in list(self.rows):
            self.delete(row_id)

    def indexed(self, field: str, values: Iterable[str]) -> list[Row]:
        """The rows that have one of the values, in the order of their ids."""
        index = self.indexes[field]
        found: set[int] = set()
        for value in values:
            found |= index.get(_index_key(field, value), set())
        return [self.rows[row_id] for row_id in sorted(found)]

    def _unindex(self, row_id: int) -> None:
        row = self.rows.get(row_id)
        if row is None:
            return
        for field, index in self.indexes.items():
            for key in _index_keys(row, field):
                index[key].discard(row_id)


def _index_keys(row: Row, field: str) -> list[str]:
    return [_index_key(field, value) for value in row_values(row, field) if value]


def _index_key(field: str, value: str) -> str:
    return digits(value) if field == "PHONE" else str(value).casefold()
