"""One call as a value, and how its parameters are written for Bitrix24."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True)
class Command:
    """A method with its parameters; `version` 3 is called at the REST 3.0 address."""

    method: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    version: int = 2

    def body(self) -> dict[str, Any]:
        """Return the JSON body of a single call."""
        plain: dict[str, Any] = _plain(self.parameters)
        return plain

    def query(self) -> str:
        """Return the call as one line of a batch: every name and value URL-encoded once."""
        pairs = "&".join(f"{name}={quote(value, safe='')}" for name, value in _pairs(self.body()))
        return f"{self.method}?{pairs}" if pairs else self.method


def _plain(value: Any) -> Any:
    """Drop every None, which would be stored as text, and write what JSON or PHP would not."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, (str, float)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, int):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Sequence):
        return [_plain(each) for each in value if each is not None]
    raise TypeError(f"Bitrix24 has no way to write a {type(value).__name__}.")


def _pairs(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Flatten nested parameters as PHP does: fields[PHONE][0][VALUE]."""
    if isinstance(value, Mapping):
        items = ((quote(key, safe=""), each) for key, each in value.items())
    elif isinstance(value, list):
        items = ((str(index), each) for index, each in enumerate(value))
    else:
        yield name, str(value)
        return
    for key, each in items:
        yield from _pairs(each, f"{name}[{key}]" if name else key)
