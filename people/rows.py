"""Writing many rows at once, each with values of its own.

Django's bulk_create prepares every value of every row, and bulk_update builds a CASE of every row
for every field: both take longer than sending. Rows of one batch have most of their values in
common, and what is the same is prepared once.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db import (
    DEFAULT_DB_ALIAS,
    IntegrityError,
    connection,
    connections,
    models,
    transaction,
)
from django.db.models import Field

logger = logging.getLogger(__name__)

Columns = Mapping[str, Sequence[Any]]
"""Values by the name of their field, as many of each as there are rows."""

_PLAIN = frozenset({date, Decimal, int, str})
"""Of these types what is equal is the same for the database."""


def insert(rows: Sequence[models.Model], *, or_ignore: bool = False) -> None:
    """Insert new rows of one model; with `or_ignore` those whose unique key is there stay out."""
    if rows:
        fields = [field for field in type(rows[0])._meta.concrete_fields if not field.primary_key]
        columns = {field.name: [getattr(row, field.attname) for row in rows] for field in fields}
        insert_columns(type(rows[0]), columns, or_ignore=or_ignore)


def insert_columns(model: type[models.Model], of: Columns, *, or_ignore: bool = False) -> None:
    """Insert new rows of which only the columns are there: no objects of the model are needed."""
    if or_ignore and connection.vendor == "postgresql":
        try:
            # Mostly none of them is there yet.
            with transaction.atomic():
                _insert(model, of, "")
        except IntegrityError:
            logger.debug("Some rows of %s are there: the others are inserted", model.__name__)
        else:
            return
    with transaction.atomic():
        _insert(model, of, " ON CONFLICT DO NOTHING" if or_ignore else "")


def _insert(model: type[models.Model], of: Columns, ending: str) -> None:
    fields = _fields(model, of)
    names = ", ".join(_name(field) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [_column(of[field.name], field) for field in fields]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not ending:
            # Nothing is quicker, on either side; but it knows no conflicts, and the driver's errors
            # do not become Django's by themselves.
            statement = f"COPY {table} ({names}) FROM STDIN"
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for row in zip(*columns, strict=True):
                    copy.write_row(row)
        elif connection.vendor == "postgresql":
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
    if rows:
        fields = _fields(type(rows[0]), field_names)
        columns = {field.name: [getattr(row, field.attname) for row in rows] for field in fields}
        write_columns(type(rows[0]), [row.pk for row in rows], columns)


def write_columns(model: type[models.Model], numbers: Sequence[Any], of: Columns) -> None:
    """Write these columns of the rows with these primary keys; the caller holds their locks."""
    fields, table = _fields(model, of), connection.ops.quote_name(model._meta.db_table)
    key = model._meta.pk
    columns = {field: list(_column(of[field.name], field)) for field in fields}
    keys = list(_column(numbers, key))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What is the same in all rows is said once.
            same = [
                field for field in fields if all(v == columns[field][0] for v in columns[field])
            ]
            differing = [field for field in fields if field not in same]
            changes = ", ".join(
                [
                    *(f"{_name(field)} = %s" for field in same),
                    *(f"{_name(field)} = fresh.{_name(field)}" for field in differing),
                ]
            )
            arrays = ", ".join(_array(field) for field in [*differing, key])
            names = ", ".join(_name(field) for field in [*differing, key])
            cursor.execute(
                f"UPDATE {table} SET {changes} FROM UNNEST({arrays}) AS fresh ({names})"  # noqa: S608
                f" WHERE {table}.{_name(key)} = fresh.{_name(key)}",
                [
                    *(columns[field][0] for field in same),
                    *(columns[field] for field in differing),
                    keys,
                ],
            )
        else:
            changes = ", ".join(f"{_name(field)} = %s" for field in fields)
            cursor.executemany(
                f"UPDATE {table} SET {changes} WHERE {_name(key)} = %s",  # noqa: S608
                list(zip(*columns.values(), keys, strict=True)),
            )


def _fields(model: type[models.Model], names: Iterable[str]) -> "list[Field[Any, Any]]":
    return [cast("Field[Any, Any]", model._meta.get_field(name)) for name in names]


def _column(values: Sequence[Any], field: "Field[Any, Any]") -> Iterator[Any]:
    """Prepare one field of all rows for the database."""
    database = connections[DEFAULT_DB_ALIAS]  # `connection` would look it up for every value
    prepared: dict[Any, Any] = {}
    last, last_prepared = object(), None
    for value in values:
        if value is not last:
            last = value
            if type(value) in _PLAIN:
                if value not in prepared:
                    prepared[value] = field.get_db_prep_save(value, database)
                last_prepared = prepared[value]
            else:
                last_prepared = field.get_db_prep_save(value, database)
        yield last_prepared


def _is_one_value(column: Sequence[Any]) -> bool:
    return all(value == column[0] for value in column)


def _name(field: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))


def _array(field: "Field[Any, Any]") -> str:
    """Say that a parameter is a list of this field's type."""
    kind = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return f"(%s)::{kind}[]"
