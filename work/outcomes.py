"""What became of tasks and whose they count as: one rule for every page that counts them."""

from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Coalesce

from work.models import Task


class Outcome(StrEnum):
    """What became of a task."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSED = "missed"
    OVERDUE = "overdue"
    OPEN = "open"
    CLOSED = "closed"


WHOSE = Coalesce(F("assignee"), F("done_by"))
"""Whose a task counts as: the person's it was given to; one of a role's, whoever's ticked it."""

WHOSE_NAME = Coalesce(F("assignee__full_name"), F("done_by__full_name"))


def told(tasks: QuerySet[Task], today: date) -> QuerySet[Any]:
    """Say of each task whose it is and what became of it, ready to be counted.

    Late is what was late when it was ticked: a day that is moved afterwards changes nothing.
    """
    return tasks.annotate(
        whose=WHOSE,
        outcome=Case(
            When(done_at__isnull=False, is_late=True, then=Value(Outcome.LATE)),
            When(done_at__isnull=False, then=Value(Outcome.ON_TIME)),
            When(missed_at__isnull=False, then=Value(Outcome.MISSED)),
            When(closed_at__isnull=False, then=Value(Outcome.CLOSED)),
            When(due_on__lt=today, then=Value(Outcome.OVERDUE)),
            default=Value(Outcome.OPEN),
            output_field=CharField(),
        ),
    )
