"""What a measurement says, and how two things are timed side by side."""

import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, beside the least possible and somebody else's."""

    work: str
    unit: str
    ours: float
    target: str = ""
    is_met: bool | None = None
    """None where nobody has set a target, or where it could not be judged."""

    floor: float | None = None
    """What a bare program needs that does nothing but the unavoidable."""

    peer: float | None = None
    """What the program people would use instead needs, in the same run."""

    remark: str = ""
    database: str = ""

    @property
    def ratio(self) -> str:
        beside = [("floor", self.floor), ("peer", self.peer)]
        return ", ".join(f"{self.ours / least:.2f} × {name}" for name, least in beside if least)


@dataclass(frozen=True)
class Size:
    """How much is measured; small is for trying out a change."""

    is_small: bool = False

    def choose(self, full: int, small: int) -> int:
        return small if self.is_small else full


class CannotRunError(Exception):
    """A measurement, or a part of it, is not possible here; the text says why."""


def side_by_side(
    ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int = ROUNDS
) -> tuple[float, float]:
    """Time both in turn, so that a busy machine slows down both; return the best of each."""
    times = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    return min(mine for mine, _ in times), min(other for _, other in times)


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
