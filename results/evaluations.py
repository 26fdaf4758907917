"""An evaluation form's way: planned, assessed by the employee, then by the manager, then signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext, ngettext

from accounts.models import Role, User
from plans.models import Intake
from results import evaluation_letters
from results.achieved import fill_in
from results.evaluation_content import content
from results.facts.table import Unit
from results.models import (
    Competence,
    Evaluation,
    EvaluationStateError,
    EvaluationVersion,
    PlannedResult,
)
from results.spelling import spell

State = Evaluation.State

MANAGED_BY = {
    Role.DIRECTOR: (Role.MARKETING_HEAD,),
    Role.MARKETING_HEAD: (Role.PROJECT_MANAGER, Role.SPECIALIST),
}
"""Whose work each role evaluates."""

COMPETENCES = (
    ("Plānošana un termiņu ievērošana", "Planning and keeping to dates"),
    ("Darba kvalitāte", "Quality of work"),
    ("Iniciatīva un jaunas idejas", "Initiative and new ideas"),
    ("Sadarbība", "Working together"),
    ("Saziņa ar klientiem", "Communication with clients"),
)
"""What a new form begins with; both may change it while the results are planned."""


@transaction.atomic
def begin(intake: Intake, employee: User, *, by: User, at: datetime) -> Evaluation:
    """Begin a form; goals of the next period that were agreed last time become planned results."""
    evaluation = Evaluation.objects.create(
        intake=intake, employee=employee, manager=by, begun_at=at, changed_by=by, changed_at=at
    )
    Competence.objects.bulk_create(
        Competence(
            evaluation=evaluation,
            name=english if employee.language == "en" else latvian,
            position=position,
        )
        for position, (latvian, english) in enumerate(COMPETENCES)
    )
    _take_over_goals(evaluation)
    return evaluation


def _take_over_goals(evaluation: Evaluation) -> None:
    earlier = (
        Evaluation.objects.filter(
            employee=evaluation.employee, intake__begins_on__lt=evaluation.intake.begins_on
        )
        .order_by("-intake__begins_on")
        .first()
    )
    goals = list(earlier.next_goals.all()) if earlier else []
    PlannedResult.objects.bulk_create(
        PlannedResult(
            evaluation=evaluation,
            text=goal.text,
            measure=goal.measure or gettext("to be agreed"),
            weight=weight,
            position=position,
        )
        for position, (goal, weight) in enumerate(zip(goals, shares(len(goals)), strict=True))
    )


def shares(count: int) -> list[Decimal]:
    """Divide 100 per cent into whole parts, the first ones larger where it does not divide."""
    if not count:
        return []
    each, left = divmod(100, count)
    return [Decimal(each + (number < left)) for number in range(count)]


NEXT = {State.PLANNING: State.SELF, State.SELF: State.ASSESSMENT, State.ASSESSMENT: State.SIGNING}
BACK = {
    State.SELF: State.PLANNING,
    State.ASSESSMENT: State.SELF,
    State.SIGNING: State.ASSESSMENT,
    State.SIGNED: State.ASSESSMENT,
}


@contextmanager
def _as_seen(evaluation: Evaluation, state: State) -> Iterator[None]:
    """Take a step with the form as it stands, if it is at that state and its manager's still."""
    manager = evaluation.manager_id
    with evaluation.held(state):
        evaluation.refresh_from_db()
        if evaluation.manager_id != manager:
            raise EvaluationStateError(
                gettext("The form has another manager meanwhile, so nothing was saved.")
            )
        yield


def go_on(evaluation: Evaluation, *, by: User, at: datetime) -> None:
    """Hand the form on to its next state, keeping what it says now.

    Raises EvaluationStateError where something is still missing; the text says what.
    """
    seen = State(evaluation.state)
    if seen not in NEXT:
        raise evaluation.gone_on()
    with _as_seen(evaluation, seen):
        fill_in(evaluation, at)
        missing = CHECKS[seen](evaluation)
        if missing:
            raise EvaluationStateError(missing)
        _come_to(evaluation, NEXT[seen], by=by, at=at)
        _tell_the_other(evaluation, by, at)


