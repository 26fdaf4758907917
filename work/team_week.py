"""The week of everybody: who has what on which day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import get_language

from accounts.models import User
from plans.holidays import holiday_name
from work.models import Task

IN_A_CELL = 6
"""So many tasks of one person on one day are named; of more, the number is said."""


@dataclass(frozen=True)
class Day:
    on: date
    holiday: str
    is_weekend: bool
    is_today: bool


@dataclass
class Cell:
    """One person's tasks of one day."""

    day: Day
    tasks: list[Task]
    total: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.tasks)


@dataclass(frozen=True)
class Row:
    """One person's week; the row without a person is for anybody of a role."""

    person: User | None
    cells: list[Cell]
    overdue: int

    @property
    def total(self) -> int:
        return sum(cell.total for cell in self.cells)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_of(monday: date, today: date) -> list[Day]:
    language = get_language() or ""
    days = (monday + timedelta(days=number) for number in range(7))
    return [Day(on, holiday_name(on, language), on.weekday() >= 5, on == today) for on in days]


def rows(user: User, monday: date, today: date) -> list[Row]:
    """Put the week together from what `user` may see; everybody who has something has a row."""
    days = days_of(monday, today)
    visible = Task.objects.visible_to(user).filter(closed_at=None)
    week = visible.filter(due_on__range=(monday, monday + timedelta(days=6)))
    totals = {
        (person, on): total
        for person, on, total in week.order_by()
        .values_list("assignee", "due_on")
        .annotate(total=Count("pk"))
    }
    late = visible.overdue(today).order_by().values_list("assignee").annotate(total=Count("pk"))
    overdue = dict(late)
    named: dict[tuple[int | None, date], list[Task]] = {}
    for task in _first_of_each_cell(user, monday):
        named.setdefault((task.assignee_id, task.due_on), []).append(task)
    numbers = {person for person, _on in totals} | set(overdue)
    people: list[User | None] = [*User.objects.filter(pk__in=numbers - {None})]
    return [
        Row(
            person,
            [
                Cell(day, named.get((number, day.on), []), totals.get((number, day.on), 0))
                for day in days
            ],
            overdue.get(number, 0),
        )
        for person in [*people, *([None] if None in numbers else [])]
        for number in [person.pk if person else None]
    ]


def _first_of_each_cell(user: User, monday: date) -> list[Task]:
    """Read the first few tasks of each person and day: open ones first."""
    place = Window(
        RowNumber(),
        partition_by=[F("assignee"), F("due_on")],
        order_by=[F("done_at").asc(nulls_first=True), F("pk")],
    )
    week = Task.objects.visible_to(user).filter(
        closed_at=None, due_on__range=(monday, monday + timedelta(days=6))
    )
    ranked = week.annotate(place=place).filter(place__lte=IN_A_CELL)
    return list(ranked.select_related("event").order_by("due_on", "place"))
