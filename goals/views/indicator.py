"""Pages of an indicator: what it measures, its place, and the check-ins on it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest, allowed_if
from documents.editing import open_for_change
from documents.models import InvalidTransitionError
from documents.rules import can_draw_up, can_edit
from goals.forms import CheckInForm, IndicatorForm, MoveForm
from goals.models import CheckIn, CheckInRefusedError, Goal, Indicator, StillNeededError
from goals.ordering import move_indicator, place_after
from goals.rules import can_check_in, can_see_goals


@allowed_if(can_draw_up)
def indicator_create(request: StaffRequest, pk: int) -> HttpResponse:
    goals = Goal.objects.visible_to(request.user).select_related("year__document", "owner")
    goal = get_object_or_404(goals, pk=pk)
    position = place_after(list(goal.indicators.all()))
    indicator = Indicator(goal=goal, owner=goal.owner, position=position)
    return _edit(request, indicator, gettext("The indicator is added."))


@allowed_if(can_draw_up)
def indicator_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, _indicator(request, pk), gettext("The indicator is saved."))


def _edit(request: StaffRequest, indicator: Indicator, done: str) -> HttpResponse:
    goal, document = indicator.goal, indicator.goal.year.document
    if request.method != "POST" and not can_edit(request.user, document):
        raise PermissionDenied
    form = IndicatorForm(request.POST or None, instance=indicator)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        if form.save_revised(by=request.user, at=at, document=document):
            messages.success(request, done)
            return redirect("goals:goal_detail", goal.pk)
    context = {"form": form, "indicator": indicator, "goal": goal, "year": goal.year}
    return render(request, "goals/indicator_form.html", context)


@allowed_if(can_draw_up)
@require_POST
def indicator_move(request: StaffRequest, pk: int) -> HttpResponse:
    indicator, form = _indicator(request, pk), MoveForm(request.POST)
    if form.is_valid():
        try:
            with open_for_change(indicator.goal.year.document):
                move_indicator(indicator, up=form.cleaned_data["direction"] == "up")
        except InvalidTransitionError as refusal:
            messages.error(request, str(refusal))
    return redirect("goals:goal_detail", indicator.goal_id)


@allowed_if(can_draw_up)
def indicator_delete(request: StaffRequest, pk: int) -> HttpResponse:
    indicator = _indicator(request, pk)
    goal = indicator.goal
    if request.method != "POST" and not can_edit(request.user, goal.year.document):
        raise PermissionDenied
    if request.method == "POST":
        try:
            with open_for_change(goal.year.document):
                indicator.take_out()
        except (InvalidTransitionError, StillNeededError) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("The indicator is taken out."))
        return redirect("goals:goal_detail", goal.pk)
    context = {"indicator": indicator, "goal": goal, "year": goal.year}
    return render(request, "goals/take_out.html", context)


@allowed_if(can_see_goals)
def check_in_create(request: StaffRequest, pk: int) -> HttpResponse:
    return _report(request, _indicator(request, pk), None)


@allowed_if(can_see_goals)
def check_in_correct(request: StaffRequest, pk: int) -> HttpResponse:
    seen = CheckIn.objects.visible_to(request.user).select_related("by")
    check_in = get_object_or_404(seen, pk=pk)
    return _report(request, _indicator(request, check_in.indicator_id), check_in)


def _report(request: StaffRequest, indicator: Indicator, corrected: CheckIn | None) -> HttpResponse:
    if not can_check_in(request.user, indicator):
        raise PermissionDenied
    initial = CheckInForm.initial_from(corrected, timezone.localdate())
    form = CheckInForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        report = corrected.correct if corrected else indicator.check_in
        try:
            report(by=request.user, at=timezone.now(), **form.cleaned_data)
        except CheckInRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Your check-in is saved."))
            return redirect("goals:goal_detail", indicator.goal_id)
    context = {
        "form": form,
        "indicator": indicator,
        "goal": indicator.goal,
        "year": indicator.goal.year,
        "corrected": corrected,
    }
    return render(request, "goals/check_in_form.html", context)


def _indicator(request: StaffRequest, pk: int) -> Indicator:
    seen = Indicator.objects.visible_to(request.user).select_related("goal__year__document")
    return get_object_or_404(seen, pk=pk)
