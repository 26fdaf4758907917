"""Saving a task's form, and noting for good who gave it to whom and moved its day."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from work.forms.task import TaskForm
from work.models import Task, TaskChange


def create(form: TaskForm, *, by: User, now: datetime) -> Task:
    task: Task = form.instance
    task.created_by, task.created_at = by, now
    if task.event is not None:
        task.counted_from, task.counted_to = task.event.starts_at, task.event.ends_at
    form.save_revised(by=by, at=now)
    return task


@transaction.atomic
def save(form: TaskForm, before: Task, *, by: User, now: datetime) -> bool:
    """Save an edited task; False if somebody else saved meanwhile, which the form then shows."""
    if not form.save_revised(by=by, at=now):
        return False
    after: Task = form.instance
    if after.due_on != before.due_on:
        TaskChange.objects.create(
            task=after,
            kind=TaskChange.Kind.MOVED,
            at=now,
            by=by,
            old_due_on=before.due_on,
            new_due_on=after.due_on,
        )
    if after.assignee_id != before.assignee_id:
        TaskChange.objects.create(
            task=after,
            kind=TaskChange.Kind.ASSIGNED,
            at=now,
            by=by,
            new_assignee_id=after.assignee_id,
        )
    return True
