"""Whose work the figures show: the indicators somebody answers for or works on, and the tasks.

A task leads to indicators by its event: the event's activity serves goals, and these have them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.utils.translation import get_language, gettext

from accounts.models import User
from goals.models import Goal
from kpi.aims import Row, indicators_of_year, rows_of
from kpi.export import Table
from plans.models import Intake
from work.models import Task
from work.outcomes import Outcome, told


@dataclass(frozen=True)
class TaskCounts:
    """How many tasks were done when."""

    of: Counter[Outcome] = field(default_factory=Counter)

    @property
    def on_time(self) -> int:
        return self.of[Outcome.ON_TIME]

    @property
    def late(self) -> int:
        return self.of[Outcome.LATE]

    @property
    def overdue(self) -> int:
        return self.of[Outcome.OVERDUE]

    @property
    def missed(self) -> int:
        return self.of[Outcome.MISSED]

    @property
    def open(self) -> int:
        return self.of[Outcome.OPEN]

    @property
    def all(self) -> int:
        return self.of.total()


@dataclass(frozen=True)
class Tied:
    """An indicator with the tasks that serve its goal."""

    row: Row
    is_owner: bool
    tasks: TaskCounts


@dataclass(frozen=True)
class Sheet:
    """What the figures say of one person in a year."""

    person: User
    tied: list[Tied]
    tasks: TaskCounts


def sheets(people: Iterable[User], year: int, intake: Intake | None, today: date) -> list[Sheet]:
    """Give the sheets of people, with as many queries for one as for all."""
    of = list(people)
    counts = _tasks(of, year, today)
    indicators = indicators_of_year(year)
    rows = rows_of(indicators, year, intake, today)
    return [_sheet(person, rows, counts.get(person.pk, {})) for person in of]


def _sheet(person: User, rows: list[Row], counts: dict[int | None, Counter[Outcome]]) -> Sheet:
    tied = [
        Tied(row, row.indicator.owner_id == person.pk, TaskCounts(of_goal))
        for row in rows
        if (of_goal := counts.get(row.indicator.goal_id, Counter()))
        or row.indicator.owner_id == person.pk
    ]
    return Sheet(person, tied, TaskCounts(counts.get(None, Counter())))


def _tasks(
    people: list[User], year: int, today: date
) -> dict[int, dict[int | None, Counter[Outcome]]]:
    """Count the tasks due in a year by person and goal; None stands for all of a person's."""
    due = Task.objects.filter(due_on__year=year, closed_at=None)
    rows = (
        told(due, today)
        .filter(whose__in=[each.pk for each in people])
        .order_by()
        .values_list("whose", "outcome", "event__activity")
        .annotate(count=Count("pk"))
    )
    goals = _goals_by_activity(year)
    found: dict[int, dict[int | None, Counter[Outcome]]] = {}
    for person, outcome, activity, count in rows:
        of = found.setdefault(person, {})
        for goal in (None, *goals.get(activity, ())):
            of.setdefault(goal, Counter())[Outcome(outcome)] += count
    return found


def _goals_by_activity(year: int) -> dict[int | None, list[int]]:
    """Give the goals of a year by the activities that serve them."""
    served: dict[int | None, list[int]] = {}
    pairs = Goal.objects.filter(year__year=year, activities__isnull=False)
    for goal, activity in pairs.order_by().values_list("pk", "activities"):
        served.setdefault(activity, []).append(goal)
    return served


def table(sheet: Sheet, year: int) -> Table:
    language = get_language() or ""
    return Table(
        title=gettext("Figures of %(person)s") % {"person": sheet.person},
        filters=[(gettext("Year"), str(year))],
        headers=[
            gettext("Goal"),
            gettext("Indicator"),
            gettext("Value"),
            gettext("Target"),
            gettext("Pace"),
            gettext("Tasks done on time"),
            gettext("Tasks done late"),
            gettext("Tasks overdue"),
            gettext("Tasks open"),
        ],
        rows=[
            [
                each.row.indicator.goal.label(language),
                each.row.indicator.label(language),
                each.row.year.reached.value if each.row.year.reached else gettext("no data"),
                each.row.year.aim.target,
                str(each.row.year.pace.light.label),
                each.tasks.on_time,
                each.tasks.late,
                each.tasks.overdue + each.tasks.missed,
                each.tasks.open,
            ]
            for each in sheet.tied
        ],
    )
