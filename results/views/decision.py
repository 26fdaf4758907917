"""Decisions of a review: writing them down, and making a task or a goal of one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest, allowed_if
from accounts.models import Role
from documents.rules import can_draw_up
from results import reviews
from results.forms import DecisionForm, GoalOfDecisionForm, TaskOfDecisionForm
from results.models import Decision, Review, ReviewStateError
from results.rules import can_see_results, can_write_review
from work.rules import can_create_tasks


@allowed_if(can_see_results)
@require_POST
def decision_create(request: StaffRequest, intake: int) -> HttpResponse:
    review = get_object_or_404(Review, intake=intake)
    if not can_write_review(request.user, review):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return render(request, "results/decision_form.html", {"form": form, "review": review})
    decision = form.save(commit=False)
    decision.review, decision.made_by, decision.made_at = review, request.user, timezone.now()
    try:
        with review.held():
            decision.save()
    except ReviewStateError as refusal:
        messages.error(request, str(refusal))
    return redirect("results:review_detail", intake)


@allowed_if(can_see_results)
@require_POST
def decision_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a decision out that became nothing yet."""
    decision = _decision(pk)
    if not can_write_review(request.user, decision.review) or decision.task or decision.goal:
        raise PermissionDenied
    try:
        with decision.review.held():
            decision.delete()
    except ReviewStateError as refusal:
        messages.error(request, str(refusal))
    return redirect("results:review_detail", decision.review.intake_id)


@allowed_if(can_create_tasks)
def decision_task(request: StaffRequest, pk: int) -> HttpResponse:
    """Make it a task; also after the intake is closed, since work goes on."""
    decision = _decision(pk)
    if not can_see_results(request.user):
        raise PermissionDenied
    owner = decision.owner
    first = {"role": owner.role if owner else Role.SPECIALIST, "due_on": decision.due_on}
    form = TaskOfDecisionForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            reviews.make_task(
                decision,
                by=request.user,
                at=timezone.now(),
                role=Role(form.cleaned_data["role"]),
                due_on=form.cleaned_data["due_on"],
            )
        except ReviewStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("The decision is a task now."))
        return redirect("results:review_detail", decision.review.intake_id)
    return render(request, "results/decision_task.html", {"form": form, "decision": decision})


@allowed_if(can_draw_up)
def decision_goal(request: StaffRequest, pk: int) -> HttpResponse:
    """Make it a goal of a year whose goals are still being drawn up."""
    decision = _decision(pk)
    form = GoalOfDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reviews.make_goal(
                decision, form.cleaned_data["year"], category=form.cleaned_data["category"]
            )
        except ReviewStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("The decision is a goal now: give it an indicator."))
        return redirect("results:review_detail", decision.review.intake_id)
    return render(request, "results/decision_goal.html", {"form": form, "decision": decision})


def _decision(pk: int) -> Decision:
    found = Decision.objects.select_related("review__intake", "owner", "task", "goal")
    return get_object_or_404(found, pk=pk)
