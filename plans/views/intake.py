"""Pages of an intake: all of them, one, its dates, its targets, the next one from it."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from accounts.models import User
from documents.editing import save_unless_taken
from documents.models import InvalidTransitionError
from plans import excel, intakes, overview, roll_forward
from plans.forms.intake import IntakeForm, RollForwardForm, TargetsForm
from plans.models import Intake
from plans.reached_before import reached_before
from plans.rules import can_edit_activities, can_manage_plans, can_propose, can_see_plans
from plans.targets import divide, shares_of
from plans.views.saving import refuse_locked, saved

INTAKES_ON_A_PAGE = 10
NAMED = 10
"""So many goals or activities are named in a list; how many more there are is said below it."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def find_intake(pk: int) -> Intake:
    """Give an intake with both its plans and where they stand, or answer 404."""
    found = Intake.objects.select_related(
        "communication_plan__document", "activity_plan__document", "rolled_from"
    )
    return get_object_or_404(found, pk=pk)


@allowed_if(can_see_plans)
@require_GET
def intake_list(request: StaffRequest) -> HttpResponse:
    found = Intake.objects.select_related("communication_plan__document", "activity_plan__document")
    page = Paginator(found, INTAKES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "current": Intake.objects.current(timezone.localdate()),
        "can_manage": can_manage_plans(request.user),
    }
    return render(request, "plans/intake_list.html", context)


@allowed_if(can_manage_plans)
def intake_create(request: StaffRequest) -> HttpResponse:
    form = IntakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        begin = partial(intakes.begin, form.save(commit=False), by=request.user, at=timezone.now())
        if intake := save_unless_taken(form, begin):
            messages.success(request, gettext("The intake is here, with its two plans to draw up."))
            return redirect("plans:intake_detail", intake.pk)
    return render(request, "plans/intake_form.html", {"form": form})


@allowed_if(can_see_plans)
@require_GET
def intake_detail(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    kinds, total = overview.money_of(intake)
    unserved = list(overview.goals_nothing_serves(intake))
    aimless = overview.activities_without_goal(intake)
    shares, now = shares_of(intake), timezone.now()
    context = {
        "intake": intake,
        "progress": overview.progress_of(intake),
        "kinds": kinds,
        "in_plan": sum(each.count for each in kinds if each.kind != overview.CANCELLED),
        "total": total,
        "shares": shares,
        "before": reached_before(intake, user=request.user, now=now) if shares else None,
        "unserved": unserved,
        "aimless": aimless[:NAMED],
        "aimless_more": max(aimless.count() - NAMED, 0),
        "losing_access": overview.channels_losing_access(intake, timezone.localdate()),
        "proposals": intake.activities.proposed().select_related("unit")[:NAMED],
        "today": timezone.localdate(),
        "can_manage": can_manage_plans(request.user),
        "can_divide": can_edit_activities(request.user, intake),
        "can_propose": can_propose(request.user),
    }
    return render(request, "plans/intake_detail.html", context)


@allowed_if(can_manage_plans)
def intake_update(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    form = IntakeForm(request.POST or None, instance=intake)
    if saved(request, form):
        messages.success(request, gettext("The intake is saved."))
        return redirect("plans:intake_detail", pk)
    context = {"form": form, "intake": find_intake(pk)}
    return render(request, "plans/intake_form.html", context)


@allowed_if(can_manage_plans)
def intake_targets(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    refuse_locked(request, intake.activity_plan.document)
    form = TargetsForm(request.POST if request.method == "POST" else None, shares=shares_of(intake))
    if request.method == "POST" and form.is_valid():
        try:
            clashes = divide(intake, form.wanted())
        except InvalidTransitionError as refusal:
            form.add_error(None, str(refusal))
        else:
            if not clashes:
                messages.success(request, gettext("The targets of the intake are saved."))
                return redirect("plans:intake_detail", pk)
            form.show_clashes(clashes)
    before = reached_before(intake, user=request.user, now=timezone.now())
    context = {"form": form, "intake": intake, "before": before}
    return render(request, "plans/intake_targets.html", context)


@allowed_if(can_manage_plans)
def intake_roll_forward(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for the new intake, show where every activity would fall, and only then copy."""
    source = find_intake(pk)
    form = RollForwardForm(request.POST or None, source=source)
    context: dict[str, object] = {"form": form, "intake": source}
    if request.method == "POST" and form.is_valid():
        target, weeks = form.save(commit=False), form.cleaned_data["weeks"]
        if not form.is_confirmed:
            activities = source.activities.in_plan()
            lines = roll_forward.preview(activities, target, weeks=weeks)
            left = roll_forward.goals_left(activities, target)
            context |= {"lines": lines, "target": target, "weeks": weeks, "goals_left": left}
        elif save_unless_taken(form, _rolling(form, source, target, by=request.user)):
            messages.success(request, _rolled(target.activities.count()))
            return redirect("plans:intake_detail", target.pk)
    return render(request, "plans/intake_roll_forward.html", context)


def _rolling(
    form: RollForwardForm, source: Intake, target: Intake, *, by: User
) -> Callable[[], Intake]:
    return partial(
        roll_forward.carry_out,
        source,
        target,
        weeks=form.cleaned_data["weeks"],
        chosen=form.chosen(),
        by=by,
        at=timezone.now(),
    )


def _rolled(count: int) -> str:
    words = ngettext(
        "The new intake has the plans of the earlier one and %(count)s activity.",
        "The new intake has the plans of the earlier one and %(count)s activities.",
        count,
    )
    return words % {"count": count}


@allowed_if(can_see_plans)
@require_GET
def intake_export(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    response = HttpResponse(excel.workbook(intake), content_type=XLSX)
    name = excel.filename(intake, timezone.localdate())
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
