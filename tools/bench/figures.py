"""How a measurement is taken: several times in turn, the best of each is compared."""

import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    seconds: float
    bare: str
    bare_seconds: float

    @property
    def ratio(self) -> float:
        return self.seconds / self.bare_seconds


def compare(
    what: str,
    ours: Callable[[], object],
    bare: str,
    theirs: Callable[[], object],
    *,
    rounds: int = ROUNDS,
) -> Figure:
    """Time both in turn, so that a busy machine slows down both."""
    times = [(_seconds(ours), _seconds(theirs)) for _ in range(rounds)]
    return Figure(what, min(mine for mine, _ in times), bare, min(other for _, other in times))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
