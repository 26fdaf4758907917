"""Walking long lists by id, which stays quick however long they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command

T = TypeVar("T")

PAGE = 50
"""Bitrix24's page; it cannot be changed."""


def walk(
    client: Bitrix24,
    method: str,
    filters: Mapping[str, Any],
    select: Sequence[str],
    *,
    deadline: datetime | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield every row of a classic list once, oldest id first, also while rows are being added."""
    last = 0
    while True:
        parameters = {
            "filter": {**filters, ">ID": last},
            "order": {"ID": "ASC"},
            "select": select,
            # -1: do not count the rows; counting is what makes long lists slow.
            "start": -1,
        }
        rows = client.read(Command(method, parameters), deadline=deadline).result
        for row in rows:
            if int(row["ID"]) > last:
                last = int(row["ID"])
                yield row
        if len(rows) < PAGE:
            return


def in_groups(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut into lists of at most `size`."""
    rest = iter(values)
    while group := list(islice(rest, size)):
        yield group
