"""The system as it really runs: Redis, beat, workers, and whom they send to."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import requests
from django.conf import settings
from django.utils import timezone

from outbox.models import Heartbeat
from tests.processes import (
    RunningProcess,
    beat,
    environment,
    redis_server,
    running,
    sandbox,
    wait_until,
    worker,
)
from tools.ports import HOST, free_port


@contextmanager
def mail_sink(delay: float = 0) -> Iterator[int]:
    """Run an SMTP server that needs so many seconds for each message; give its port."""
    port = free_port()
    command = [sys.executable, "-m", "tools.bench.sink", str(port), str(delay)]
    with running("sink", command, environment("", ""), port=port):
        yield port


@contextmanager
def portal(*options: str) -> Iterator[RunningProcess]:
    """Run a sandbox portal at the limits of a real one."""
    with sandbox(environment(_database_url(), ""), *options) as started:
        yield started


@contextmanager
def system(variables: dict[str, str], *, workers: int = 1) -> Iterator[list[RunningProcess]]:
    """Run beat and workers until the block ends; they have shown that they live."""
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server())
        shared = environment(_database_url(), f"{redis.url}/0", **variables)
        started = [
            stack.enter_context(worker(shared, name=f"worker{number}")) for number in range(workers)
        ]
        begun = timezone.now()
        stack.enter_context(beat(shared))
        wait_until(
            lambda: Heartbeat.objects.filter(seen_at__gte=begun).exists(),
            "beat's tasks are carried out",
            *started,
        )
        yield started


def by_smtp(port: int) -> dict[str, str]:
    """Return the settings with which e-mail goes to a mail server on this machine."""
    return {"EMAIL_URL": f"smtp://{HOST}:{port}", "EMAIL_CHANNEL": "smtp"}


def by_bitrix24(started: RunningProcess) -> dict[str, str]:
    return {
        "BITRIX24_WEBHOOK_URL": f"{started.url}/rest/1/sandbox-secret/",
        "BITRIX24_SMS_TEMPLATE_ID": "2",
    }


def ask(started: RunningProcess, path: str, body: Any = None) -> Any:
    """Call the sandbox portal's own address."""
    url = f"{started.url}/sandbox/{path}"
    if body is None:
        answer = requests.get(url, timeout=120)
    else:
        answer = requests.post(url, json=body, timeout=120)
    answer.raise_for_status()
    return answer.json()


def rest(seconds: float) -> bool:
    """Wait a little before a question is asked again: whoever answers has other things to do."""
    time.sleep(seconds)
    return True


def _database_url() -> str:
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    return "postgres://{USER}@{HOST}:{PORT}/{NAME}".format(**database)
