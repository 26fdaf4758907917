"""What goes on at each step of the process now, for the home page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext

from events.models import Event, Registration
from smmprocess.process import STEPS, Step

SOON = timedelta(days=1)


@dataclass(frozen=True)
class Activity:
    """The events of one kind that are still to come."""

    upcoming: int
    next_event: Event | None
    title: str
    registered: int
    problems: list[str]


@dataclass(frozen=True)
class Box:
    """A step as it is drawn: its description, what goes on, its parts."""

    step: Step
    activity: Activity | None
    parts: "list[Box]"


def boxes(now: datetime) -> list[Box]:
    """Put the steps together with what goes on at each."""
    return [box_of(step, now) for step in STEPS]


def box_of(step: Step, now: datetime) -> Box:
    return Box(
        step=step,
        activity=activity_of(step.event_kind, now) if step.event_kind else None,
        parts=[box_of(part, now) for part in step.parts],
    )


def activity_of(kind: str, now: datetime) -> Activity:
    upcoming = Event.objects.filter(kind=kind).going_ahead().upcoming(now)
    next_event = upcoming.first()
    return Activity(
        upcoming=upcoming.count(),
        next_event=next_event,
        title=next_event.name(get_language() or "") if next_event else "",
        registered=Registration.objects.active().filter(event=next_event).count(),
        problems=problems_of(next_event, now) if next_event else [],
    )


def problems_of(event: Event, now: datetime) -> list[str]:
    """Say what stands in the way of an event that starts soon."""
    problems = []
    if event.starts_at - now < SOON and not event.room_url:
        problems.append(gettext("The online room is still missing."))
    if event.reminders_stopped_at:
        problems.append(gettext("Its reminders are stopped."))
    return problems
