"""How the work tasks due in the intake's days were done, in total and by person."""

from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from results.facts.scope import Scope
from results.facts.table import Column, Named, Row, Table, Unit
from work.models import Task

COLUMNS = (
    Column("due", _("Due")),
    Column("on_time", _("Done on time")),
    Column("late", _("Done late")),
    Column("missed", _("Missed")),
    Column("overdue", _("Overdue")),
    Column("closed", _("Closed as not needed")),
    Column("share", _("On time"), Unit.PERCENT),
)
COUNTED = tuple(column.key for column in COLUMNS if column.key != "share")


def read(scope: Scope) -> Table:
    """Count by the person whose tasks they were, in one query.

    The share is of those that had to be done by now: what was closed as not needed or is not due
    yet is left out. None where nothing had to be done.
    """
    is_open = Q(done_at=None, missed_at=None, closed_at=None)
    rows: Any = (
        Task.objects.filter(due_on__range=(scope.first, scope.last))
        .order_by()
        .values("assignee", name=F("assignee__full_name"))
        .annotate(
            due=Count("pk"),
            on_time=Count("pk", filter=Q(done_at__isnull=False, is_late=False)),
            late=Count("pk", filter=Q(is_late=True)),
            missed=Count("pk", filter=Q(missed_at__isnull=False)),
            overdue=Count("pk", filter=is_open & Q(due_on__lt=scope.today)),
            closed=Count("pk", filter=Q(closed_at__isnull=False)),
        )
    )
    found = sorted(rows, key=lambda row: (row["name"] is None, row["name"]))
    total = {key: sum(row[key] for row in found) for key in COUNTED}
    return Table(
        "tasks",
        _("Tasks of the team"),
        COLUMNS,
        [_row(row) for row in found],
        Row("total", _("Together"), _figures(total)),
    )


def _row(row: dict[str, Any]) -> Row:
    name = Named(row["name"], row["name"]) if row["name"] else _("nobody yet")
    return Row(str(row["assignee"] or "nobody"), name, _figures(row))


def _figures(counts: dict[str, Any]) -> dict[str, Any]:
    figures = {key: counts[key] for key in COUNTED}
    had_to_be = sum(figures[key] for key in ("on_time", "late", "missed", "overdue"))
    share = round(100 * figures["on_time"] / had_to_be, 1) if had_to_be else None
    return {**figures, "share": share}
