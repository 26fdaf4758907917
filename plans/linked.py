"""What an activity became: the events and weekly series of the apps above, and how they are made.

Those apps are asked by their relations and their addresses, never imported.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from plans.models import Activity
from plans.models.activity import ActivityQuerySet

_MAKERS = {
    Activity.Kind.FREE_WEBINAR: "webinars:activity_make",
    Activity.Kind.PAID_WEBINAR: "webinars:activity_make",
    Activity.Kind.OPEN_DAY: "opendays:activity_make",
}


def event_maker(activity: Activity) -> str:
    """Give the address that makes an event of an activity; empty where its kind becomes none."""
    name = _MAKERS.get(Activity.Kind(activity.kind))
    if name is None or activity.state != Activity.State.PLANNED:
        return ""
    try:
        return reverse(name, args=[activity.pk])
    except NoReverseMatch:
        return ""


def linked_events(activity: Activity) -> list[tuple[Any, str, str]]:
    """Give the events an activity became, with the page of each and the one that moves it."""
    events = getattr(activity, "events", None)
    if events is None:
        return []
    try:
        return [
            (
                event,
                reverse("events:event_detail", args=[event.pk]),
                reverse("events:event_move", args=[event.pk]),
            )
            for event in events.all()
        ]
    except NoReverseMatch:
        return []


def linked_series(activity: Activity) -> list[tuple[Any, str]]:
    """Give the weekly series an activity became, with the page of each."""
    series = getattr(activity, "series", None)
    if series is None:
        return []
    return [(each, reverse("opendays:series_detail", args=[each.pk])) for each in series.all()]


@dataclass(frozen=True)
class Carried:
    """The event that an activity became: when it takes place by now, and who presents it."""

    starts_at: datetime
    ends_at: datetime
    presenter: str


def carried_out(activities: QuerySet[Activity]) -> dict[int, Carried]:
    """Read the events that go ahead, by the number of their activity, in one query.

    A weekly activity keeps the times of the plan: its events are moved one by one.
    """
    rows = activities.filter(last_on=None, events__isnull=False, events__cancelled_at=None)
    columns = ("events__starts_at", "events__ends_at", "events__presenter")
    found = rows.order_by("-events__starts_at").values_list("pk", *columns)
    return {number: Carried(*event) for number, *event in found}


def between(activities: ActivityQuerySet, first: datetime, last: datetime) -> ActivityQuerySet:
    """Keep what the plan has between two moments, or has become an event that is there by now."""
    events = Activity.objects.filter(
        last_on=None,
        events__cancelled_at=None,
        events__ends_at__gt=first,
        events__starts_at__lt=last,
    )
    return activities.between(first, last) | activities.filter(pk__in=events.values("pk"))


def turns(activity: Activity, carried: Carried | None) -> Iterator[tuple[datetime, datetime]]:
    """Yield each start and end: of the event there is, else as the plan has them."""
    if carried is None:
        yield from activity.occurrences()
    else:
        yield carried.starts_at, carried.ends_at
