"""A tick with nothing due, on tables as they are after years."""

from collections.abc import Callable
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import reminders, zoom_attendance
from outbox import delivery, delivery_reports, detours
from tools.bench import ledger
from tools.bench.figures import Figure, Size, seconds

TIMES = 50
MOST_MS = 5.0


def measure(size: Size) -> list[Figure]:
    rows = size.choose(1_000_000, 100_000)
    tick()
    few_queries = queries_of(tick)
    ledger.fill(people=rows // 10, events=rows // 1000, messages=rows)
    tick()
    took = milliseconds(tick)
    queries = queries_of(tick)
    return [
        Figure(
            f"a tick with nothing due, {rows:,} ledger rows",
            "ms",
            took,
            f"< {MOST_MS:g} ms, as many queries as with none",
            took < MOST_MS and queries == few_queries,
            remark=f"{queries} queries; {few_queries} on an empty ledger.",
        )
    ]


def tick() -> None:
    """Do what a worker does every second: decide, take reports in, and look what is to be sent."""
    now = timezone.now()
    reminders.queue_on_time(timezone.now)
    delivery_reports.take(now)
    zoom_attendance.take(now)
    detours.follow(now)
    for channel in delivery.channels_due(now):
        delivery.send_due(channel, timezone.now)


def milliseconds(work: Callable[[], object]) -> float:
    return median(seconds(work) for _ in range(TIMES)) * 1000


def queries_of(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)
