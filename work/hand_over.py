"""Handing over one's tasks for an absence: carried to who stands in, and back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from accounts.models import User
from documents.models import saved_by
from work.models import HandOver, Task, TaskChange, TaskQuerySet

Kind = TaskChange.Kind


class HandOverRefusedError(Exception):
    """Tasks cannot be handed over so; the sentence says why."""


def doubt(hand_over: HandOver) -> str:
    """Say why it cannot be: who stands in is away, or stands in for somebody who would be too."""
    others = HandOver.objects.overlapping(hand_over.first_on, hand_over.last_on)
    others = others.exclude(pk=hand_over.pk).select_related("person", "to")
    for other in others.filter(
        Q(person__in=[hand_over.person_id, hand_over.to_id]) | Q(to=hand_over.person_id)
    ):
        names = {"person": str(other.person), "to": str(other.to)}
        if other.person_id == hand_over.person_id:
            return gettext("%(to)s stands in for %(person)s then already.") % names
        if other.person_id == hand_over.to_id:
            return gettext("%(person)s is away then too.") % names
        return (
            gettext("%(to)s stands in for %(person)s then: first find somebody else for that.")
            % names
        )
    return ""


@transaction.atomic
def make(hand_over: HandOver, *, today: date, now: datetime) -> int:
    """Store it and carry the tasks over; return how many. Of who has left they stay for good."""
    # Two hand-overs that would send tasks in a circle wait for each other here.
    people = [hand_over.person_id, hand_over.to_id]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people))
    if reason := doubt(hand_over):
        raise HandOverRefusedError(reason)
    hand_over.made_at = now
    hand_over.save()
    if not hand_over.person.is_active:
        return _carry_for_good(hand_over, today, now)
    return _carry(hand_over, today, now)


def tasks_to_carry(hand_over: HandOver, today: date) -> TaskQuerySet:
    """Return what goes over: what is due while the person is away, and from the first day on also
    what is overdue by then; everything of who has left."""
    if not hand_over.person.is_active:
        return Task.objects.filter(assignee=hand_over.person_id).open()
    tasks = Task.objects.filter(assignee=hand_over.person_id, due_on__lte=hand_over.last_on).open()
    return tasks if today >= hand_over.first_on else tasks.filter(due_on__gte=hand_over.first_on)


def _carry(hand_over: HandOver, today: date, now: datetime) -> int:
    tasks = list(tasks_to_carry(hand_over, today).select_for_update().values_list("pk", flat=True))
    by_id = hand_over.made_by_id
    saved = saved_by(by_id, now)
    Task.objects.filter(pk__in=tasks).update(assignee=hand_over.to_id, hand_over=hand_over, **saved)
    _note(tasks, Kind.HANDED_OVER, hand_over.to_id, by_id=by_id, now=now)
    return len(tasks)


def _carry_for_good(hand_over: HandOver, today: date, now: datetime) -> int:
    """Carry over all of who has left, and end the hand-over: there is nobody to come back."""
    carried = _carry(hand_over, today, now)
    Task.objects.filter(hand_over=hand_over).update(hand_over=None)
    hand_over.kept_at = now
    hand_over.save(update_fields=["kept_at"])
    return carried


@transaction.atomic
def take_back(hand_over: HandOver, *, by: User | None, now: datetime) -> int:
    """Give what is still open back to the person; return how many. What was done stays done."""
    if not _is_in_force(hand_over):
        return 0
    hand_over.returned_at, hand_over.returned_by = now, by
    hand_over.save(update_fields=["returned_at", "returned_by"])
    lent = Task.objects.filter(hand_over=hand_over).open()
    still_there = lent.filter(assignee=hand_over.to_id).select_for_update()
    tasks = list(still_there.values_list("pk", flat=True))
    by_id = by.pk if by else None
    saved = saved_by(by_id, now)
    Task.objects.filter(pk__in=tasks).update(assignee=hand_over.person_id, hand_over=None, **saved)
    _note(tasks, Kind.WENT_BACK, hand_over.person_id, by_id=by_id, now=now)
    return len(tasks)


def keep_up(today: date, now: datetime) -> int:
    """Carry what came up meanwhile, and give back where the last day has passed.

    Who is away gets no tasks: also new ones go to who stands in, for good once the person has
    left. Return how many tasks moved.
    """
    moved = 0
    # Who stood in and has left gets no more: it stays where it is, and is seen there.
    for hand_over in HandOver.objects.of_left().filter(to__is_active=True).select_related("person"):
        with transaction.atomic():
            moved += _carry_for_good(hand_over, today, now) if _is_in_force(hand_over) else 0
    for hand_over in HandOver.objects.over(today).select_related("person"):
        moved += take_back(hand_over, by=None, now=now)
    still_there = HandOver.objects.in_force().filter(to__is_active=True)
    for hand_over in still_there.select_related("person"):
        with transaction.atomic():
            moved += _carry(hand_over, today, now) if _is_in_force(hand_over) else 0
    return moved


def _is_in_force(hand_over: HandOver) -> bool:
    """Tell whether it still is, and have who would end it wait for this transaction."""
    return HandOver.objects.in_force().select_for_update().filter(pk=hand_over.pk).exists()


def _note(
    tasks: list[int], kind: TaskChange.Kind, assignee_id: int, *, by_id: int | None, now: datetime
) -> None:
    TaskChange.objects.bulk_create(
        TaskChange(task_id=task, kind=kind, at=now, by_id=by_id, new_assignee_id=assignee_id)
        for task in tasks
    )
