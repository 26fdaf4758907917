"""Figures typed in by hand: days or months down, series across, one channel at a time.

Whoever saves says what stood in the cells before: what somebody else has changed meanwhile is not
written over unseen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from goals.models import Series
from kpi.models import Channel, Measurement, MonthTotal, Reading
from kpi.periods import Period, Span, periods
from kpi.store import Counts, Value, write

# What people count on every network.
USUAL_KEYS = ("followers", "video_views", "reactions", "comments")


class Place(NamedTuple):
    """A cell of the grid."""

    series_id: int
    day: date


class Edit(NamedTuple):
    """What stood in a cell when the page was opened, and what is to stand there."""

    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class Held:
    """What stands in a cell, and who put it there when."""

    value: Decimal | None
    by: User | None
    source: str
    at: datetime


class ChangedMeanwhileError(Exception):
    """Cells hold something else than when the page was opened; nothing was saved."""

    def __init__(self, held: dict[Place, Held | None]) -> None:
        super().__init__(held)
        self.held = held


def usual_series(channel: Channel | None, span: Span, today: date) -> list[Series]:
    """Give the series that were measured on a channel within a year, and those of any network.

    Of days those that were measured by day, if there are any: what is given by month only is not
    typed in day by day. Months are typed in of all of them.
    """
    entered = list(Series.objects.on().entered())
    since = today.replace(year=today.year - 1, day=1)
    months = MonthTotal.objects.filter(channel=channel, month__gte=since)
    by_day, by_month = Q(days__gt=0), Q(given__isnull=False)
    shown = _measured(months.filter(by_day)) if span == Span.DAY else set()
    shown = shown or _measured(months.filter(by_day | by_month))
    if not shown or (channel and channel.kind == Channel.Kind.NETWORK):
        shown |= {each.pk for each in entered if each.key in USUAL_KEYS}
    return [each for each in entered if each.pk in shown]


def _measured(months: QuerySet[MonthTotal]) -> set[int]:
    return set(months.order_by().values_list("series", flat=True).distinct())


def held(
    series: Iterable[int], channel_id: int | None, span: Span, first: date, last: date
) -> dict[Place, Held]:
    """Read what stands in the cells of a grid, with one query."""
    rows = Measurement.objects.filter(
        series__in=list(series), channel=channel_id, span=span, day__range=(first, last)
    )
    return {
        Place(row.series_id, row.day): Held(
            row.value, row.reading.by, row.reading.source, row.read_at
        )
        for row in rows.select_related("reading__by")
    }


@transaction.atomic
def save(
    channel_id: int | None,
    edits: Mapping[Place, Edit],
    *,
    by: User,
    at: datetime,
    span: Span = Span.DAY,
) -> Counts:
    """Write the changed cells, unless somebody has changed one of them meanwhile."""
    changed = {place: edit for place, edit in edits.items() if edit.before != edit.after}
    if not changed:
        return Counts()
    series = {place.series_id for place in changed}
    # Whoever else saves waits here, and then sees what this one has written.
    list(Series.objects.filter(pk__in=series).order_by("pk").select_for_update(no_key=True))
    days = [place.day for place in changed]
    now = held(series, channel_id, span, min(days), max(days))
    other = {
        place: now.get(place)
        for place, edit in changed.items()
        if _value(now.get(place)) not in (edit.before, edit.after)
    }
    if other:
        raise ChangedMeanwhileError(other)
    values = [
        Value(place.series_id, channel_id, span, place.day, edit.after)
        for place, edit in changed.items()
    ]
    return _write(values, by, at)


def _value(each: Held | None) -> Decimal | None:
    return each.value if each else None


def _write(values: list[Value], by: User, at: datetime) -> Counts:
    days = [value.day for value in values]
    reading = Reading.objects.create(
        source=Reading.HAND, by=by, first_day=min(days), last_day=max(days), started_at=at
    )
    counts = write(reading, values, at=at)
    reading.new, reading.changed, reading.same = counts.new, counts.changed, counts.same
    reading.gone, reading.state, reading.finished_at = counts.gone, Reading.State.DONE, at
    reading.progress_done = reading.progress_of = len(values)
    reading.save(
        update_fields=[
            *("new", "changed", "same", "gone", "state", "finished_at"),
            *("progress_done", "progress_of"),
        ]
    )
    return counts


def span_of_rows(period: Period) -> Span:
    """Give what a row of the grid is: a year is typed in by its months."""
    return Span.MONTH if period.span == Span.YEAR else Span.DAY


def rows_to_show(period: Period, today: date) -> list[date]:
    """Give the days, or the first days of the months, that have been, the newest last."""
    rows = periods(span_of_rows(period), period.first, period.last)
    return [each.first for each in rows if each.first <= today]
