"""What the values of days and months come to; pure functions, no database.

A flow adds up, of a stock the last value counts, an average is the mean of the values there are.

All channels together: what was measured without a channel wins over the sum of the channels on
the same day, or for the same month. A channel that has values in the stretch of time just before
counts as missing where it has none.

Of a month the days count when none is missing; otherwise what was given for the month as a
whole; otherwise the days there are, and they are marked incomplete. For a stock only the last
day has to be there. The days up to yesterday are expected: today is not over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from goals.models import Series
from kpi.periods import DAY, Period, Span, last_of_month, period_of

Channel = int | None
"""The number of a channel; None: all channels together, as it was measured."""

Days = Mapping[date, Mapping[Channel, Decimal]]
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Part:
    """What a stretch of time comes to."""

    total: Decimal
    count: int
    """How many values are in it, for the mean."""

    is_complete: bool
    as_of: date
    """The last day something is known of."""

    channels: frozenset[Channel]

    def value(self, kind: str) -> Decimal:
        if kind == Series.Kind.AVERAGE:
            return (self.total / self.count).quantize(CENT, ROUND_HALF_UP)
        return self.total


class Month(NamedTuple):
    """A row of MonthTotal."""

    total: Decimal | None
    days: int
    last_value: Decimal | None
    last_day: date | None
    given: Decimal | None


def of_days(kind: str, days: Days, of: Period, known: set[Channel], today: date) -> Part | None:
    """Add up the days of a period; `known` are the channels of the period before."""
    there = [(day, days[day]) for day in of.days() if days.get(day)]
    if not there:
        return None
    if kind == Series.Kind.STOCK:
        return _last_of_days(there, known)
    channels = {channel for _day, values in there for channel in values}
    wanted = (channels | known) - {None}
    ended = _expected(of, today)
    full = sum(day < today and (None in values or wanted <= values.keys()) for day, values in there)
    counted = [[values[None]] if None in values else list(values.values()) for _, values in there]
    return Part(
        sum((sum(each, Decimal()) for each in counted), Decimal()),
        sum(len(each) for each in counted),
        full == ended,
        there[-1][0],
        frozenset(channels),
    )


def _last_of_days(there: list[tuple[date, Mapping[Channel, Decimal]]], known: set[Channel]) -> Part:
    last = {channel: (day, values[channel]) for day, values in there for channel in values}
    if None in last:
        day, value = last[None]
        return Part(value, 1, True, day, frozenset({None}))
    return Part(
        sum((value for _day, value in last.values()), Decimal()),
        len(last),
        known - {None} <= last.keys(),
        max(day for day, _value in last.values()),
        frozenset(last),
    )


def of_month(
    kind: str,
    rows: Mapping[Channel, Month],
    days: Days,
    of: Period,
    known: set[Channel],
    today: date,
) -> Part | None:
    """Say what a month comes to; `days` are needed only where `needs_days`."""
    own = rows.get(None)
    if own and (kind == Series.Kind.STOCK or _is_covered(kind, own, of, today) or _given(own)):
        return _of_row(kind, None, own, of, today)
    channels = _of_channels(kind, rows, of, known, today)
    if own is None or own.days == 0:
        return channels
    together = of_days(kind, days, of, known, today) if needs_days(rows) else None
    together = together or _of_row(kind, None, own, of, today)
    if together and not together.is_complete and channels and channels.is_complete:
        return channels
    return together


def needs_days(rows: Mapping[Channel, Month]) -> bool:
    """Tell whether a month has days measured without a channel and others by channel."""
    own = rows.get(None)
    return bool(own and own.days and any(row.days for channel, row in rows.items() if channel))


def _of_channels(
    kind: str, rows: Mapping[Channel, Month], of: Period, known: set[Channel], today: date
) -> Part | None:
    parts = [
        part
        for channel, row in rows.items()
        if channel is not None and (part := _of_row(kind, channel, row, of, today))
    ]
    if not parts:
        return None
    channels = frozenset[Channel]().union(*(part.channels for part in parts))
    return Part(
        sum((part.total for part in parts), Decimal()),
        sum(part.count for part in parts),
        all(part.is_complete for part in parts) and known - {None} <= channels,
        max(part.as_of for part in parts),
        channels,
    )


def _of_row(kind: str, channel: Channel, row: Month, of: Period, today: date) -> Part | None:
    """Say what a month comes to on one channel."""
    only, is_covered = frozenset({channel}), _is_covered(kind, row, of, today)
    if row.given is not None and not is_covered:
        count = of.length if kind == Series.Kind.AVERAGE else 1
        return Part(row.given * count, count, True, of.last, only)
    if row.total is None or row.last_value is None or row.last_day is None:
        return None
    if kind == Series.Kind.STOCK:
        return Part(row.last_value, 1, True, row.last_day, only)
    return Part(row.total, row.days, is_covered, row.last_day, only)


def _is_covered(kind: str, row: Month, of: Period, today: date) -> bool:
    """Tell whether the days say all there is to say of the month so far."""
    if not row.days or row.last_day is None:
        return False
    if kind == Series.Kind.STOCK:
        return row.last_day >= min(of.last, today - DAY)
    return row.days - (row.last_day >= today) == _expected(of, today)


def _given(row: Month) -> bool:
    return row.given is not None


def _expected(of: Period, today: date) -> int:
    """Count the days of a period that are over."""
    return max(0, (min(of.last, today - DAY) - of.first).days + 1)


def of_parts(kind: str, parts: Iterable[tuple[Period, Part | None]], today: date) -> Part | None:
    """Put the stretches of a longer period together."""
    of_each = list(parts)
    there = [part for _of, part in of_each if part]
    if not there:
        return None
    if kind == Series.Kind.STOCK:
        return there[-1]
    return Part(
        sum((part.total for part in there), Decimal()),
        sum(part.count for part in there),
        all(part.is_complete if part else _expected(of, today) == 0 for of, part in of_each),
        there[-1].as_of,
        frozenset[Channel]().union(*(part.channels for part in there)),
    )


def stretches(period: Period) -> list[Period]:
    """Cut a period into whole months and the days around them."""
    if period.span in (Span.DAY, Span.WEEK, Span.MONTH):
        return [period]
    found, day = [], period.first
    while day <= period.last:
        end = min(last_of_month(day), period.last)
        month = period_of(Span.MONTH, day)
        found.append(month if (day, end) == (month.first, month.last) else Period(day, end))
        day = end + DAY
    return found
