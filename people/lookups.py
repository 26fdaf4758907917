"""Finding texts by how they begin, with an index on every database."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import StartsWith
from django.db.models.sql.compiler import SQLCompiler

HIGHEST = "\U0010ffff"
"""Sorts behind every other letter."""


class Begins(StartsWith):
    """`startswith`, but as a range on SQLite, whose LIKE knows no index that heeds capitals."""

    lookup_name = "begins"

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        return StartsWith(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[str | int]]:
        column, parameters = compiler.compile(self.lhs)
        sql = f"({column} >= %s AND {column} < %s)"
        return sql, [*parameters, self.rhs, *parameters, f"{self.rhs}{HIGHEST}"]
