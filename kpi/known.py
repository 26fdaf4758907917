"""What is known of series in some periods: days and months, by a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q

from goals.models import Series
from kpi.adding_up import (
    ALL,
    Channel,
    Days,
    Month,
    Part,
    needs_days,
    of_days,
    of_month,
    of_parts,
    stretches,
)
from kpi.models import Measurement, MonthTotal
from kpi.periods import DAY, Period, Span, month_before


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


def fetch(
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
