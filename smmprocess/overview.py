"""The steps of the process as the home page draws them: where each stands, and what goes on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext

from accounts.models import User
from events.models import Event, Registration
from smmprocess.known import Facts, IntakeDays
from smmprocess.next_actions import Action, action_for
from smmprocess.process import STEPS, Step
from smmprocess.step_states import Stand, stand_of

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
    """A step as it is drawn: its description, where it stands, what is next, its parts."""

    step: Step
    stand: Stand
    action: Action | None
    activity: Activity | None
    parts: "list[Box]"


def boxes(facts: Facts, user: User, now: datetime) -> list[Box]:
    """Put the steps together with where each stands, and what `user` can do about it."""
    return [box_of(step, facts, user, now) for step in STEPS]


def box_of(step: Step, facts: Facts, user: User, now: datetime) -> Box:
    return Box(
        step=step,
        stand=stand_of(step, facts),
        action=action_for(step, facts, user.role),
        activity=activity_of(step.event_kind, now, facts.intake) if step.event_kind else None,
        parts=[box_of(part, facts, user, now) for part in step.parts],
    )


def activity_of(kind: str, now: datetime, intake: IntakeDays | None = None) -> Activity:
    """Tell what is still to come of a kind of event, within an intake where one is chosen."""
    upcoming = Event.objects.filter(kind=kind).going_ahead().upcoming(now)
    if intake is not None:
        upcoming = upcoming.on_days(intake.begins_on, intake.ends_on)
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
