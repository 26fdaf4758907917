"""One person's day: what is overdue, what is due today, what comes next, what is done."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from accounts.models import User
from plans.local_time import local_moment
from work.models import Task, TaskQuerySet

SHOWN = 50
"""No part of the day shows more than this; the rest is in the list of tasks."""

NEXT = timedelta(days=14)
MISSED = timedelta(days=7)


@dataclass(frozen=True)
class Part:
    """Some tasks of the day, and whether there are more than are shown."""

    tasks: list[Task]
    has_more: bool

    @classmethod
    def of(cls, tasks: TaskQuerySet) -> "Part":
        read = list(tasks.with_names()[: SHOWN + 1])
        return cls(read[:SHOWN], len(read) > SHOWN)

    def __bool__(self) -> bool:
        return bool(self.tasks)


@dataclass(frozen=True)
class Day:
    overdue: Part
    today: Part
    next: Part
    done: Part
    missed: Part

    @property
    def is_free(self) -> bool:
        return not (self.overdue or self.today)


def day_of(user: User, today: date) -> Day:
    """Read the day of `user`: what is theirs, and what is for anybody of their role."""
    own = Task.objects.of(user)
    midnight = local_moment(today, time.min)
    ticked = Task.objects.filter(done_by=user, done_at__gte=midnight).order_by("-done_at", "-pk")
    missed = own.filter(missed_at__isnull=False, due_on__gte=today - MISSED)
    return Day(
        overdue=Part.of(own.overdue(today).order_by("due_on", "pk")),
        today=Part.of(own.open().filter(due_on=today).order_by("pk")),
        next=Part.of(
            own.open().filter(due_on__gt=today, due_on__lte=today + NEXT).order_by("due_on", "pk")
        ),
        done=Part.of(ticked),
        missed=Part.of(missed.order_by("-due_on", "pk")),
    )
