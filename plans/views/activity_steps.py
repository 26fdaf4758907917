"""What becomes of an activity: decided about, carried out, paid for, spoken about."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest, allowed_if
from documents.models import InvalidTransitionError
from plans import proposals, rules
from plans.forms.activity import ActivityCommentForm, DecisionForm, ReasonForm, SpentForm
from plans.linked import linked_events
from plans.models import Activity, ActivityComment
from plans.views.activity import find_activity
from plans.views.saving import saved


@allowed_if(rules.can_manage_plans)
@require_POST
def activity_accept(request: StaffRequest, pk: int) -> HttpResponse:
    done = gettext("The proposal is part of the plan now.")
    return _decide(request, pk, proposals.accept, done)


@allowed_if(rules.can_manage_plans)
@require_POST
def activity_decline(request: StaffRequest, pk: int) -> HttpResponse:
    done = gettext("The proposal is declined.")
    return _decide(request, pk, proposals.decline, done)


def _decide(request: StaffRequest, pk: int, decide: Callable[..., None], done: str) -> HttpResponse:
    activity = find_activity(pk)
    form = DecisionForm(request.POST)
    if not rules.can_decide(request.user, activity, activity.intake.activity_plan.document):
        raise PermissionDenied

    def take() -> None:
        decide(activity, by=request.user, at=timezone.now(), word=form.cleaned_data["word"])

    return _step(request, activity, form, take, done)


def _step(
    request: StaffRequest,
    activity: Activity,
    form: forms.Form | None,
    take: Callable[[], None],
    done: str,
) -> HttpResponse:
    """Take a step with an activity and tell how it went."""
    if form is not None and not form.is_valid():
        messages.error(request, gettext("Nothing is changed: write a word with it."))
        return redirect("plans:activity_detail", activity.pk)
    try:
        take()
    except InvalidTransitionError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("plans:activity_detail", activity.pk)


@allowed_if(rules.can_manage_plans)
def activity_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    activity = find_activity(pk)
    if not rules.can_carry_out(request.user, activity):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _step(
            request,
            activity,
            None,
            lambda: activity.cancel(reason=form.cleaned_data["reason"]),
            gettext("The activity is cancelled."),
        )
    context = {
        "form": form,
        "activity": activity,
        "intake": activity.intake,
        "events": linked_events(activity),
    }
    return render(request, "plans/activity_cancel.html", context)


@allowed_if(rules.can_manage_plans)
@require_POST
def activity_done(request: StaffRequest, pk: int) -> HttpResponse:
    activity = find_activity(pk)
    if not rules.can_carry_out(request.user, activity):
        raise PermissionDenied
    return _step(request, activity, None, activity.finish, gettext("It is noted as done."))


@allowed_if(rules.can_manage_plans)
@require_POST
def activity_take_up(request: StaffRequest, pk: int) -> HttpResponse:
    activity = find_activity(pk)
    if not rules.can_take_up(request.user, activity):
        raise PermissionDenied
    return _step(request, activity, None, activity.take_up, gettext("It is planned again."))


@allowed_if(rules.can_manage_plans)
def activity_spent(request: StaffRequest, pk: int) -> HttpResponse:
    activity = find_activity(pk)
    if not rules.can_carry_out(request.user, activity):
        raise PermissionDenied
    form = SpentForm(request.POST or None, instance=activity)
    if saved(request, form):
        messages.success(request, gettext("It is noted what the activity has cost."))
        return redirect("plans:activity_detail", pk)
    context = {"form": form, "activity": activity, "intake": activity.intake}
    return render(request, "plans/activity_spent.html", context)


@allowed_if(rules.can_see_plans)
@require_POST
def activity_comment(request: StaffRequest, pk: int) -> HttpResponse:
    activity = find_activity(pk)
    if not rules.can_comment(request.user, activity):
        raise PermissionDenied
    form = ActivityCommentForm(request.POST)
    if form.is_valid():
        ActivityComment.objects.create(
            activity=activity,
            by=request.user,
            at=timezone.now(),
            text=form.cleaned_data["text"],
        )
        messages.success(request, gettext("Your comment is added."))
    return redirect("plans:activity_detail", pk)
