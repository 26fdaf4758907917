"""What was frozen by an earlier version of the application, in the form of today's content."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext

from results.facts.table import Unit

FORMAT = 2
"""Goes up when what was frozen can no longer be read like new content; the step is added below."""


class UnreadableError(Exception):
    """It was frozen by a newer version than this one; the text says so."""


def in_form_of_today(kept: dict[str, Any]) -> dict[str, Any]:
    """Bring frozen content to the form of today, step by step."""
    if kept["format"] > FORMAT:
        raise UnreadableError(
            gettext("These figures were frozen by a newer version, which this one cannot read.")
        )
    for earlier in range(kept["format"], FORMAT):
        kept = {**STEPS[earlier](kept), "format": earlier + 1}
    return kept


def _with_figures(content: dict[str, Any]) -> dict[str, Any]:
    """Until form 1 columns of figures of step 6 were called numbers."""
    return {**content, "tables": [_table_with_figures(each) for each in content["tables"]]}


def _table_with_figures(table: dict[str, Any]) -> dict[str, Any]:
    return {
        **table,
        "columns": [
            {**each, "unit": Unit.FIGURE.value} if _is_figure(table["key"], each) else each
            for each in table["columns"]
        ],
    }


def _is_figure(table: str, column: dict[str, Any]) -> bool:
    is_of_step_6 = table in ("goals", "channels") or (table, column["key"]) == ("money", "leads")
    return is_of_step_6 and column["unit"] == Unit.COUNT


STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _with_figures}
"""What brings content of each earlier form to the next one."""
