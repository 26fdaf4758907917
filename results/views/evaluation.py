"""Pages of evaluation forms: one's list, one form, writing it, its steps, taking it along."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from accounts.models import User
from documents.comparison import changes
from documents.editing import save_unless_taken
from plans.models import Intake
from results import achieved, evaluations, rules
from results.evaluation_forms import BeginForm, Editing, HandOverForm
from results.forms import ReasonForm
from results.models import Evaluation, EvaluationStateError
from results.views.export import XLSX, attached

FORMS_ON_A_PAGE = 25


@allowed_if(rules.can_see_evaluations)
@require_GET
def evaluation_list(request: StaffRequest) -> HttpResponse:
    found = Evaluation.objects.visible_to(request.user)
    related = found.select_related("intake", "employee", "manager")
    page = Paginator(related, FORMS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "can_begin": rules.manages_somebody(request.user)}
    return render(request, "results/evaluation_list.html", context)


@allowed_if(rules.manages_somebody)
def evaluation_begin(request: StaffRequest) -> HttpResponse:
    current = Intake.objects.current(timezone.localdate())
    form = BeginForm(request.POST or None, manager=request.user, initial={"intake": current})
    if request.method == "POST" and form.is_valid():
        begin = partial(evaluations.begin, **form.cleaned_data, by=request.user, at=timezone.now())
        if made := save_unless_taken(form, begin):
            return redirect("results:evaluation_detail", made.pk)
    return render(request, "results/evaluation_begin.html", {"form": form})


@allowed_if(rules.can_see_evaluations)
@require_GET
def evaluation_detail(request: StaffRequest, pk: int) -> HttpResponse:
    evaluation = _get_as_it_stands(request, pk)
    context = {
        "evaluation": evaluation,
        "results": evaluation.results.select_related("indicator"),
        "competences": evaluation.competences.all(),
        "next_goals": evaluation.next_goals.all(),
        "weight": evaluation.weight(),
        "total": evaluation.total(),
        "versions": evaluation.versions.select_related("made_by"),
        "reason_form": ReasonForm(),
        "can_write": rules.can_write_evaluation(request.user, evaluation),
        "can_hand_over": rules.can_hand_over(request.user, evaluation),
        **{name: step.may(request.user, evaluation) for name, step in STEPS.items()},
    }
    return render(request, "results/evaluation_detail.html", context)


@allowed_if(rules.can_see_evaluations)
def evaluation_update(request: StaffRequest, pk: int) -> HttpResponse:
    evaluation = _get_as_it_stands(request, pk)
    if not rules.can_write_evaluation(request.user, evaluation):
        raise PermissionDenied
    editing = Editing(evaluation, request.POST or None)
    if request.method == "POST" and editing.is_valid():
        try:
            is_saved = editing.save(by=request.user, at=timezone.now())
        except EvaluationStateError as refusal:
            messages.error(request, str(refusal))
            return redirect("results:evaluation_detail", pk)
        if is_saved:
            messages.success(request, str(_("The form is saved.")))
            return redirect("results:evaluation_detail", pk)
    context = {"evaluation": evaluation, "editing": editing, "form": editing.form}
    return render(request, "results/evaluation_form.html", context)


@allowed_if(rules.can_see_evaluations)
@require_GET
def evaluation_versions(request: StaffRequest, pk: int) -> HttpResponse:
    """Tell what each version changed against the one before it."""
    evaluation = _get(request, pk)
    versions = list(evaluation.versions.select_related("made_by"))
    older = [*versions[1:], None]
    chapters = [
        (version, changes(before.content, version.content) if before else None)
        for version, before in zip(versions, older, strict=False)
    ]
    context = {"evaluation": evaluation, "chapters": chapters}
    return render(request, "results/evaluation_versions.html", context)


@allowed_if(rules.can_see_evaluations)
def evaluation_manager(request: StaffRequest, pk: int) -> HttpResponse:
    evaluation = _get(request, pk)
    if not rules.can_hand_over(request.user, evaluation):
        raise PermissionDenied
    form = HandOverForm(request.POST or None, evaluation=evaluation)
    if request.method == "POST" and form.is_valid():
        named = form.cleaned_data
        try:
            evaluations.hand_over(evaluation, **named, by=request.user, at=timezone.now())
        except EvaluationStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("The form has another manager."))
        return redirect("results:evaluation_detail", pk)
    context = {"form": form, "evaluation": evaluation}
    return render(request, "results/evaluation_manager.html", context)


@dataclass(frozen=True)
class Step:
    """Something one of the two does with a form as a whole."""

    may: Callable[[User, Evaluation], bool]
    take: Callable[[StaffRequest, Evaluation], None]
    done: str | Promise


def _go_on(request: StaffRequest, evaluation: Evaluation) -> None:
    evaluations.go_on(evaluation, by=request.user, at=timezone.now())


def _sign(request: StaffRequest, evaluation: Evaluation) -> None:
    evaluations.sign(evaluation, by=request.user, at=timezone.now())


def _send_back(request: StaffRequest, evaluation: Evaluation) -> None:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise EvaluationStateError(form.refusal)
    reason = form.cleaned_data["reason"]
    evaluations.send_back(evaluation, by=request.user, at=timezone.now(), reason=reason)


STEPS = {
    "go_on": Step(rules.can_go_on, _go_on, _("The form has gone on to its next step.")),
    "sign": Step(rules.can_sign, _sign, _("Signed.")),
    "send_back": Step(rules.can_send_back, _send_back, _("The form is open again.")),
}


@allowed_if(rules.can_see_evaluations)
@require_POST
def evaluation_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    evaluation = _get(request, pk)
    if step not in STEPS:
        raise Http404
    if not STEPS[step].may(request.user, evaluation):
        raise PermissionDenied
    try:
        STEPS[step].take(request, evaluation)
    except EvaluationStateError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(STEPS[step].done))
    return redirect("results:evaluation_detail", pk)


@allowed_if(rules.can_see_evaluations)
@require_GET
def evaluation_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    from results import evaluation_report

    evaluation = _get_as_it_stands(request, pk)
    content = evaluation_report.pdf(evaluation, get_language() or "", at=timezone.now())
    return attached(content, f"{_name(evaluation)}.pdf", "application/pdf")


@allowed_if(rules.can_see_evaluations)
@require_GET
def evaluation_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    from results import evaluation_report

    evaluation = _get_as_it_stands(request, pk)
    content = evaluation_report.workbook(evaluation, get_language() or "")
    return attached(content, f"{_name(evaluation)}.xlsx", XLSX)


def _name(evaluation: Evaluation) -> str:
    return f"veidlapa-{evaluation.intake.year}-{evaluation.intake.season}-{evaluation.pk}"


def _get(request: StaffRequest, pk: int) -> Evaluation:
    """Give a form the person may see; of any other nobody says that it exists."""
    found = Evaluation.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("intake", "employee", "manager"), pk=pk)


def _get_as_it_stands(request: StaffRequest, pk: int) -> Evaluation:
    """Give a form with what was achieved as it reads now, for whoever looks at it or writes."""
    evaluation = _get(request, pk)
    achieved.read_anew(evaluation, timezone.now())
    return evaluation
