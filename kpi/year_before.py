"""Figures with those of a year before beside them; of a running period, with the same days."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from kpi.figures import Figure
from kpi.periods import DAY, Period, Span

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Entry:
    """What there was in a period, and a year before."""

    figure: Figure
    before: Figure | None
    """None: there was no such period; while the period runs, the same days of it."""

    @property
    def change(self) -> Decimal | None:
        """Give by how many per cent it is more than a year before."""
        if self.before is None or not self.before.value or self.figure.value is None:
            return None
        return (self.figure.value / self.before.value - 1) * 100


def beside(
    found: Mapping[Key, Sequence[Figure]],
    read: Callable[[Span, date, date], Mapping[Key, Sequence[Figure]]],
    total: Callable[[date, date], Mapping[Key, Figure]],
    today: date,
) -> dict[Key, list[Entry]]:
    """Put beside figures of the same periods those of a year before.

    `read` gives whole periods of the same things, `total` any days.
    """
    periods = [figure.period for figure in next(iter(found.values()), ())]
    pairs = [
        (each, before)
        for each in periods
        if not _is_running(each, today) and (before := each.year_before)
    ]
    earlier: dict[Key, dict[date, Figure]] = {key: {} for key in found}
    if pairs:
        span = periods[0].span
        assert span is not None
        first, last = pairs[0][1].first, max(before.last for _period, before in pairs)
        for key, figures in read(span, first, last).items():
            known = {figure.period.first: figure for figure in figures}
            of_key = {period.first: known[before.first] for period, before in pairs}
            earlier.setdefault(key, {}).update(of_key)
    for each in periods:
        if _is_running(each, today) and (same := _same_days(each, today)):
            for key, figure in total(same.first, same.last).items():
                earlier.setdefault(key, {})[each.first] = figure
    return {
        key: [Entry(figure, earlier[key].get(figure.period.first)) for figure in figures]
        for key, figures in found.items()
    }


def _is_running(period: Period, today: date) -> bool:
    return period.first <= today <= period.last


def _same_days(running: Period, today: date) -> Period | None:
    """Give those days of a year before that are over in the running period."""
    if running.span == Span.DAY:
        return running.year_before
    if running.first == today:
        return None
    over = Period(running.first, today - DAY)
    if running.span != Span.WEEK:
        return over.year_before
    before = running.year_before
    return before and Period(before.first, before.first + (over.last - over.first))
