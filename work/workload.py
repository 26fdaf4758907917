"""How much each person has to do, and has done."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q

from accounts.models import Role, User
from plans.local_time import local_moment
from work.models import Task
from work.models.task import SEE_ALL

WEEK = timedelta(days=7)
AHEAD = timedelta(days=28)
BACK = timedelta(days=28)


@dataclass(frozen=True)
class Load:
    """One person's open tasks by when they are due, and what became of the last four weeks'."""

    person: User | None
    overdue: int
    this_week: int
    later: int
    done: int
    done_late: int
    missed: int

    @property
    def total(self) -> int:
        return self.overdue + self.this_week + self.later


@dataclass(frozen=True)
class Segment:
    """A piece of a person's bar, in thousandths of the longest bar."""

    tone: str
    start: int
    width: int


@dataclass(frozen=True)
class Bar:
    """A person's open tasks as they are drawn, with the figures they are drawn from."""

    load: "Load"
    segments: list[Segment]


def bars(found: list["Load"]) -> list[Bar]:
    longest = max((load.total for load in found), default=0)
    return [Bar(load, _segments(load, longest)) for load in found]


def _segments(load: "Load", longest: int) -> list[Segment]:
    segments, start = [], 0
    parts = (("is-bad", load.overdue), ("is-info", load.this_week), ("is-quiet", load.later))
    for tone, count in parts:
        if count:
            width = count * 1000 // longest
            segments.append(Segment(tone, start, width))
            start += width
    return segments


def loads(user: User, today: date) -> list[Load]:
    """Count for everybody `user` may see: those who work with tasks, and nobody yet."""
    visible = Task.objects.visible_to(user)
    soon, far = today + WEEK, today + AHEAD
    counted = {
        row["assignee"]: row
        for row in visible.open()
        .filter(due_on__lte=far)
        .order_by()
        .values("assignee")
        .annotate(
            overdue=Count("pk", filter=Q(due_on__lt=today)),
            this_week=Count("pk", filter=Q(due_on__gte=today, due_on__lt=soon)),
            later=Count("pk", filter=Q(due_on__gte=soon)),
        )
    }
    since = local_moment(today - BACK, time.min)
    done = _done(user, since)
    missed = dict(
        visible.filter(missed_at__isnull=False, due_on__gte=today - BACK)
        .order_by()
        .values_list("assignee")
        .annotate(total=Count("pk"))
    )
    people: list[User | None] = [*_people(user, {*counted, *done, *missed} - {None})]
    if None in counted:
        people.append(None)
    return [_load(person, counted, done, missed) for person in people]


def _load(
    person: User | None,
    counted: dict[Any, Any],
    done: dict[int | None, tuple[int, int]],
    missed: dict[int | None, int],
) -> Load:
    number = person.pk if person else None
    open_ones = counted.get(number, {})
    total, late = done.get(number, (0, 0))
    return Load(
        person,
        overdue=open_ones.get("overdue", 0),
        this_week=open_ones.get("this_week", 0),
        later=open_ones.get("later", 0),
        done=total,
        done_late=late,
        missed=missed.get(number, 0),
    )


def _done(user: User, since: datetime) -> dict[int | None, tuple[int, int]]:
    """Count by who ticked, not by whose it was: who stands in for somebody did the work."""
    ticked = Task.objects.visible_to(user).filter(done_at__gte=since).order_by()
    by_person = ticked.values_list("done_by").annotate(
        total=Count("pk"), late=Count("pk", filter=Q(is_late=True))
    )
    return {person: (total, late) for person, total, late in by_person}


def _people(user: User, with_tasks: set[int | None]) -> list[User]:
    people = User.objects.filter(
        Q(pk__in=with_tasks) | Q(is_active=True, role__in=(*SEE_ALL, Role.SPECIALIST))
    )
    return list(people.filter(unit=user.unit_id) if user.has_role(Role.UNIT_HEAD) else people)
