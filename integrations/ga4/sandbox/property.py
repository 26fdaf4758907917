"""The property that is asked: whose it is, what is wrong with it, and how much may be asked."""

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Fault(StrEnum):
    """What becomes of a call."""

    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"
    SLOW = "slow"
    PERMISSION = "permission"
    UNAUTHENTICATED = "unauthenticated"
    EXHAUSTED = "exhausted"


@dataclass
class Property:
    """A property of Google Analytics and what tests change about it."""

    number: str = "123456789"
    time_zone: str = "Europe/Riga"
    today: date | None = None
    """The day it takes for today; the one of the clock where none is given."""

    faults: deque[Fault] = field(default_factory=deque)
    """What becomes of the next calls, one each."""

    always: Fault | None = None
    slow_seconds: float = 30
    thresholded: bool = False
    other_row: bool = False
    sampled: bool = False
    empty_days: set[date] = field(default_factory=set)
    hidden_sources: set[str] = field(default_factory=set)
    """Sources that are not there any more: such rows move to another source."""

    factor: float = 1
    """By how much days are counted higher than before: data are restated."""

    tokens: int = 200_000
    """The quota of a day."""

    used: int = 0
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def present_day(self) -> date:
        return self.today or datetime.now(ZoneInfo(self.time_zone)).date()

    def next_fault(self) -> Fault | None:
        """Take what becomes of this call."""
        with self.lock:
            self.calls += 1
            return self.faults.popleft() if self.faults else self.always

    def charge(self, rows: int) -> bool:
        """Count a report's tokens; False where the quota of the day is used up."""
        with self.lock:
            if self.used >= self.tokens:
                return False
            self.used += 1 + rows // 500
            return True
