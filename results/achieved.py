"""What was achieved of the planned results of an evaluation form, as far as it can be read."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, ngettext

from results.facts import indicators, tasks
from results.facts.scope import Scope
from results.facts.table import Unit
from results.models import Evaluation, PlannedResult
from results.spelling import spell

IN_ASSESSMENT = (Evaluation.State.SELF, Evaluation.State.ASSESSMENT)
"""While one of the two writes what was achieved; what is put up for signing stays as it was."""


@transaction.atomic
def read_anew(evaluation: Evaluation, at: datetime) -> None:
    """Fill the form in as things stand now, while it is being assessed."""
    held = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if held.state in IN_ASSESSMENT:
        fill_in(evaluation, at)


def fill_in(evaluation: Evaluation, at: datetime) -> None:
    """Read anew what was achieved, from the tasks and the indicators as the results page has it."""
    scope = Scope(evaluation.intake, at)
    of_person = [row for row in tasks.read(scope).rows if row.key == str(evaluation.employee_id)]
    reached = indicators.reached_by_indicator(scope)
    results = list(evaluation.results.all())
    for result in results:
        result.filled_in = _in_all_languages(result, of_person, reached)
    PlannedResult.objects.bulk_update(results, ["filled_in"])


def _in_all_languages(
    result: PlannedResult, of_person: list[Any], reached: dict[int, Any]
) -> dict[str, str]:
    if result.source == PlannedResult.Source.HAND:
        return {}
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if result.source == PlannedResult.Source.TASKS:
                found[language] = _task_words(of_person)
            else:
                found[language] = _indicator_words(reached.get(result.indicator_id or 0))
    return found


def _task_words(of_person: list[Any]) -> str:
    if not of_person:
        return gettext("No task was due.")
    figures = of_person[0].values
    words = ngettext(
        "%(on_time)s of %(due)s task done on time (%(share)s), %(late)s late, %(missed)s missed.",
        "%(on_time)s of %(due)s tasks done on time (%(share)s), %(late)s late, %(missed)s missed.",
        figures["due"],
    )
    return words % {**figures, "share": spell(figures["share"], Unit.PERCENT)}


def _indicator_words(row: Any) -> str:
    if row is None or row.values["reached"] is None:
        return gettext("Nothing was measured.")
    unit = row.unit or Unit.COUNT
    return gettext("Reached %(reached)s, the target was %(target)s.") % {
        "reached": spell(row.values["reached"], unit),
        "target": spell(row.values["target"], unit),
    }
