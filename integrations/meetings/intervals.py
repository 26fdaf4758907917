"""Times somebody was in a meeting: from signs to intervals, and from intervals to minutes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Interval:
    """From one joining to one leaving."""

    joined: datetime
    left: datetime
    seconds: int | None = None
    """How long the report says it was, where it counts only the time that was really spent."""

    @property
    def length(self) -> int:
        return int((self.left - self.joined).total_seconds())

    @property
    def counted(self) -> int:
        return self.length if self.seconds is None else min(self.seconds, self.length)


def clipped(intervals: Iterable[Interval], first: datetime, last: datetime) -> list[Interval]:
    """Keep what lies between two moments."""
    cut = (
        replace(each, joined=max(each.joined, first), left=min(each.left, last))
        for each in intervals
    )
    return [each for each in cut if each.joined < each.left]


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Join what overlaps: two devices of one person are there only once."""
    found: list[Interval] = []
    for each in sorted(intervals, key=lambda interval: interval.joined):
        if found and each.joined <= found[-1].left:
            found[-1] = Interval(found[-1].joined, max(found[-1].left, each.left))
        else:
            found.append(Interval(each.joined, each.left))
    return found


def seconds_present(intervals: Sequence[Interval]) -> int:
    """Count the time somebody was there, once however many devices there were."""
    return min(
        sum(each.length for each in merged(intervals)), sum(each.counted for each in intervals)
    )


def minutes_of(seconds: int) -> int:
    """Round to whole minutes, a half upwards."""
    return (seconds + 30) // 60


def paired(signs: Iterable[tuple[datetime, bool]]) -> list[tuple[datetime, datetime | None]]:
    """Turn signs (when, and whether it is a joining) into stays, in whatever order they came.

    A second joining without a leaving is the first one told again; a leaving without a joining
    waits for it. The last stay may still be open.
    """
    stays: list[tuple[datetime, datetime | None]] = []
    opened: datetime | None = None
    for at, is_joining in sorted(set(signs), key=lambda sign: (sign[0], not sign[1])):
        if is_joining:
            opened = opened or at
        elif opened is not None:
            stays.append((opened, at))
            opened = None
    return [*stays, (opened, None)] if opened is not None else stays
