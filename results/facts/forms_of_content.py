"""What was frozen by an earlier version of the application, in the form of today's content."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext

from results.facts.table import Unit

FORMAT = 3
"""Goes up when what was frozen can no longer be read like new content, or compared with it.

The step is added below, and the tables that are counted by another rule from then on.
"""

COUNTED_OTHERWISE = {
    1: {"goals", "channels", "tasks", "money", "funnels"},
    2: {"goals", "activities", "exceptions", "money"},
}
"""The tables whose rule changed after each earlier form: a difference there may be no change."""


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


def counted_otherwise_since(form: int) -> set[str]:
    """Give the tables that are counted by another rule now than in a form of content."""
    return set().union(*(COUNTED_OTHERWISE[earlier] for earlier in range(form, FORMAT)))


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


def _as_it_is(content: dict[str, Any]) -> dict[str, Any]:
    """Change nothing: only rules of counting differ."""
    return content


STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _with_figures, 2: _as_it_is}
"""What brings content of each earlier form to the next one."""
