"""An event's tasks: made with it, offered to move with it, closed when it is cancelled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from documents.models import saved_by
from events.models import Event
from plans.local_time import local_day
from work.assigning import default_assignees
from work.models import Task, TaskChange, TaskQuerySet, TaskTemplate


def make(event: Event, now: datetime, **_signal: Any) -> int:
    """Make the tasks an event lacks from the templates of its kind; return how many were offered.

    Nothing can have been due before it was asked for: what should be done already is due today.
    """
    if event.has_ended(now) or event.is_cancelled:
        return 0
    people = default_assignees()
    tasks = [
        Task(
            title=template.title,
            title_en=template.title_en,
            event=event,
            template=template,
            role=template.role,
            assignee_id=people.get(template.role),
            due_on=first_due(template, event, now),
            **_counted_by(event),
            created_at=now,
        )
        for template in missing(event)
    ]
    # Two who press the button at once get each task once: the unique key keeps one of them.
    Task.objects.bulk_create(tasks, ignore_conflicts=True)
    return len(tasks)


def missing(event: Event) -> list[TaskTemplate]:
    """Return the templates that are switched on and that the event has no task of."""
    there = Task.objects.filter(event=event, template__isnull=False).values("template")
    return list(TaskTemplate.objects.for_kind(event.kind).switched_on().exclude(pk__in=there))


def first_due(template: TaskTemplate, event: Event, now: datetime) -> date:
    return max(template.due_on(event.starts_at, event.ends_at), local_day(now))


def close(event: Event, now: datetime, by_id: int, **_signal: Any) -> int:
    """Close the open tasks of a cancelled event with its reason; return how many."""
    still_open = list(Task.objects.filter(event=event).open().select_for_update())
    Task.objects.filter(pk__in=[task.pk for task in still_open]).update(
        closed_at=now, close_reason=event.cancel_reason
    )
    TaskChange.objects.bulk_create(
        TaskChange(
            task=task, kind=TaskChange.Kind.CLOSED, at=now, by_id=by_id, text=event.cancel_reason
        )
        for task in still_open
    )
    return len(still_open)


def settle(event: Event, now: datetime, **_signal: Any) -> int:
    """Ask nobody about tasks whose day a move does not change; return how many those are."""
    same = [shift.task.pk for shift in shifts(event, now) if not shift.is_change]
    return Task.objects.filter(pk__in=same).update(**_counted_by(event))


def _counted_by(event: Event) -> dict[str, datetime]:
    """Give what a task remembers of the times its day was counted by."""
    return {"counted_from": event.starts_at, "counted_to": event.ends_at}


@dataclass(frozen=True)
class Shift:
    """What an event's move means for the due day of one of its tasks."""

    task: Task
    new_due_on: date

    @property
    def is_change(self) -> bool:
        return self.task.due_on != self.new_due_on


def undecided(event: Event) -> TaskQuerySet:
    """Return the open tasks that still go by an earlier time of the event."""
    counted = Task.objects.filter(event=event, counted_from__isnull=False).open()
    return counted.exclude(**_counted_by(event))


def with_undecided_tasks() -> list[Event]:
    """Return events that moved and of whose open tasks nobody has decided."""
    moved = Task.objects.open().filter(event__cancelled_at=None, counted_from__isnull=False)
    times = {"counted_from": F("event__starts_at"), "counted_to": F("event__ends_at")}
    stale = moved.exclude(**times).values("event")
    return list(Event.objects.filter(pk__in=stale).order_by("starts_at", "pk")[:MOST_OFFERED])


MOST_OFFERED = 10
"""More events than this at once are offered when the first of them are decided."""


def shifts(event: Event, now: datetime) -> list[Shift]:
    """Say for each open task on which day it would be due by the event's new time."""
    tasks = undecided(event).select_related("template", "assignee")
    return [Shift(task, _moved_due(task, event, now)) for task in tasks]


def _moved_due(task: Task, event: Event, now: datetime) -> date:
    """Count again from the template; a day that a person has chosen moves as far as the event."""
    old_start, old_end = task.counted_from or event.starts_at, task.counted_to or event.ends_at
    today = local_day(now)
    if task.template is not None:
        by_template = task.template.due_on(old_start, old_end)
        if task.due_on == max(by_template, local_day(task.created_at)):
            return max(task.template.due_on(event.starts_at, event.ends_at), today)
    by_days = local_day(event.starts_at) - local_day(old_start)
    return max(task.due_on + by_days, min(task.due_on, today))


@transaction.atomic
def move(event: Event, chosen: Collection[int], *, by: User, now: datetime) -> int:
    """Move the chosen open tasks, leave the others on their day; return how many moved."""
    event.refresh_from_db(from_queryset=Event.objects.select_for_update())
    moved = [shift for shift in shifts(event, now) if shift.is_change and shift.task.pk in chosen]
    count = sum(_move(shift, by, now) for shift in moved)
    undecided(event).update(**_counted_by(event))
    return count


def _move(shift: Shift, by: User, now: datetime) -> bool:
    """Give an open task its new day; one that somebody ticks meanwhile stays."""
    task = Task.objects.open().filter(pk=shift.task.pk)
    if not task.update(due_on=shift.new_due_on, **saved_by(by.pk, now)):
        return False
    TaskChange.objects.create(
        task=shift.task,
        kind=TaskChange.Kind.MOVED,
        at=now,
        by=by,
        old_due_on=shift.task.due_on,
        new_due_on=shift.new_due_on,
    )
    return True
