"""Pages of an activity: what it is, when, what people say, and what becomes of it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from documents.editing import open_for_change
from documents.models import InvalidTransitionError
from plans import rules, warnings
from plans.forms.activity import (
    ActivityCommentForm,
    ActivityForm,
    DecisionForm,
    ProposalForm,
    ReasonForm,
    SpentForm,
    TimesForm,
)
from plans.holidays import holiday_name, is_weekend
from plans.local_time import local_day, local_moment, same_clock
from plans.models import Activity, ActivityComment, Intake
from plans.views.intake import find_intake
from plans.views.saving import refuse_locked, saved

USUAL_CLOCK = time(18)
USUAL_LENGTH = timedelta(minutes=90)


@allowed_if(rules.can_see_plans)
@require_GET
def activity_detail(request: StaffRequest, pk: int) -> HttpResponse:
    activity, user = find_activity(pk), request.user
    document = activity.intake.activity_plan.document
    publications = list(activity.publications.select_related("channel", "published_by"))
    events, series = linked_events(activity), linked_series(activity)
    context = {
        "activity": activity,
        "intake": activity.intake,
        "document": document,
        "warnings": warnings.about(activity),
        "publications": publications,
        "events": events,
        "series": series,
        "maker_url": "" if events or series else event_maker(activity),
        "comments": activity.comments.select_related("by"),
        "comment_form": ActivityCommentForm(),
        "decision_form": DecisionForm(),
        "spent_form": SpentForm(instance=activity),
        "may": {
            "edit": rules.can_edit_activity(user, activity, document),
            "decide": rules.can_decide(user, activity, document),
            "carry_out": rules.can_carry_out(user, activity),
            "take_up": rules.can_take_up(user, activity),
            "publish": rules.can_publish(user, activity),
            "comment": rules.can_comment(user, activity),
        },
    }
    return render(request, "plans/activity_detail.html", context)


def find_activity(pk: int) -> Activity:
    """Give an activity with its intake and where the plan stands, or answer 404."""
    found = Activity.objects.select_related(
        "intake__activity_plan__document", "owner", "unit", "proposed_by", "changed_by"
    ).prefetch_related("audiences", "channels", "goals")
    return get_object_or_404(found, pk=pk)


_MAKERS = {
    Activity.Kind.FREE_WEBINAR: "webinars:activity_make",
    Activity.Kind.PAID_WEBINAR: "webinars:activity_make",
    Activity.Kind.OPEN_DAY: "opendays:activity_make",
}


def event_maker(activity: Activity) -> str:
    """Give the address that makes an event of an activity; empty where its kind becomes none."""
    name = _MAKERS.get(Activity.Kind(activity.kind))
    if name is None or activity.state != Activity.State.PLANNED:
        return ""
    try:
        return reverse(name, args=[activity.pk])
    except NoReverseMatch:
        return ""


def linked_events(activity: Activity) -> list[tuple[Any, str, str]]:
    """Give the events an activity became, with the page of each and the one that moves it.

    The app of events lies above: it is asked by its relation and its address, never imported.
    """
    events = getattr(activity, "events", None)
    if events is None:
        return []
    try:
        return [
            (
                event,
                reverse("events:event_detail", args=[event.pk]),
                reverse("events:event_move", args=[event.pk]),
            )
            for event in events.all()
        ]
    except NoReverseMatch:
        return []


def linked_series(activity: Activity) -> list[tuple[Any, str]]:
    """Give the weekly series an activity became, with the page of each."""
    series = getattr(activity, "series", None)
    if series is None:
        return []
    return [(each, reverse("opendays:series_detail", args=[each.pk])) for each in series.all()]


@allowed_if(rules.can_manage_plans)
def activity_create(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    refuse_locked(request, intake.activity_plan.document)
    activity = Activity(intake=intake, owner=request.user)
    form = ActivityForm(
        request.POST or None, instance=activity, intake=intake, initial=_times(request, intake)
    )
    if saved(request, form, intake.activity_plan.document):
        messages.success(request, gettext("The activity is planned."))
        return redirect("plans:activity_detail", activity.pk)
    return render(request, "plans/activity_form.html", {"form": form, "intake": intake})


@allowed_if(rules.can_propose)
def activity_propose(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a proposal of a unit; also for an approved plan, of which it is no part yet."""
    intake = find_intake(pk)
    activity = Activity(
        intake=intake,
        state=Activity.State.PROPOSED,
        unit=request.user.unit,
        proposed_by=request.user,
    )
    form = ProposalForm(
        request.POST or None, instance=activity, intake=intake, initial=_times(request, intake)
    )
    if saved(request, form):
        messages.success(request, gettext("Proposed: the marketing head decides about it."))
        return redirect("plans:activity_detail", activity.pk)
    context = {"form": form, "intake": intake, "is_proposal": True}
    return render(request, "plans/activity_form.html", context)


