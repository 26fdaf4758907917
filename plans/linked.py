"""What an activity became: the events and weekly series of the apps above, and how they are made.

Those apps are asked by their relations and their addresses, never imported.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from plans.local_time import local_day
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
    """An event that an activity became: when it takes place by now, and who presents it."""

    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    presenter: str
    original_on: date | None
    """The day its weekly series had for it; None where the activity takes place once."""


@dataclass(frozen=True)
class Turn:
    """One time an activity takes place: as its event has it by now, else as the plan has it."""

    starts_at: datetime
    ends_at: datetime
    planned_at: datetime
    """The start that the plan has."""

    @property
    def is_moved(self) -> bool:
        return self.starts_at != self.planned_at


@dataclass(frozen=True)
class Changes:
    """In what an activity is carried out otherwise than the plan has it."""

    moved: list[Turn]
    """The turns that are at another time."""

    cancelled: int
    """How many of its turns were cancelled."""


def carried_out(activities: QuerySet[Activity]) -> dict[int, list[Carried]]:
    """Read the events by the number of their activity, in one query.

    Those that go ahead come first, each kind by its time.
    """
    in_series = Q(events__occurrence__isnull=False)
    # In one filter: what a second one asks of `events` need not be the same event.
    rows = activities.filter(Q(last_on=None) | in_series, events__isnull=False)
    cancelled_last = F("events__cancelled_at").asc(nulls_first=True)
    columns = ("starts_at", "ends_at", "cancelled_at", "presenter", "occurrence__original_on")
    found: dict[int, list[Carried]] = {}
    for number, *event in rows.order_by(cancelled_last, "events__starts_at").values_list(
        "pk", *(f"events__{column}" for column in columns)
    ):
        found.setdefault(number, []).append(Carried(*event))
    return found


def was_cancelled() -> Q:
    """Hold for activities that were cancelled, and planned ones of whose events none goes ahead.

    What was said of an activity goes before its events: one that is done stays done.
    """
    itself = Activity.objects.filter(pk=OuterRef("pk"))
    became_events = Exists(itself.filter(events__isnull=False))
    goes_ahead = Exists(itself.filter(events__isnull=False, events__cancelled_at=None))
    called_off = Q(became_events, ~goes_ahead, state=Activity.State.PLANNED)
    return Q(state=Activity.State.CANCELLED) | called_off


def between(activities: ActivityQuerySet, first: datetime, last: datetime) -> ActivityQuerySet:
    """Keep what the plan has between two moments, or has become an event that is there by now."""
    events = Activity.objects.filter(
        events__cancelled_at=None, events__ends_at__gt=first, events__starts_at__lt=last
    )
    return activities.between(first, last) | activities.filter(pk__in=events.values("pk"))


def turns(activity: Activity, events: Sequence[Carried]) -> Iterator[Turn]:
    """Yield each time it takes place: by the event there is, else as the plan has it.

    An event of a weekly series stands for its week, on whatever day it is by now; a week whose
    event was cancelled is left out, and so is an activity whose only event was.
    """
    if not activity.is_weekly:
        event = next(iter(events), None)
        if event is None or event.cancelled_at is None:
            times = event or activity
            yield Turn(times.starts_at, times.ends_at, activity.starts_at)
        elif activity.state == Activity.State.DONE:
            # What was said of it goes before its event, as in `was_cancelled`.
            yield Turn(activity.starts_at, activity.ends_at, activity.starts_at)
        return
    # Backwards: of two events of a week the one that goes ahead stands for it.
    by_week = {_week(each.original_on): each for each in reversed(events) if each.original_on}
    for starts_at, ends_at in activity.occurrences():
        event = by_week.get(_week(local_day(starts_at)))
        if event is None:
            yield Turn(starts_at, ends_at, starts_at)
        elif event.cancelled_at is None:
            yield Turn(event.starts_at, event.ends_at, starts_at)


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def with_changes(
    activities: Iterable[Activity], events: Mapping[int, Sequence[Carried]]
) -> list[tuple[Activity, Changes]]:
    """Give each activity with what is otherwise than the plan has it."""
    return [(each, _changes(each, events.get(each.pk, ()))) for each in activities]


def _changes(activity: Activity, events: Sequence[Carried]) -> Changes:
    going_ahead = list(turns(activity, events))
    planned = sum(1 for _times in activity.occurrences())
    moved = [turn for turn in going_ahead if turn.is_moved]
    return Changes(moved, planned - len(going_ahead))
