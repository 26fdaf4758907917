"""What an activity became: the events and weekly series of the apps above, and how they are made.

Those apps are asked by their relations and their addresses, never imported.
"""

from typing import Any

from django.urls import NoReverseMatch, reverse

from plans.models import Activity

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
