"""What an evaluation form says, line by line, as each of its versions keeps it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from documents.content import Line, snapshot
from results.facts.table import Unit
from results.models import Competence, Evaluation, NextGoal, PlannedResult
from results.spelling import spell


def content(evaluation: Evaluation) -> dict[str, Any]:
    """Write the whole form down in every language, ready to be kept and compared."""
    return snapshot(lambda: lines(evaluation))


def lines(evaluation: Evaluation) -> Iterator[Line]:
    language = translation.get_language() or ""
    yield Line("employee", gettext("Employee"), str(evaluation.employee))
    yield Line("manager", gettext("Manager"), str(evaluation.manager))
    yield Line("intake", gettext("Intake"), str(evaluation.intake))
    yield Line("state", gettext("State"), str(evaluation.get_state_display()))
    for result in evaluation.results.all():
        yield from _result_lines(result, language)
    yield Line("total", gettext("Weighed score"), evaluation.total())
    for competence in evaluation.competences.all():
        yield from _scores(f"competence-{competence.pk}", competence.name, competence)
        yield Line(
            f"competence-{competence.pk}-comment",
            gettext("%(name)s: comment") % {"name": competence.name},
            competence.comment,
        )
    yield Line("development", gettext("Development needs"), evaluation.development_needs)
    yield Line("next", gettext("Goals of the next period"), _goals(evaluation.next_goals.all()))
    yield Line("employee_comment", gettext("The employee's comment"), evaluation.employee_comment)
    yield Line("manager_comment", gettext("The manager's comment"), evaluation.manager_comment)
    yield Line("employee_signed", gettext("Signed by the employee"), evaluation.employee_signed_at)
    yield Line("manager_signed", gettext("Signed by the manager"), evaluation.manager_signed_at)


def _result_lines(result: PlannedResult, language: str) -> Iterator[Line]:
    key = f"result-{result.pk}"
    planned = gettext("%(text)s; measured by: %(measure)s; weight %(weight)s %%") % {
        "text": result.text,
        "measure": result.measure,
        "weight": spell(result.weight, Unit.COUNT),
    }
    yield Line(key, gettext("Planned"), planned)
    name = result.text
    yield Line(
        f"{key}-achieved",
        gettext("%(name)s: achieved") % {"name": name},
        result.achieved or result.filled_in.get(language, ""),
    )
    yield Line(
        f"{key}-correction",
        gettext("%(name)s: why it differs from what was read") % {"name": name},
        result.correction,
    )
    yield from _scores(key, name, result)


def _scores(key: str, name: str, scored: PlannedResult | Competence) -> Iterator[Line]:
    yield Line(f"{key}-self", gettext("%(name)s: own score") % {"name": name}, scored.self_score)
    yield Line(
        f"{key}-manager",
        gettext("%(name)s: the manager's score") % {"name": name},
        scored.manager_score,
    )


def _goals(goals: Iterable[NextGoal]) -> str:
    return "; ".join(
        f"{each.text} ({each.measure})" if each.measure else each.text for each in goals
    )
