"""Pages of an activity: what it is, adding, proposing, editing and moving it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from plans import rules, warnings
from plans.advertising import advertised
from plans.forms.activity import (
    ActivityCommentForm,
    ActivityForm,
    DecisionForm,
    ProposalForm,
    SpentForm,
    TimesForm,
)
from plans.holidays import holiday_name, is_weekend
from plans.linked import carried_out, event_maker, linked_events, linked_series, with_changes
from plans.local_time import local_day, local_moment, same_clock
from plans.models import Activity, Intake
from plans.views.intake import find_intake
from plans.views.saving import refuse_locked, saved

USUAL_CLOCK = time(18)
USUAL_LENGTH = timedelta(minutes=90)


@allowed_if(rules.can_see_plans)
@require_GET
def activity_detail(request: StaffRequest, pk: int) -> HttpResponse:
    activity, user = find_activity(pk), request.user
    document = activity.intake.activity_plan.document
    events, series = linked_events(activity), linked_series(activity)
    has_event = bool(series) or any(not event.is_cancelled for event, *_addresses in events)
    carried = carried_out(Activity.objects.filter(pk=pk))
    [(_activity, changes)] = with_changes([activity], carried)
    publications = activity.publications.select_related("activity", "channel", "published_by")
    context = {
        "activity": activity,
        "changes": changes,
        "intake": activity.intake,
        "document": document,
        "warnings": warnings.about(activity),
        "publications": advertised(publications, carried),
        "events": events,
        "series": series,
        "maker_url": "" if has_event else event_maker(activity),
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
    initial = _as_event(activity) if "as_event" in request.GET else {}
    initial = initial or _moved(activity, _asked_day(request))
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


def _as_event(activity: Activity) -> dict[str, Any]:
    """Give the times that the event of an activity has by now."""
    events = carried_out(Activity.objects.filter(pk=activity.pk)).get(activity.pk)
    if activity.is_weekly or not events or events[0].cancelled_at is not None:
        return {}
    return {"starts_at": events[0].starts_at, "ends_at": events[0].ends_at}


def _tell_of_events(request: StaffRequest, activity: Activity, *, is_moved: bool) -> None:
    planned = {"starts_at": activity.starts_at, "ends_at": activity.ends_at}
    if is_moved and linked_events(activity) and _as_event(activity) != planned:
        sentence = gettext("Its event stays at the old time until you move it, too: see below.")
        messages.warning(request, sentence)
