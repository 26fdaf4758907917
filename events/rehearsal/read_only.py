"""While a rehearsal is played the database can only be read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class WriteRefusedError(Exception):
    """Something in a rehearsal tried to change the database."""


@contextmanager
def only_reading() -> Iterator[None]:
    """Refuse every statement but a plain SELECT until the end of the block."""
    with connection.execute_wrapper(_refuse_writing):
        yield


def _refuse_writing(
    execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    words = sql.upper().split()
    if words[0] != "SELECT" or words[-2:] == ["FOR", "UPDATE"]:
        raise WriteRefusedError(f"A rehearsal only reads, but would have run: {words[0]}")
    return execute(sql, params, many, context)
