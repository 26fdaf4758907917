"""What an event's page shows of its tasks."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from events.models import Event
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


def of_event(event: Event, user: User, now: datetime) -> EventTasks:
    """Read what `work/_event_tasks.html` and `work/_event_moved.html` show as `panel`."""
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
