"""The portal's two limits: how many requests come in, and how long each method works."""

from collections import deque
from dataclasses import dataclass

WINDOW_MINUTES = 10
MINUTE = 60


@dataclass
class LeakyBucket:
    """The request counter of one address: every request adds one, `drain` leave each second."""

    size: float
    drain: float
    level: float = 0.0
    measured_at: float = 0.0

    def level_at(self, now: float) -> float:
        return max(0.0, self.level - self.drain * max(0.0, now - self.measured_at))

    def admit(self, now: float) -> bool:
        """Count a request in, or refuse it without counting it when the bucket is full."""
        level = self.level_at(now)
        # The counter drains by fractions; what is left after an exact wait must not refuse.
        is_admitted = level + 1 <= self.size + 1e-6
        self.level = level + 1 if is_admitted else level
        self.measured_at = now
        return is_admitted


class OperatingTime:
    """Seconds one method has worked for one caller, in ten buckets of a minute."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._buckets: deque[tuple[int, float]] = deque()

    def used(self, now: float) -> float:
        self._forget(now)
        return sum(seconds for _, seconds in self._buckets)

    def is_blocked(self, now: float) -> bool:
        """Whether the limit is passed; the call that passes it has still been carried out."""
        return self.used(now) > self.limit

    def add(self, seconds: float, now: float) -> None:
        self._forget(now)
        minute = int(now // MINUTE)
        if self._buckets and self._buckets[-1][0] == minute:
            seconds += self._buckets.pop()[1]
        self._buckets.append((minute, seconds))

    def resets_at(self, now: float) -> int:
        """The moment the oldest minute leaves the window."""
        self._forget(now)
        oldest = self._buckets[0][0] if self._buckets else int(now // MINUTE)
        return (oldest + WINDOW_MINUTES) * MINUTE

    def _forget(self, now: float) -> None:
        earliest = int(now // MINUTE) - WINDOW_MINUTES
        while self._buckets and self._buckets[0][0] <= earliest:
            self._buckets.popleft()
