"""Parameters as PHP understands them: bracketed names, and arrays that are lists or objects."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

_BRACKETS = re.compile(r"\[([^\]]*)\]")
_MAX_FIELDS = 100_000


def decode_query(text: str) -> dict[str, Any]:
    """Decode a query string or form body with names such as `fields[PHONE][0][VALUE]`."""
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    return decode_pairs(pairs)


def decode_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nest name and value pairs by the brackets in their names."""
    decoded: dict[str, Any] = {}
    for name, value in pairs:
        _put(decoded, _path(name), value)
    return {name: php_array(value) for name, value in decoded.items()}


def php_array(value: Any) -> Any:
    """Turn an object whose keys run 0, 1, 2… into a list, at every depth, as PHP's JSON does."""
    if isinstance(value, list):
        return [php_array(item) for item in value]
    if not isinstance(value, dict):
        return value
    items = {key: php_array(item) for key, item in value.items()}
    if is_sequence(items):
        return list(items.values())
    return items


def is_sequence(items: Mapping[str, Any]) -> bool:
    """Whether PHP would write this array as a JSON list; an empty one always is."""
    return all(key == str(position) for position, key in enumerate(items))


def section(items: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """Write one section of a batch answer: a list when empty or numbered from nought."""
    return list(items.values()) if is_sequence(items) else items


def as_dict(value: Any) -> dict[str, Any]:
    """Read an array parameter by its keys, whether it came as a list or as an object."""
    if isinstance(value, dict):
        return {str(key): item for key, item in value.items()}
    if isinstance(value, list):
        return {str(position): item for position, item in enumerate(value)}
    return {}


def as_list(value: Any) -> list[Any]:
    """Read an array parameter by its values; a single value is an array of one."""
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list):
        return value
    return [value]


def as_text(value: Any) -> str | None:
    """Store a scalar the way the portal's database does: as text, booleans as Y or N."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "Y" if value else "N"
    return str(value)


def as_int(value: Any) -> int:
    """Read a whole number the way PHP casts one: what is not a number is nought."""
    match = re.match(r"\s*[-+]?\d+", str(value))
    return int(match.group()) if match else 0


def as_float(value: Any) -> float:
    """Read a number; what is not a finite one is nought."""
    try:
        number = float(value or 0)
    except (TypeError, ValueError):
        return 0.0
    return number if math.isfinite(number) else 0.0


def is_true(value: Any) -> bool:
    """Whether PHP takes the value for true; of the strings only "" and "0" are not."""
    return value not in (None, "", "0", 0, False, [], {})


def _path(name: str) -> list[str]:
    bracket = name.find("[")
    if bracket <= 0:
        return [name]
    return [name[:bracket], *_BRACKETS.findall(name[bracket:])]


def _put(target: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        key = _key(target, part)
        if not isinstance(target.get(key), dict):
            # PHP lets a later, nested value replace an earlier plain one.
            target[key] = {}
        target = target[key]
    target[_key(target, path[-1])] = value


def _key(target: dict[str, Any], part: str) -> str:
    return part or str(len(target))
