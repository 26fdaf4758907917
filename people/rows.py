"""Writing many rows at once, each with values of its own.

Django's bulk_create prepares every value of every row, and bulk_update builds a CASE of every row
for every field: both take longer than sending. Rows of one batch have most of their values in
common, and what is the same object is prepared once.
"""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.models import Field


def insert(rows: Sequence[models.Model], *, or_ignore: bool = False) -> None:
    """Insert new rows of one model; with `or_ignore` those whose unique key is there stay out."""
    if rows:
        with transaction.atomic():
            _insert(rows, " ON CONFLICT DO NOTHING" if or_ignore else "")


def _insert(rows: Sequence[models.Model], ending: str) -> None:
    fields = [field for field in type(rows[0])._meta.concrete_fields if not field.primary_key]
    names = ", ".join(_name(field) for field in fields)
    table = connection.ops.quote_name(type(rows[0])._meta.db_table)
    columns = [_column(rows, field) for field in fields]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(_array(field) for field in fields)
            select = f"SELECT * FROM UNNEST({arrays})"  # noqa: S608 - names of our own
            cursor.execute(
                f"INSERT INTO {table} ({names}) {select}{ending}",
                [list(column) for column in columns],
            )
        else:
            places = ", ".join("%s" for _ in fields)
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({places}){ending}",  # noqa: S608
                list(zip(*columns, strict=True)),
            )


def write_fields(rows: Sequence[models.Model], field_names: Sequence[str]) -> None:
    """Write these fields of rows that are there; the caller holds their locks."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [cast("Field[Any, Any]", meta.get_field(name)) for name in field_names]
    table, key = connection.ops.quote_name(meta.db_table), meta.pk
    columns = [_column(rows, field) for field in [*fields, key]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            changes = ", ".join(f"{_name(field)} = fresh.{_name(field)}" for field in fields)
            arrays = ", ".join(_array(field) for field in [*fields, key])
            names = ", ".join(_name(field) for field in [*fields, key])
            cursor.execute(
                f"UPDATE {table} SET {changes} FROM UNNEST({arrays}) AS fresh ({names})"  # noqa: S608
                f" WHERE {table}.{_name(key)} = fresh.{_name(key)}",
                [list(column) for column in columns],
            )
        else:
            changes = ", ".join(f"{_name(field)} = %s" for field in fields)
            cursor.executemany(
                f"UPDATE {table} SET {changes} WHERE {_name(key)} = %s",  # noqa: S608
                list(zip(*columns, strict=True)),
            )


def _column(rows: Sequence[models.Model], field: "Field[Any, Any]") -> Iterator[Any]:
    """Prepare one field of all rows for the database."""
    database = connections[DEFAULT_DB_ALIAS]  # `connection` would look it up for every value
    last, prepared = object(), None
    for row in rows:
        value = getattr(row, field.attname)
        if value is not last:
            last, prepared = value, field.get_db_prep_save(value, database)
        yield prepared


def _name(field: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))


def _array(field: "Field[Any, Any]") -> str:
    """Say that a parameter is a list of this field's type."""
    kind = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return f"(%s)::{kind}[]"
