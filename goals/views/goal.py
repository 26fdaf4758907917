"""Pages of one goal: how it stands, what is done for it, its wording and its place."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from documents.editing import open_for_change
from documents.models import InvalidTransitionError
from documents.rules import can_draw_up, can_edit
from goals.forms import GoalForm, MoveForm
from goals.indicator_page import panels
from goals.models import Goal, StillNeededError, Year
from goals.ordering import move_goal, place_after
from goals.rules import can_see_goals


@allowed_if(can_see_goals)
@require_GET
def goal_detail(request: StaffRequest, pk: int) -> HttpResponse:
    goal = _goal(request, pk)
    context = {
        "goal": goal,
        "year": goal.year,
        "panels": panels(
            goal, request.user, timezone.localdate(), all_of=request.GET.get("all", "")
        ),
        "activities": _activities(goal),
        "can_edit": can_edit(request.user, goal.year.document),
    }
    return render(request, "goals/goal_detail.html", context)


@allowed_if(can_draw_up)
def goal_create(request: StaffRequest, number: int) -> HttpResponse:
    year = get_object_or_404(Year.objects.select_related("document"), year=number)
    goal = Goal(year=year, owner=request.user, position=place_after(list(year.goals.all())))
    return _edit(request, goal, gettext("The goal is added."))


@allowed_if(can_draw_up)
def goal_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, _goal(request, pk), gettext("The goal is saved."))


def _edit(request: StaffRequest, goal: Goal, done: str) -> HttpResponse:
    year = goal.year
    if request.method != "POST" and not can_edit(request.user, year.document):
        raise PermissionDenied
    form = GoalForm(request.POST or None, instance=goal)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        if form.save_revised(by=request.user, at=at, document=year.document):
            messages.success(request, done)
            return redirect("goals:goal_detail", form.instance.pk)
    return render(request, "goals/goal_form.html", {"form": form, "goal": goal, "year": year})


@allowed_if(can_draw_up)
@require_POST
def goal_move(request: StaffRequest, pk: int) -> HttpResponse:
    goal, form = _goal(request, pk), MoveForm(request.POST)
    if form.is_valid():
        try:
            with open_for_change(goal.year.document):
                move_goal(goal, up=form.cleaned_data["direction"] == "up")
        except InvalidTransitionError as refusal:
            messages.error(request, str(refusal))
    return redirect("goals:year_detail", goal.year.year)


@allowed_if(can_draw_up)
def goal_delete(request: StaffRequest, pk: int) -> HttpResponse:
    goal = _goal(request, pk)
    if request.method != "POST" and not can_edit(request.user, goal.year.document):
        raise PermissionDenied
    if request.method == "POST":
        try:
            with open_for_change(goal.year.document):
                goal.take_out()
        except (InvalidTransitionError, StillNeededError) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("The goal is taken out."))
        return redirect("goals:year_detail", goal.year.year)
    return render(request, "goals/take_out.html", {"goal": goal, "year": goal.year})


def _goal(request: StaffRequest, pk: int) -> Goal:
    seen = Goal.objects.visible_to(request.user).select_related("owner", "year__document")
    return get_object_or_404(seen, pk=pk)


def _activities(goal: Goal) -> QuerySet | None:
    """Give what is done for the goal, where the app above that plans it is installed."""
    activities = getattr(goal, "activities", None)
    if activities is None:
        return None
    planned: QuerySet = activities.select_related("owner").order_by("starts_at", "pk")
    return planned
