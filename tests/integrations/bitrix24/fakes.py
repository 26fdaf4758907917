"""A clock that only moves when someone sleeps, a portal that counts, a client for tests."""

from dataclasses import dataclass, field
from typing import Any

from integrations.bitrix24.client import Bitrix24

SECRET = "s3cr3tk3y"
URL = f"https://college.bitrix24.eu/rest/1/{SECRET}/"


@dataclass
class FakeTime:
    now: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class PortalBucket:
    """Bitrix24's own count of requests, told when each one arrives."""

    burst: int = 50
    drain: float = 2.0
    level: float = 0.0
    at: float = 0.0

    def accepts(self, moment: float) -> bool:
        self.level = max(0.0, self.level - (moment - self.at) * self.drain)
        self.at = moment
        if self.level + 1 > self.burst:
            return False
        self.level += 1
        return True


def client_at(url: str = URL, *, time: FakeTime | None = None, **options: Any) -> Bitrix24:
    """Make a client that does not really sleep and whose pauses are not random."""
    time = time or FakeTime()
    return Bitrix24.at(url, clock=time, sleep=time.sleep, chance=lambda: 1.0, **options)


def batch_answer(**sections: Any) -> dict[str, Any]:
    names = ("result", "result_error", "result_total", "result_next", "result_time")
    empty: dict[str, Any] = {name: [] for name in names}
    return {"result": empty | sections, "time": {"duration": 0.1}}
