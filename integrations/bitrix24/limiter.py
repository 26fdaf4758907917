"""How fast we may ask: a leaky bucket of requests, and methods that must rest for a while.

A portal counts the requests of an address: each adds one, every second takes `drain` away, and
above `burst` it refuses. Whoever wants to ask reserves a place in the queue first and sleeps
until its turn, so nobody pushes in and nobody polls.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from integrations.outcomes import NotExecuted, Why

SLOW_SECONDS = 60.0
"""How long the rate is halved after a refusal: someone else asks from our address too."""
PAUSE_SECONDS = 300.0
"""The least rest of a method whose operating time is used up."""
LONGER_PAUSE_SECONDS = 120.0
"""The next rests, if it is refused again soon after."""
REMEMBER_PAUSE_SECONDS = 900.0
FRESH_SECONDS = 0.5
"""So much later than its turn a request may be made: less than the margin of the bucket."""


@dataclass(frozen=True)
class Bucket:
    """The portal's limit, and how far below it we stay."""

    burst: int = 50
    drain: float = 2.0
    margin_seconds: float = 1.5
    """Requests sent at the right moments may arrive bunched together by this much."""

    @property
    def capacity(self) -> int:
        return max(1, self.burst - math.ceil(self.margin_seconds * self.drain))


class Limiter(Protocol):
    """What all processes that talk to one portal share."""

    def reserve(self, patience: float) -> float | NotExecuted:
        """Take the next place and return the seconds until it; none, if it is too far away."""

    def give_back(self) -> None:
        """Return a place that was taken and not used."""

    def throttled(self) -> None:
        """Learn that the portal refused: its bucket is full, whatever we believed."""

    def pause(self, method: str, seconds: float = 0.0) -> None:
        """Let a method rest, for at least `seconds`."""

    def pauses(self, methods: Iterable[str]) -> dict[str, float]:
        """Return the seconds that those of the methods that rest have left."""


@dataclass
class Place:
    """A place whose turn has come, kept for the one request that follows."""

    limiter: Limiter
    came_at: float
    is_free: bool = True

    def take(self, now: float) -> bool:
        """Use it for a request now; one that was kept for too long is given back instead."""
        if not self.is_free:
            return False
        is_fresh = now - self.came_at <= FRESH_SECONDS
        if is_fresh:
            self.is_free = False
        else:
            self.give_back()
        return is_fresh

    def give_back(self) -> None:
        if self.is_free:
            self.is_free = False
            self.limiter.give_back()


@dataclass
class MemoryLimiter:
    """The limiter of a single process; also what remains when Redis is away."""

    bucket: Bucket = field(default_factory=Bucket)
    clock: Callable[[], float] = time.monotonic
    level: float = 0.0

    def __post_init__(self) -> None:
        self._at = self.clock()
        self._slow_until = -math.inf
        self._paused: dict[str, float] = {}
        self._paused_before: dict[str, float] = {}
        self._lock = threading.Lock()

    def reserve(self, patience: float) -> float | NotExecuted:
        with self._lock:
            now = self._drain()
            rate = self.bucket.drain / 2 if now < self._slow_until else self.bucket.drain
            wait = max(0.0, (self.level + 1 - self.bucket.capacity) / rate)
            if wait > patience:
                return NotExecuted(Why.THROTTLED, retry_after=wait)
            self.level += 1
            return wait

    def give_back(self) -> None:
        with self._lock:
            self.level = max(0.0, self.level - 1)

    def throttled(self) -> None:
        with self._lock:
            now = self._drain()
            self.level = max(self.level, float(self.bucket.burst))
            self._slow_until = now + SLOW_SECONDS

    def pause(self, method: str, seconds: float = 0.0) -> None:
        with self._lock:
            now = self.clock()
            again = now < self._paused_before.get(method, -math.inf)
            least = LONGER_PAUSE_SECONDS if again else PAUSE_SECONDS
            until = now + max(seconds, least)
            self._paused[method] = max(until, self._paused.get(method, -math.inf))
            self._paused_before[method] = now + REMEMBER_PAUSE_SECONDS

    def pauses(self, methods: Iterable[str]) -> dict[str, float]:
        with self._lock:
            now = self.clock()
            left = {method: self._paused.get(method, now) - now for method in methods}
        return {method: seconds for method, seconds in left.items() if seconds > 0}

    def _drain(self) -> float:
        """Let run out what has run out since the last time, at half the rate while slow."""
        now = self.clock()
        elapsed = max(0.0, now - self._at)
        slow = max(0.0, min(now, self._slow_until) - self._at)
        self.level = max(0.0, self.level - (elapsed - slow / 2) * self.bucket.drain)
        self._at = now
        return now