def _times(request: StaffRequest, intake: Intake) -> dict[str, datetime]:
    """Suggest an evening: of the day that was clicked in a calendar, else the intake's first."""
    day = _asked_day(request) or max(intake.begins_on, timezone.localdate())
    starts_at = local_moment(day, USUAL_CLOCK)
    return {"starts_at": starts_at, "ends_at": starts_at + USUAL_LENGTH}


def _asked_day(request: StaffRequest) -> date | None:
    try:
        return parse_date(request.GET.get("on", ""))
    except ValueError:
        return None


@allowed_if(rules.can_see_plans)
def activity_update(request: StaffRequest, pk: int) -> HttpResponse:
    activity = find_activity(pk)
    form_class, document = _editing(request, activity)
    before = (activity.starts_at, activity.ends_at)
    form = form_class(request.POST or None, instance=activity, intake=activity.intake)
    if saved(request, form, document):
        messages.success(request, gettext("The activity is saved."))
        is_moved = before != (activity.starts_at, activity.ends_at)
        _tell_of_events(request, activity, is_moved=is_moved)
        return redirect("plans:activity_detail", pk)
    context = {"form": form, "intake": activity.intake, "activity": activity}
    return render(request, "plans/activity_form.html", context)


def _editing(request: StaffRequest, activity: Activity) -> tuple[type[ActivityForm], Any]:
    """Say with which form the person edits it, and which document has to be open for that."""
    document = activity.intake.activity_plan.document
    if not rules.can_edit_activity(request.user, activity, document):
        raise PermissionDenied
    if rules.can_propose(request.user):
        return ProposalForm, None
    return ActivityForm, document


@allowed_if(rules.can_see_plans)
def activity_move(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask before an activity is moved, also one that was dragged to another day."""
    activity = find_activity(pk)
    _form_class, document = _editing(request, activity)
    was = activity.starts_at
    initial = _moved(activity, _asked_day(request))
    form = TimesForm(request.POST or None, instance=activity, initial=initial)
    if saved(request, form, document):
        messages.success(request, gettext("The activity is moved."))
        _tell_of_events(request, activity, is_moved=True)
        return redirect("plans:activity_detail", pk)
    day = local_day(initial.get("starts_at", was))
    context = {
        "form": form,
        "activity": activity,
        "intake": activity.intake,
        "was": was,
        "events": linked_events(activity),
        "holiday": holiday_name(day),
        "is_on_weekend": is_weekend(day),
    }
    return render(request, "plans/activity_move.html", context)


def _moved(activity: Activity, day: date | None) -> dict[str, Any]:
    """Give the times of an activity on another day, by the same clock."""
    if day is None:
        return {}
    days = (day - local_day(activity.starts_at)).days
    times: dict[str, Any] = {
        "starts_at": same_clock(activity.starts_at, days=days),
        "ends_at": same_clock(activity.ends_at, days=days),
    }
    if activity.last_on is not None:
        times["last_on"] = activity.last_on + timedelta(days=days)
    return times


def _tell_of_events(request: StaffRequest, activity: Activity, *, is_moved: bool) -> None:
    if is_moved and linked_events(activity):
        sentence = gettext("Its event stays at the old time until you move it, too: see below.")
        messages.warning(request, sentence)


@allowed_if(rules.can_manage_plans)
@require_POST
def activity_accept(request: StaffRequest, pk: int) -> HttpResponse:
    done = gettext("The proposal is part of the plan now.")
    return _decide(request, pk, lambda activity, word: activity.accept(word=word), done)


@allowed_if(rules.can_manage_plans)
@require_POST
def activity_decline(request: StaffRequest, pk: int) -> HttpResponse:
    done = gettext("The proposal is declined.")
    return _decide(request, pk, lambda activity, word: activity.decline(word=word), done)


def _decide(
    request: StaffRequest, pk: int, decide: Callable[[Activity, str], None], done: str
) -> HttpResponse:
    activity = find_activity(pk)
    document = activity.intake.activity_plan.document
    form = DecisionForm(request.POST)
    if not rules.can_decide(request.user, activity, document):
        raise PermissionDenied

    def take() -> None:
        with open_for_change(document):
            decide(activity, form.cleaned_data["word"])

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
