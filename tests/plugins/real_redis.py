"""One Redis for the whole test run, one of its databases for each xdist worker.

It is started before Django reads its settings, so that the cache, the limiter and Celery all
talk to it. A `REDIS_URL` from outside is not used: the tests empty what they are given.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import redis

from tools.redis_server import throw_away_redis


def pytest_addoption() -> None:
    """Run first thing, before pytest-django looks at the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        address, _, _ = os.environ["REDIS_URL"].rpartition("/")
        os.environ["REDIS_URL"] = f"{address}/{int(worker.removeprefix('gw')) + 1}"
        return
    running = ExitStack()
    # Not pytest's own end: that never comes when Django's set-up fails.
    atexit.register(running.close)
    os.environ["REDIS_URL"] = f"{running.enter_context(throw_away_redis())}/0"


@pytest.fixture(autouse=True)
def empty_redis(redis_url: str) -> Iterator[None]:
    """Start each test with an empty Redis: no throttle, limiter or queue of another test."""
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushdb()
        yield


@pytest.fixture(scope="session")
def redis_url() -> str:
    return os.environ["REDIS_URL"]
