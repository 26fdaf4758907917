"""The results of an intake, all parts together: the one computation behind page and exports."""

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from plans.models import Intake
from results.facts import activities, funnels, indicators, money, reminders, tasks
from results.facts.forms_of_content import FORMAT
from results.facts.scope import Scope
from results.facts.table import Table, rows_of


def read(intake: Intake, now: datetime) -> dict[str, Any]:
    """Read everything as it stands at `now`, as plain JSON, in a constant number of queries.

    Live pages go through JSON as well, so that a frozen page cannot differ from the one it was
    frozen from.
    """
    scope = Scope(intake, now)
    goals = indicators.read(scope)
    parts: list[Table] = [
        *goals.tables,
        *activities.read(scope),
        tasks.read(scope),
        money.read(scope, goals.new_leads),
        funnels.read(scope),
        *reminders.read(scope),
    ]
    content = {
        "format": FORMAT,
        "read_at": now,
        "intake": {
            "id": intake.pk,
            "year": intake.year,
            "season": intake.season,
            "begins_on": scope.first,
            "ends_on": scope.last,
            "is_over": scope.is_over,
        },
        "tables": [table.as_json() for table in parts],
    }
    plain: dict[str, Any] = json.loads(json.dumps(content, cls=DjangoJSONEncoder))
    return plain


def table_of(content: dict[str, Any], key: str) -> dict[str, Any]:
    return next(table for table in content["tables"] if table["key"] == key)


def value_of(content: dict[str, Any] | None, table: str, row: str, column: str) -> Any:
    """Give one value; None where it is not known, or where there is no such row."""
    if content is None:
        return None
    rows = rows_of(table_of(content, table))
    return next((each["values"].get(column) for each in rows if each["key"] == row), None)


def is_incomplete(content: dict[str, Any], table: str, row: str, column: str) -> bool:
    """Tell whether days are missing of what a figure of step 6 was measured on."""
    rows = rows_of(table_of(content, table))
    return any(
        each["key"] == row and column in each["extra"].get("incomplete", ()) for each in rows
    )
