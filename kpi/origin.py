"""Where a number comes from: reading, file and row, who and when, and what it was before."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Max, Prefetch, QuerySet

from goals.models import Series
from kpi.models import EarlierValue, Measurement, Reading
from kpi.periods import DAY, Period

LEVEL_LOOKED_FOR = timedelta(days=62)
"""So far before a period is looked for the level that a growth begins at."""


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


def levels_before(series: Series, channel: int | None, of: Period) -> list[Measurement]:
    """Give the levels that a growth in a period begins at: the last one of each channel."""
    if series.growth_of_id is None:
        return []
    before = Period(of.first - LEVEL_LOOKED_FOR, of.first - DAY)
    rows = _measured(series, channel, before).filter(value__isnull=False)
    last: dict[int | None, int] = {}
    for number, of_channel in rows.order_by("day", "-span").values_list("pk", "channel"):
        last[of_channel] = number
    found = _told(Measurement.objects.filter(pk__in=last.values()))
    return list(found.order_by(F("channel__position").asc(nulls_first=True), "pk"))


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
