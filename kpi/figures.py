"""What series come to in days, weeks, months, years and any other days: the one computation.

How values add up is in `kpi.adding_up`; here they are fetched, with a constant number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q, prefetch_related_objects

from goals.models import Series
from kpi.adding_up import (
    Channel,
    Days,
    Month,
    Part,
    began_at,
    growth,
    needs_days,
    of_days,
    of_month,
    of_parts,
    stretches,
)
from kpi.models import Measurement, MonthTotal
from kpi.periods import DAY, Period, Span, month_before, periods

ALL: Channel = None
"""In the place of a channel: all of them together."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a series came to in a period."""

    period: Period
    value: Decimal | None
    """None: nothing was measured; never a zero that nobody counted."""

    is_so_far: bool
    """The period is not over."""

    is_incomplete: bool
    """Days are missing, or a channel is that was there before."""

    as_of: date | None
    """The last day something is known of."""

    channels: frozenset[Channel] = frozenset()
    """Those that count in it; None: what was measured without one."""

    grew_from: Decimal | None = None
    """Of a growth: the level it is counted from, on the channels that count in it."""


def read(
    series: Iterable[Series],
    span: Span,
    first: date,
    last: date,
    *,
    channel: Channel = ALL,
    today: date,
) -> dict[int, list[Figure]]:
    """Give each series' figures, by its number, of the whole periods that touch these days."""
    return _read(list(series), periods(span, first, last), channel, today)


def total(
    series: Iterable[Series],
    first: date,
    last: date,
    *,
    channel: Channel = ALL,
    today: date,
) -> dict[int, Figure]:
    """Give one figure of any days for each series: of an intake, of two periods to compare."""
    found = _read(list(series), [Period(first, last)], channel, today)
    return {number: figure for number, [figure] in found.items()}


def total_by_channel(
    series: Iterable[Series], first: date, last: date, *, today: date
) -> dict[int, dict[Channel, Figure]]:
    """Give one figure of any days for each series and every channel that has any."""
    found = _by_channel(list(series), [Period(first, last)], today)
    return {
        number: {channel: figure for channel, [figure] in channels.items()}
        for number, channels in found.items()
    }


def by_channel(
    series: Iterable[Series], span: Span, first: date, last: date, *, today: date
) -> dict[int, dict[Channel, list[Figure]]]:
    """Give each series' figures of every channel that has any; None is all of them together."""
    return _by_channel(list(series), periods(span, first, last), today)


def growth_begins(
    series: Series, of: Period, *, channel: Channel = ALL, today: date
) -> dict[Channel, date]:
    """Say on which day growth in a period begins, by the channels that count in it."""
    source = _sources([series])[series.pk]
    known = _fetch([source], [series], [of], channel)
    now = known.part(source, of, today)
    began = began_at(known.part(source, of.before, today), now) if now else {}
    return {each: day for each, (day, _level) in began.items()}


def _by_channel(
    wanted: list[Series], of: list[Period], today: date
) -> dict[int, dict[Channel, list[Figure]]]:
    sources = _sources(wanted)
    known = _fetch(sources.values(), wanted, of, ALL)
    return {
        each.pk: {
            channel: _figures(each, of, known.only(channel, sources[each.pk].pk), sources, today)
            for channel in [ALL, *sorted(known.channels(sources[each.pk].pk))]
        }
        for each in wanted
    }


def _read(
    series: list[Series], of: list[Period], channel: Channel, today: date
) -> dict[int, list[Figure]]:
    sources = _sources(series)
    known = _fetch(sources.values(), series, of, channel)
    return {each.pk: _figures(each, of, known, sources, today) for each in series}


def _sources(series: list[Series]) -> dict[int, Series]:
    """Give, for each series, the one that is measured: itself, or the one it is the growth of."""
    prefetch_related_objects(series, "growth_of")
    return {each.pk: each.growth_of or each for each in series}


def _figures(
    series: Series,
    of: list[Period],
    known: "Known",
    sources: Mapping[int, Series],
    today: date,
) -> list[Figure]:
    source = sources[series.pk]
    if series.kind != Series.Kind.DERIVED:
        return [_figure(each, source, known.part(source, each, today), today) for each in of]
    found = []
    for each in of:
        now = known.part(source, each, today)
        found.append(_growth(each, source, known.part(source, each.before, today), now, today))
    return found


def _figure(period: Period, series: Series, part: Part | None, today: date) -> Figure:
    is_so_far = period.first <= today <= period.last
    if part is None:
        return Figure(period, None, is_so_far, False, None)
    # An average is of the days that have a value: no events, no attendance.
    is_incomplete = not part.is_complete and series.kind != Series.Kind.AVERAGE
    value = part.value(series.kind)
    return Figure(period, value, is_so_far, is_incomplete, part.as_of, part.channels)


