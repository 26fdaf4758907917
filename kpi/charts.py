"""What static/charts.js draws, as the JSON a page carries; and what stands there without it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext

from goals.models import Series
from kpi.periods import Period
from kpi.sparkline import Sparkline, sparkline

Role = Literal["main", "before", "part"]


@dataclass(frozen=True)
class Line:
    """A line of a chart, or its bars: one value for each period, None where there is none."""

    name: str
    values: Sequence[Decimal | None]
    role: Role = "main"


@dataclass(frozen=True)
class Mark:
    """Something that happened on a day."""

    day: date
    name: str
    kind: Literal["event", "publication", "note"]
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """Lines over periods, with a target and with what happened."""

    name: str
    periods: Sequence[Period]
    lines: Sequence[Line]
    description: str
    is_flow: bool
    target: Sequence[float | None] = ()
    marks: Sequence[Mark] = field(default_factory=tuple)
    is_so_far: bool = False
    key: str = "chart"

    @property
    def drawing(self) -> Sparkline | None:
        """Give the line that stands there until the chart is drawn."""
        return sparkline(self.lines[0].values) if self.lines else None

    @property
    def mark_kinds(self) -> set[str]:
        return {mark.kind for mark in self.marks}

    @property
    def happened(self) -> list[Mark]:
        """Give the events and publications; notes have a place of their own on the page."""
        return [mark for mark in self.marks if mark.url]

    @property
    def has_target(self) -> bool:
        return any(value is not None for value in self.target)

    @property
    def is_bars(self) -> bool:
        return self.is_flow and all(line.role != "part" for line in self.lines)

    def config(self) -> dict[str, Any]:
        return {
            "shape": "bars" if self.is_bars else "line",
            "from_zero": self.is_flow,
            "decimals": 0 if all(_is_whole(line.values) for line in self.lines) else 2,
            "labels": [each.label for each in self.periods],
            "ticks": [each.short_label for each in self.periods],
            "lines": [
                {"name": line.name, "role": line.role, "values": _numbers(line.values)}
                for line in self.lines
            ],
            "target": self._target(),
            "marks": [
                {"at": at, "name": mark.name, "kind": mark.kind}
                for at, mark in placed(self.marks, self.periods)
            ],
            "so_far": self.is_so_far,
            "description": self.description,
            "words": {"no_data": gettext("no data"), "so_far": gettext("so far")},
        }

    def _target(self) -> dict[str, Any] | None:
        if not self.has_target:
            return None
        return {"name": gettext("Target"), "values": list(self.target)}


def placed(marks: Iterable[Mark], periods: Sequence[Period]) -> list[tuple[int, Mark]]:
    """Tell in which period each mark is; leave out what is in none."""
    firsts = [each.first for each in periods]
    found = ((bisect_right(firsts, mark.day) - 1, mark) for mark in marks)
    return [(at, mark) for at, mark in found if at >= 0 and mark.day <= periods[at].last]


def is_flow(series: Series) -> bool:
    return series.kind in (Series.Kind.FLOW, Series.Kind.DERIVED)


def _numbers(values: Iterable[Decimal | None]) -> list[float | None]:
    return [None if value is None else float(value) for value in values]


def _is_whole(values: Iterable[Decimal | None]) -> bool:
    return all(value is None or value == value.to_integral_value() for value in values)
