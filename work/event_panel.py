"""What an event's page shows of its tasks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from events.models import Event
from ui.parts import Part
from work import event_tasks
from work.models import Task
from work.rules import can_create_tasks, leads_work


@dataclass(frozen=True)
class EventTasks:
    """The tasks of one event that somebody may see, and what the person may do about them."""

    event: Event
    tasks: list[Task]
    undecided: int
    """Open tasks that still go by an earlier time of the event."""

    missing: int
    """Templates the event has no task of."""

    can_create: bool
    can_lead: bool


def part_of_page(*, event: Event, user: User, now: datetime, **_signal: Any) -> Part:
    """Add its tasks to the page of an event, and a word on top when it has moved without them."""
    panel = of_event(event, user, now)
    return Part(panel, notice="work/_event_moved.html", section="work/_event_tasks.html")


def of_event(event: Event, user: User, now: datetime) -> EventTasks:
    tasks = Task.objects.visible_to(user).filter(event=event).with_names()
    may_lead = leads_work(user)
    is_ahead = not event.is_cancelled and not event.has_ended(now)
    return EventTasks(
        event=event,
        tasks=list(tasks.order_by("due_on", "pk")),
        undecided=event_tasks.undecided(event).count() if may_lead and is_ahead else 0,
        missing=len(event_tasks.missing(event)) if may_lead and is_ahead else 0,
        can_create=can_create_tasks(user) and not event.is_cancelled,
        can_lead=may_lead,
    )
