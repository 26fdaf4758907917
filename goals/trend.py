"""The line of an indicator's check-ins as a drawing: only places, no colours and no words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from goals.models import CheckIn, Indicator

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 10, 310, 22, 126
_SHAPES = {
    CheckIn.Confidence.ON_TRACK: "M{left} {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    CheckIn.Confidence.AT_RISK: "M{x} {top}l5 9h-10z",
    CheckIn.Confidence.OFF: "M{left} {top}h8v8h-8z",
}


@dataclass(frozen=True)
class Mark:
    """A check-in on the line; its shape says the confidence, without any colour."""

    check_in: CheckIn
    x: int
    y: int

    @property
    def shape(self) -> str:
        drawn = _SHAPES[CheckIn.Confidence(self.check_in.confidence)]
        return drawn.format(x=self.x, y=self.y, left=self.x - 4, top=self.y - 4)


@dataclass(frozen=True)
class Tick:
    """The first day of a quarter on the axis."""

    day: date
    x: int


@dataclass(frozen=True)
class Trend:
    marks: list[Mark]
    ticks: list[Tick]
    target_y: int | None
    start_y: int | None

    @property
    def line(self) -> str:
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)


def trend(indicator: Indicator, check_ins: Sequence[CheckIn], year: int) -> Trend | None:
    """Draw the standing check-ins over the year, with start and target; None without any."""
    if not check_ins:
        return None
    days = [each.on for each in check_ins]
    first, last = min(date(year, 1, 1), *days), max(date(year, 12, 31), *days)
    start = indicator.way_begins_at
    bounds = [each for each in (start, indicator.target) if each is not None]
    values = [*(each.value for each in check_ins), *bounds]
    low, high = min(values), max(values)

    def x(day: date) -> int:
        return LEFT + (RIGHT - LEFT) * (day - first).days // (last - first).days

    def y(value: Decimal | None) -> int | None:
        return None if value is None else _height(value, low, high)

    return Trend(
        marks=[Mark(each, x(each.on), _height(each.value, low, high)) for each in check_ins],
        ticks=[Tick(day, x(day)) for day in (date(year, month, 1) for month in (1, 4, 7, 10))],
        target_y=y(indicator.target),
        start_y=y(start),
    )


def _height(value: Decimal, low: Decimal, high: Decimal) -> int:
    if low == high:
        return (TOP + BOTTOM) // 2
    return BOTTOM - round((BOTTOM - TOP) * (value - low) / (high - low))
