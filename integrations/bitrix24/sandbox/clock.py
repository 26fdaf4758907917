"""The sandbox's clock: the real one, or one that a test moves by hand."""

import threading
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

PORTAL_ZONE = ZoneInfo("Europe/Riga")


class Clock(Protocol):
    """What the sandbox needs to know about time; moments are Unix seconds."""

    def now(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """Real time."""

    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class ManualClock:
    """Time that stands still until it is advanced; sleeping advances it."""

    def __init__(self, start: datetime = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)) -> None:
        self._now = start.timestamp()
        self._lock = threading.Lock()

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds


def iso(moment: float) -> str:
    """Write a moment as the portal does: to the second, with the offset of its time zone."""
    return datetime.fromtimestamp(int(moment), PORTAL_ZONE).isoformat()


@lru_cache(maxsize=50_000)
def parse_moment(value: object) -> float | None:
    """Read an ISO date or date-time, in the portal's zone if it names none; else None."""
    try:
        parsed = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=PORTAL_ZONE)
    return parsed.timestamp()
