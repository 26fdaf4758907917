"""Recurring tasks, day by day: today's are made, yesterday's open ones are closed as missed."""

from datetime import date, datetime

from django.db import transaction

from work.assigning import default_assignees
from work.models import RecurringTask, Task, TaskChange


def keep_up(today: date, now: datetime) -> int:
    """Close what its day is over for, and make what today has; return how many rows that was.

    Safe to repeat: a task is made once a day. Days on which nothing ran get no tasks afterwards.
    """
    missed = close_missed(today, now)
    return missed + make_for(list(RecurringTask.objects.running(today)), today, now)


@transaction.atomic
def close_missed(today: date, now: datetime) -> int:
    """Close recurring tasks of earlier days that nobody ticked; they do not pile up."""
    over = Task.objects.filter(recurring__isnull=False).overdue(today)
    numbers = list(over.select_for_update().values_list("pk", flat=True))
    if numbers:
        Task.objects.filter(pk__in=numbers).update(missed_at=now)
        TaskChange.objects.bulk_create(
            TaskChange(task_id=number, kind=TaskChange.Kind.MISSED, at=now) for number in numbers
        )
    return len(numbers)


def make_for(recurring: list[RecurringTask], today: date, now: datetime) -> int:
    """Make today's tasks of these that are not there; return how many were offered."""
    there = set(
        Task.objects.filter(recurring__in=recurring, due_on=today).values_list(
            "recurring", flat=True
        )
    )
    due = [each for each in recurring if each.falls_on(today) and each.pk not in there]
    people = default_assignees() if due else {}
    Task.objects.bulk_create(
        [
            Task(
                title=each.title,
                title_en=each.title_en,
                notes=each.notes,
                recurring=each,
                role=each.role,
                assignee_id=each.does_it or people.get(each.role),
                due_on=today,
                created_at=now,
            )
            for each in due
        ],
        ignore_conflicts=True,
    )
    return len(due)


def start(recurring: RecurringTask, today: date, now: datetime) -> int:
    """Make today's task of one that was just saved, without waiting for beat."""
    return make_for(list(RecurringTask.objects.running(today).filter(pk=recurring.pk)), today, now)
