"""How the work tasks due in the intake's days were done, in total and by person."""

from collections import Counter

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from results.facts.scope import Scope
from results.facts.table import Column, Named, Row, Table, Unit, Value
from work.models import Task
from work.outcomes import WHOSE_NAME, Outcome, told

COUNTED = (Outcome.ON_TIME, Outcome.LATE, Outcome.MISSED, Outcome.OVERDUE, Outcome.CLOSED)
COLUMNS = (
    Column("due", _("Due")),
    Column("on_time", _("Done on time")),
    Column("late", _("Done late")),
    Column("missed", _("Missed")),
    Column("overdue", _("Overdue")),
    Column("closed", _("Closed as not needed")),
    Column("share", _("On time"), Unit.PERCENT),
)


def read(scope: Scope) -> Table:
    """Count by the person whose tasks they were, as step 6 does, in one query.

    The share is of those that had to be done by now: what was closed as not needed or is not due
    yet is left out. None where nothing had to be done.
    """
    due = Task.objects.filter(due_on__range=(scope.first, scope.last))
    rows = (
        told(due, scope.today)
        .order_by()
        .values_list("whose", WHOSE_NAME, "outcome")
        .annotate(count=Count("pk"))
    )
    people: dict[tuple[str | None, int | None], Counter[str]] = {}
    for whose, name, outcome, count in rows:
        people.setdefault((name, whose), Counter())[outcome] += count
    found = sorted(people.items(), key=lambda each: (each[0][0] is None, each[0]))
    total = sum(people.values(), Counter())
    return Table(
        "tasks",
        _("Tasks of the team"),
        COLUMNS,
        [_row(name, whose, counts) for (name, whose), counts in found],
        Row("total", _("Together"), _figures(total)),
    )


def _row(name: str | None, whose: int | None, counts: Counter[str]) -> Row:
    label = Named(name, name) if name else _("nobody yet")
    return Row(str(whose or "nobody"), label, _figures(counts))


def _figures(counts: Counter[str]) -> dict[str, Value]:
    figures = {each.value: counts[each] for each in COUNTED}
    had_to_be = counts.total() - counts[Outcome.CLOSED] - counts[Outcome.OPEN]
    share = round(100 * counts[Outcome.ON_TIME] / had_to_be, 1) if had_to_be else None
    return {"due": counts.total(), **figures, "share": share}
