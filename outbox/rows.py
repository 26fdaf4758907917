"""Writing many messages at once, each with values of its own."""

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Field

from outbox.models import Message


def write_fields(messages: Sequence[Message], names: Sequence[str]) -> None:
    """Write these fields of the rows; the caller holds their locks.

    `bulk_update` builds a CASE of every row for every field, which takes longer than sending.
    """
    fields = [cast("Field[Any, Any]", Message._meta.get_field(name)) for name in names]
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    statement = f"UPDATE {quote(Message._meta.db_table)} SET {changes} WHERE id = %s"  # noqa: S608
    rows = [
        [
            *(field.get_db_prep_save(getattr(each, field.attname), connection) for field in fields),
            each.pk,
        ]
        for each in messages
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
