"""Fresh databases for measurements: migrated once, then copied for every row."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from tools.postgres_server import PostgresServer, postgres_server

EMPTY = "empty"


@dataclass(frozen=True)
class Databases:
    """Where the migrated databases are from which the fresh ones are copied."""

    directory: Path
    server: PostgresServer | None
    numbers: "count[int]"

    @contextmanager
    def fresh(self, name: str) -> Iterator[str]:
        """Give the URL of a migrated database without data, and remove it afterwards."""
        number = next(self.numbers)
        if name == "sqlite":
            path = self.directory / f"row{number}.sqlite3"
            shutil.copy(self.directory / f"{EMPTY}.sqlite3", path)
            yield f"sqlite:///{path}"
            for left in self.directory.glob(f"{path.name}*"):
                left.unlink()
        else:
            assert self.server is not None
            copy = f"row{number}"
            _execute(self.server, f"CREATE DATABASE {copy} TEMPLATE {EMPTY}")
            yield self.server.url(copy)
            _execute(self.server, f"DROP DATABASE {copy} WITH (FORCE)")


@contextmanager
def open_databases(directory: Path, names: list[str]) -> Iterator[Databases]:
    """Prepare the kinds of database that are asked for."""
    with ExitStack() as stack:
        server = None
        if "sqlite" in names:
            migrate(f"sqlite:///{directory / EMPTY}.sqlite3")
        if "postgresql" in names:
            server = stack.enter_context(postgres_server(is_durable=True))
            migrate(server.create_database(EMPTY))
        yield Databases(directory, server, count(1))


def migrate(url: str) -> None:
    variables = os.environ | {"DEBUG": "0", "SECRET_KEY": "x", "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=variables, check=True)


def _execute(server: PostgresServer, statement: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement))