def _growth(
    period: Period, series: Series, before: Part | None, now: Part | None, today: date
) -> Figure:
    end = _figure(period, series, now, today)
    grown = growth(before, now) if now else None
    if now is None or grown is None:
        return Figure(period, None, end.is_so_far, False, None)
    is_comparable = before and before.is_complete and before.channels == now.channels
    return Figure(
        period,
        grown.value,
        end.is_so_far,
        not (is_comparable and now.is_complete),
        end.as_of,
        grew_from=grown.start,
    )


@dataclass
class Known:
    """What was fetched of some series: days, and months."""

    days: dict[int, dict[date, dict[Channel, Decimal]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    months: dict[int, dict[date, dict[Channel, Month]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )

    def channels(self, series: int) -> set[int]:
        of_days = {channel for values in self.days[series].values() for channel in values}
        of_months = {channel for rows in self.months[series].values() for channel in rows}
        return {channel for channel in of_days | of_months if channel is not None}

    def only(self, channel: Channel, series: int) -> "Known":
        """Keep what was measured of one series on one channel."""
        if channel is ALL:
            return self
        kept = Known()
        for day, values in self.days[series].items():
            if channel in values:
                kept.days[series][day][channel] = values[channel]
        for month, rows in self.months[series].items():
            if channel in rows:
                kept.months[series][month][channel] = rows[channel]
        return kept

    def part(self, series: Series, period: Period, today: date) -> Part | None:
        parts = [(each, self._part(series, each, today)) for each in stretches(period)]
        if len(parts) == 1:
            return parts[0][1]
        return of_parts(series.kind, parts, today)

    def _part(self, series: Series, of: Period, today: date) -> Part | None:
        days: Days = self.days[series.pk]
        if of.span == Span.MONTH:
            months = self.months[series.pk]
            before = set(months.get(month_before(of.first), ()))
            rows = months.get(of.first, {})
            return of_month(series.kind, rows, days, of, before, today)
        before = {channel for day in of.before.days() for channel in days.get(day, ())}
        return of_days(series.kind, days, of, before, today)


def _fetch(
    sources: Iterable[Series], series: list[Series], of: list[Period], channel: Channel
) -> Known:
    """Fetch what these periods need; of what growths are of, also what was before the first."""
    known = Known()
    _fetch_periods(known, {each.pk for each in sources}, of, channel)
    grown = {each.growth_of_id for each in series if each.growth_of_id}
    if grown and of:
        _fetch_periods(known, grown, [of[0].before], channel)
    return known


def _fetch_periods(known: Known, numbers: set[int], of: list[Period], channel: Channel) -> None:
    """Fetch periods with those just before them, by which gaps are seen."""
    cut = [each for period in of for each in stretches(period)]
    _fetch_months(known, numbers, [each.first for each in cut if each.span == Span.MONTH], channel)
    stretched = [(each.before.first, each.last) for each in cut if each.span != Span.MONTH]
    if channel is ALL:
        stretched += _mixed_months(known)
    _fetch_days(known, numbers, _joined(stretched), channel)


def _fetch_months(known: Known, numbers: set[int], months: list[date], channel: Channel) -> None:
    if not months:
        return
    rows = MonthTotal.objects.filter(
        series__in=numbers, month__range=(month_before(min(months)), max(months))
    )
    if channel is not ALL:
        rows = rows.filter(channel=channel)
    fields = Month._fields
    for series, month, of, *values in rows.values_list("series", "month", "channel", *fields):
        known.months[series][month][of] = Month(*values)


def _mixed_months(known: Known) -> list[tuple[date, date]]:
    mixed = {
        month
        for months in known.months.values()
        for month, rows in months.items()
        if needs_days(rows)
    }
    return [(month, month + timedelta(days=30)) for month in sorted(mixed)]


def _fetch_days(
    known: Known, numbers: set[int], stretched: list[tuple[date, date]], channel: Channel
) -> None:
    if not stretched:
        return
    rows = Measurement.objects.filter(
        reduce(or_, (Q(day__range=each) for each in stretched)),
        series__in=numbers,
        span=Span.DAY,
        value__isnull=False,
    )
    if channel is not ALL:
        rows = rows.filter(channel=channel)
    for series, day, of, value in rows.values_list("series", "day", "channel", "value"):
        assert value is not None
        known.days[series][day][of] = value


def _joined(stretched: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Join stretches of days that touch, so that a year of days is one condition."""
    joined: list[tuple[date, date]] = []
    for first, last in sorted(stretched):
        if joined and first <= joined[-1][1] + DAY:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
