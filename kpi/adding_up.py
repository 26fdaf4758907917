"""What the values of days and months come to; pure functions, no database.

A flow adds up, of a stock the last value counts, an average is the mean of the values there are.

All channels together: what was measured without a channel wins over the sum of the channels on
the same day, or for the same month. A channel that has values in the stretch of time just before
counts as missing where it has none.

Of a month the days count when none is missing, on one channel as on all of them; otherwise what
was given for the month as a whole; otherwise the days there are, and they are marked incomplete.
For a stock only the last day has to be there, and of a number without a channel and those of all
channels the later one counts. The days up to yesterday are expected: today is not over.

A growth is what the level at the end has more than the one at the end of the period before, on the
channels that both have. Where nothing was measured in the period before, it is counted from the
first value in the period; that, too, is incomplete.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from goals.models import Series
from kpi.periods import DAY, Period, Span, last_of_month, period_of

Channel = int | None
"""The number of a channel; None: all channels together, as it was measured."""

ALL: Channel = None
"""In the place of a channel: all of them together."""

Days = Mapping[date, Mapping[Channel, Decimal]]
CENT = Decimal("0.01")


class Level(NamedTuple):
    """From where to where a stock went on one channel."""

    first_day: date
    first: Decimal
    last_day: date
    last: Decimal


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
    """Those that count in it; None: what was measured without one."""

    levels: Mapping[Channel, Level] = field(default_factory=dict)
    """Of a stock: how the channels that count went."""

    def value(self, kind: str) -> Decimal:
        if kind == Series.Kind.AVERAGE:
            return (self.total / self.count).quantize(CENT, ROUND_HALF_UP)
        return self.total


class Growth(NamedTuple):
    """By how much a stock grew, on the channels whose level at the beginning is known."""

    value: Decimal
    start: Decimal
    """The level of these channels at the beginning: what a share of growth is of."""


class Month(NamedTuple):
    """A row of MonthTotal."""

    total: Decimal | None
    days: int
    last_value: Decimal | None
    last_day: date | None
    given: Decimal | None
    first_value: Decimal | None
    first_day: date | None


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
    counted = [{None: values[None]} if None in values else values for _day, values in there]
    return Part(
        sum((sum(each.values(), Decimal()) for each in counted), Decimal()),
        sum(len(each) for each in counted),
        full == ended,
        there[-1][0],
        frozenset(channel for each in counted for channel in each),
    )


def _last_of_days(there: list[tuple[date, Mapping[Channel, Decimal]]], known: set[Channel]) -> Part:
    first = {channel: (day, values[channel]) for day, values in there[::-1] for channel in values}
    last = {channel: (day, values[channel]) for day, values in there for channel in values}
    levels = {channel: Level(*first[channel], *last[channel]) for channel in last}
    own = levels.pop(None, None)
    channels = _of_levels(levels, is_complete=known - {None} <= levels.keys()) if levels else None
    if own is None or (channels and channels.is_complete and channels.as_of > own.last_day):
        assert channels is not None
        return channels
    return _of_levels({None: own})


def _of_levels(levels: Mapping[Channel, Level], *, is_complete: bool = True) -> Part:
    return Part(
        sum((level.last for level in levels.values()), Decimal()),
        len(levels),
        is_complete,
        max(level.last_day for level in levels.values()),
        frozenset(levels),
        levels,
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
    row = rows.get(None)
    own = _of_row(kind, None, row, of, today) if row else None
    channels = _of_channels(kind, rows, of, known, today)
    if row is None or own is None or channels is None:
        return own or channels
    is_covered = _is_covered(kind, row, of, today)
    is_given = row.given is not None and not is_covered
    are_days = channels.is_complete and all(
        _is_covered(kind, each, of, today) for channel, each in rows.items() if channel is not None
    )
    if kind == Series.Kind.STOCK:
        is_later = channels.is_complete and channels.as_of > own.as_of
        return channels if is_later or (are_days and is_given) else own
    if is_covered:
        return own
    mixed = of_days(kind, days, of, known, today) if needs_days(rows) else None
    if mixed and mixed.is_complete:
        return mixed
    if are_days or (channels.is_complete and not is_given):
        return channels
    return own if is_given else mixed or own


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
        {channel: level for part in parts for channel, level in part.levels.items()},
    )


def _of_row(kind: str, channel: Channel, row: Month, of: Period, today: date) -> Part | None:
    """Say what a month comes to on one channel."""
    is_covered = _is_covered(kind, row, of, today)
    is_given = row.given is not None and not is_covered
    if kind == Series.Kind.STOCK:
        last_day, last = (of.last, row.given) if is_given else (row.last_day, row.last_value)
        if last_day is None or last is None:
            return None
        first_day, first = row.first_day, row.first_value
        if first_day is None or first is None:
            first_day, first = last_day, last
        return _of_levels({channel: Level(first_day, first, last_day, last)})
    only = frozenset({channel})
    if row.given is not None and not is_covered:
        count = of.length if kind == Series.Kind.AVERAGE else 1
        return Part(row.given * count, count, True, of.last, only)
    if row.total is None or row.last_day is None:
        return None
    return Part(row.total, row.days, is_covered, row.last_day, only)


def _is_covered(kind: str, row: Month, of: Period, today: date) -> bool:
    """Tell whether the days say all there is to say of the month so far."""
    if not row.days or row.last_day is None:
        return False
    if kind == Series.Kind.STOCK:
        return row.last_day >= min(of.last, today - DAY)
    return row.days - (row.last_day >= today) == _expected(of, today)


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
        return _last_of_parts(there)
    return Part(
        sum((part.total for part in there), Decimal()),
        sum(part.count for part in there),
        all(part.is_complete if part else _expected(of, today) == 0 for of, part in of_each),
        there[-1].as_of,
        frozenset[Channel]().union(*(part.channels for part in there)),
    )


def _last_of_parts(there: list[Part]) -> Part:
    """Take the levels of the last stretch, with where each of these channels began."""
    first = {channel: level for part in there[::-1] for channel, level in part.levels.items()}
    levels = {
        channel: Level(*first[channel][:2], level.last_day, level.last)
        for channel, level in there[-1].levels.items()
    }
    return replace(there[-1], levels=levels)


def growth(before: Part | None, now: Part) -> Growth | None:
    """Say by how much a stock grew since the period before, or else since it is known."""
    began = began_at(before, now)
    if not began:
        return None
    is_by_channel = began.keys() <= now.levels.keys()
    end = sum((now.levels[each].last for each in began), Decimal()) if is_by_channel else now.total
    start = sum((level for _day, level in began.values()), Decimal())
    return Growth(end - start, start)


def began_at(before: Part | None, now: Part) -> dict[Channel, tuple[date, Decimal]]:
    """Say when, and at which level, growth begins on each of the channels that count in it."""
    if before is None:
        return {
            channel: (level.first_day, level.first)
            for channel, level in now.levels.items()
            if level.first_day < level.last_day
        }
    ended = {channel: (level.last_day, level.last) for channel, level in before.levels.items()}
    both = {channel: ended[channel] for channel in ended if channel in now.levels}
    # One is of all channels together, the other of each of them: they compare as wholes.
    are_whole = before.is_complete and now.is_complete and None in before.channels | now.channels
    return both or (ended if are_whole else {})


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
