"""One Redis for the whole test run, one of its databases for each xdist worker.

It is started before Django reads its settings, so that the cache, the limiter and Celery all
talk to it. A `REDIS_URL` from outside is not used: the tests empty what they are given.
"""

import atexit
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tools.die_with_parent import with_parent
from tools.ports import free_port
from tools.redis_server import redis_command

START_SECONDS = 30


def pytest_addoption() -> None:
    """Run first thing, before pytest-django looks at the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        server, _, _ = os.environ["REDIS_URL"].rpartition("/")
        os.environ["REDIS_URL"] = f"{server}/{int(worker.removeprefix('gw')) + 1}"
    else:
        _start()


@pytest.fixture(autouse=True)
def empty_redis(redis_url: str) -> Iterator[None]:
    """Start each test with an empty Redis: no throttle, limiter or queue of another test."""
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushdb()
        yield


@pytest.fixture(scope="session")
def redis_url() -> str:
    return os.environ["REDIS_URL"]


def _start() -> None:
    directory = tempfile.TemporaryDirectory(prefix="smmprocess-redis-")
    port = free_port()
    log = Path(directory.name) / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            with_parent(
                *redis_command(port, Path(directory.name), keep=False), "--databases", "64"
            ),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # Not pytest's own end: that never comes when Django's set-up fails.
    atexit.register(_stop, process, directory)
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    _wait_until_ready(process, log)


def _stop(process: subprocess.Popen[bytes], directory: tempfile.TemporaryDirectory[str]) -> None:
    process.kill()
    process.wait()
    directory.cleanup()


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with redis.Redis.from_url(os.environ["REDIS_URL"]) as connection:
                connection.ping()
        except redis.ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise pytest.UsageError(f"Redis did not start:\n{log.read_text()}") from None
            time.sleep(0.02)
        else:
            return
