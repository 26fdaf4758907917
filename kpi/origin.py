"""Where a number comes from: reading, file and row, who and when, and what it was before."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet

from goals.models import Series
from kpi import figures
from kpi.models import EarlierValue, Measurement, Reading
from kpi.periods import Period, Span, month_of


@dataclass(frozen=True)
class FromSource:
    """How much of some days comes from a source, and its last reading that brought any."""

    last: Reading
    count: int
    last_day: date


def sources_of(series: Series, channel: int | None, of: Period) -> list[FromSource]:
    """Give where the numbers of a period come from, the largest source first."""
    of_each = list(
        _measured(series, channel, of)
        .filter(value__isnull=False)
        .order_by()
        .values("reading__source")
        .annotate(count=Count("pk"), last_day=Max("day"), last=Max("reading"))
        .order_by("-count", "reading__source")
    )
    readings = Reading.objects.select_related("by", "file").in_bulk(row["last"] for row in of_each)
    return [FromSource(readings[row["last"]], row["count"], row["last_day"]) for row in of_each]


def origins(series: Series, channel: int | None, of: Period) -> QuerySet[Measurement]:
    """Give the measurements of a period in their order, with what they were before.

    Without a channel those of all channels, and those measured without one.
    """
    return _told(_measured(series, channel, of)).order_by(
        "day", F("channel__position").asc(nulls_first=True), "span", "pk"
    )


def growth_begins_at(
    series: Series, channel: int | None, of: Period, today: date
) -> list[Measurement]:
    """Give the levels that the growth in a period is counted from, one of each channel."""
    if series.growth_of_id is None:
        return []
    days = figures.growth_begins(series, of, channel=channel, today=today)
    if not days:
        return []
    on_its_day = [
        Q(channel=each, span=Span.DAY, day=day)
        | Q(channel=each, span=Span.MONTH, day=month_of(day))
        for each, day in days.items()
    ]
    rows = _told(
        Measurement.objects.filter(
            reduce(or_, on_its_day), series=series.growth_of_id, value__isnull=False
        )
    )
    # A level given for the month counts only where its last day has none of its own.
    found = {row.channel_id: row for row in rows.order_by("-span")}
    return sorted(found.values(), key=lambda row: row.channel.position if row.channel else -1)


def _measured(series: Series, channel: int | None, of: Period) -> QuerySet[Measurement]:
    rows = Measurement.objects.filter(
        series=series.growth_of_id or series.pk, day__range=(of.first, of.last)
    )
    return rows if channel is None else rows.filter(channel=channel)


def _told(rows: QuerySet[Measurement]) -> QuerySet[Measurement]:
    earlier = EarlierValue.objects.select_related("reading__by", "reading__file")
    return rows.select_related("channel", "reading__by", "reading__file").prefetch_related(
        Prefetch("earlier", earlier)
    )