def send_back(evaluation: Evaluation, *, by: User, at: datetime, reason: str) -> None:
    """Open the form again a step back; signatures go, what was signed stays a version."""
    seen = State(evaluation.state)
    with _as_seen(evaluation, seen):
        evaluation.employee_signed_at = evaluation.manager_signed_at = None
        _come_to(evaluation, BACK[seen], by=by, at=at, reason=reason)
        _tell_the_other(evaluation, by, at)


def hand_over(
    evaluation: Evaluation, manager: User, *, by: User, at: datetime, reason: str
) -> None:
    """Let another manager go on with a form; signatures go, since they were given to the other."""
    seen = State(evaluation.state)
    if seen == State.SIGNED:
        raise EvaluationStateError(gettext("The form is signed by both: nothing changes any more."))
    with _as_seen(evaluation, seen):
        signs_anew = evaluation.employee_signed_at is not None
        evaluation.manager = manager
        evaluation.employee_signed_at = evaluation.manager_signed_at = None
        _come_to(evaluation, seen, by=by, at=at, reason=reason)
        to_tell = [manager, evaluation.employee] if signs_anew else [manager]
        evaluation_letters.tell(evaluation, to_tell, at)


def sign(evaluation: Evaluation, *, by: User, at: datetime) -> None:
    """Sign as the one or the other; with the second signature nothing changes any more."""
    with _as_seen(evaluation, State.SIGNING):
        is_employee = by.pk == evaluation.employee_id
        if not is_employee and by.pk != evaluation.manager_id:
            raise EvaluationStateError(gettext("The two people whose form it is sign it."))
        if is_employee:
            evaluation.employee_signed_at = evaluation.employee_signed_at or at
        else:
            evaluation.manager_signed_at = evaluation.manager_signed_at or at
        is_signed = evaluation.employee_signed_at and evaluation.manager_signed_at
        to = State.SIGNED if is_signed else State.SIGNING
        _come_to(evaluation, to, by=by, at=at)


def _tell_the_other(evaluation: Evaluation, by: User, at: datetime) -> None:
    """Write to the other of the two, if the form has come to them."""
    both = (evaluation.employee, evaluation.manager)
    evaluation_letters.tell(evaluation, [each for each in both if each.pk != by.pk], at)


def _come_to(
    evaluation: Evaluation, state: State, *, by: User, at: datetime, reason: str = ""
) -> None:
    if state != evaluation.state:
        evaluation.employee_told_at = None
    evaluation.state = state
    evaluation.revision += 1
    evaluation.changed_by, evaluation.changed_at = by, at
    evaluation.save(
        update_fields=[
            "state",
            "manager",
            "revision",
            "changed_by",
            "changed_at",
            "employee_told_at",
            "employee_signed_at",
            "manager_signed_at",
        ]
    )
    EvaluationVersion.objects.create(
        evaluation=evaluation,
        number=evaluation.versions.count() + 1,
        state=state,
        content=content(evaluation),
        made_by=by,
        made_at=at,
        reason=reason,
    )


def _planned(evaluation: Evaluation) -> str:
    weight = evaluation.weight()
    if not evaluation.results.exists():
        return gettext("Plan at least one result.")
    if weight != 100:
        return gettext("The weights add up to %(weight)s %%, not to 100 %%.") % {
            "weight": spell(weight, Unit.COUNT)
        }
    return ""


def _assessed_by_employee(evaluation: Evaluation) -> str:
    return _scored(evaluation, "self_score") or _corrected(evaluation)


def _assessed_by_manager(evaluation: Evaluation) -> str:
    return _scored(evaluation, "manager_score") or _corrected(evaluation)


def _scored(evaluation: Evaluation, field: str) -> str:
    missing = {f"{field}__isnull": True}
    count = (
        evaluation.results.filter(**missing).count()
        + evaluation.competences.filter(**missing).count()
    )
    if not count:
        return ""
    return ngettext("%(count)s score is missing.", "%(count)s scores are missing.", count) % {
        "count": count
    }


def _corrected(evaluation: Evaluation) -> str:
    for result in evaluation.results.all():
        if result.source == PlannedResult.Source.HAND and not result.achieved:
            return gettext("Say what was achieved of “%(result)s”.") % {"result": result}
        if result.filled_in and result.achieved and not result.correction:
            return gettext("Say why “%(result)s” differs from what was read.") % {"result": result}
    return ""


CHECKS = {
    State.PLANNING: _planned,
    State.SELF: _assessed_by_employee,
    State.ASSESSMENT: _assessed_by_manager,
}
