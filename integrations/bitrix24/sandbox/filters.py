"""Filters, orders and pages of the list methods, with the portal's prefixes."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .clock import parse_moment
from .encoding import as_dict, as_float, as_int, as_list, as_text
from .tables import MULTIFIELDS, Row, Table, row_values

PAGE_SIZE = 50

# Longest first, so that "!=%" is not read as "!".
PREFIXES = ("!=%", "!%=", ">=", "<=", "!@", "=%", "%=", "!%", "!=", ">", "<", "@", "%", "=", "!")

MOMENTS = frozenset(
    {
        *("DATE_CREATE", "DATE_MODIFY", "MOVED_TIME", "CREATED", "LAST_UPDATED"),
        *("START_TIME", "END_TIME", "DEADLINE"),
    }
)
NUMBERS = frozenset(
    {
        *("ID", "OPPORTUNITY", "SORT", "OWNER_ID", "OWNER_TYPE_ID", "TYPE_ID", "CONTACT_ID"),
        *("COMPANY_ID", "LEAD_ID", "CATEGORY_ID", "WEBFORM_ID", "ASSIGNED_BY_ID", "CREATED_BY_ID"),
        *("MODIFY_BY_ID", "RESPONSIBLE_ID", "AUTHOR_ID", "EDITOR_ID", "ASSOCIATED_ENTITY_ID"),
    }
)

Predicate = Callable[[Row], bool]
Comparable = tuple[int, float | str]


@dataclass(frozen=True)
class Page:
    """One page of a list, with what the portal says about the rest of it."""

    rows: list[Row]
    total: int
    next: int | None = None


def split_key(key: str) -> tuple[str, str]:
    """Split a filter key into its prefix and the field's name."""
    for prefix in PREFIXES:
        if key.startswith(prefix):
            return prefix, key[len(prefix) :]
    return "", key


def comparable(field: str, value: Any) -> Comparable:
    """Make values of one field comparable the way its database column compares them."""
    text = as_text(value)
    if text is None or text == "":
        return (0, "")
    if field in MOMENTS:
        return (1, parse_moment(text) or 0.0)
    if field in NUMBERS:
        return (1, as_float(text))
    return (2, text.casefold())


def build_predicate(conditions: dict[str, Any]) -> Predicate:
    """Compile a filter; its entries must all hold, or any of them with `logic` set to OR."""
    tests = [_entry(key, value) for key, value in conditions.items() if key != "logic"]
    if str(conditions.get("logic", "")).upper() == "OR":
        return lambda row: any(test(row) for test in tests)
    return lambda row: all(test(row) for test in tests)


def find(table: Table, conditions: dict[str, Any]) -> list[Row]:
    """Select the rows that hold, by an index where the filter names an indexed value."""
    holds = build_predicate(conditions)
    return [row for row in _candidates(table, conditions) if holds(row)]


def sort(rows: list[Row], order: dict[str, Any]) -> list[Row]:
    """Sort by the portal's `order`; rows come out of a table in the order of their ids."""
    for field, direction in reversed(order.items()):
        is_descending = str(direction).lower() == "desc"
        rows = sorted(rows, key=lambda row: _order_key(row, field), reverse=is_descending)
    return rows


def paginate(rows: list[Row], start: Any) -> Page:
    """Cut out a page of fifty; a negative start gives the first ones and counts nothing."""
    first = as_int(start or 0)
    if first < 0:
        return Page(rows[:PAGE_SIZE], total=0)
    following = first + PAGE_SIZE
    return Page(
        rows[first:following],
        total=len(rows),
        next=following if following < len(rows) else None,
    )


def _candidates(table: Table, conditions: dict[str, Any]) -> Iterable[Row]:
    if "logic" not in conditions:
        for key, value in conditions.items():
            prefix, field = split_key(key)
            if prefix in ("", "=", "@") and field in table.indexes:
                wanted = [text for item in as_list(value) if (text := as_text(item))]
                if wanted:
                    return table.indexed(field, wanted)
    return table.rows.values()


def _order_key(row: Row, field: str) -> Comparable:
    return comparable(field, next(iter(row_values(row, field)), None))


def _entry(key: str, value: Any) -> Predicate:
    prefix, field = split_key(key)
    if field.isdigit() and isinstance(value, dict | list):
        return build_predicate(as_dict(value))
    if field == "BINDINGS":
        return _bindings(value)
    if prefix.startswith("!"):
        test = _test(prefix[1:], field, value)
        return lambda row: not any(test(item) for item in row_values(row, field))
    test = _test(prefix, field, value)
    if field not in MULTIFIELDS:
        return lambda row: test(row.get(field))
    return lambda row: any(test(item) for item in row_values(row, field))


def _test(prefix: str, field: str, value: Any) -> Callable[[Any], bool]:
    if prefix in (">", ">=", "<", "<="):
        return _comparison(prefix, field, value)
    if prefix == "%":
        needle = str(value).casefold()
        return lambda item: needle in str(item or "").casefold()
    if prefix in ("=%", "%="):
        pieces = [re.escape(piece) for piece in str(value).split("%")]
        pattern = re.compile(".*".join(pieces), re.IGNORECASE | re.DOTALL)
        return lambda item: pattern.fullmatch(str(item or "")) is not None
    items = as_list(value) if isinstance(value, dict | list) else [value]
    wanted = {comparable(field, item) for item in items}
    return lambda item: comparable(field, item) in wanted


def _comparison(prefix: str, field: str, value: Any) -> Callable[[Any], bool]:
    bound = comparable(field, value)

    def holds(item: Any) -> bool:
        found = comparable(field, item)
        if found[0] == 0 or found[0] != bound[0]:
            return False
        if prefix == ">":
            return found > bound
        if prefix == ">=":
            return found >= bound
        return found < bound if prefix == "<" else found <= bound

    return holds


def _bindings(value: Any) -> Predicate:
    alternatives = [build_predicate(as_dict(binding)) for binding in as_list(value)]
    return lambda row: any(holds(row) for holds in alternatives)
