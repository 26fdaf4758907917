"""What is done with an event: move, cancel, copy, stop and resume its messages."""

from copy import copy

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest, allowed_if
from events import changes, going_out, outcome
from events.forms.event import CopyForm, MoveForm, ReasonForm, StopForm
from events.models import Event, ReminderRule
from events.move_impact import impact_of_move, of_the_past
from events.rules import can_manage_events
from events.views.event import get_event


@allowed_if(can_manage_events)
def event_move(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for the new times, say what the move will do, and only then move."""
    event, now = get_event(pk), timezone.now()
    form = MoveForm(request.POST or None, event=event)
    context: dict[str, object] = {"event": event, "form": form}
    if request.method == "POST" and form.is_valid():
        starts_at, ends_at = form.cleaned_data["starts_at"], form.cleaned_data["ends_at"]
        if form.is_confirmed:
            return _move(request, event, form)
        impact = impact_of_move(event, starts_at, now, new_end=ends_at)
        context |= {
            "sentence": impact.sentence(event.starts_at, starts_at),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "of_the_past": of_the_past(event, starts_at, ends_at, now),
        }
    return render(request, "events/event_move.html", context)


def _move(request: StaffRequest, event: Event, form: MoveForm) -> HttpResponse:
    wanted = form.cleaned_data
    try:
        changes.move(
            event,
            wanted["starts_at"],
            wanted["ends_at"],
            by_id=request.user.pk,
            now=timezone.now(),
            reason=wanted["reason"],
        )
    except changes.ChangeRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("The event has its new time."))
    return redirect("events:event_detail", event.pk)


@allowed_if(can_manage_events)
def event_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    event, now = get_event(pk), timezone.now()
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changes.cancel(event, form.cleaned_data["reason"], by_id=request.user.pk, now=now)
        except changes.ChangeRefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("The event is cancelled."))
        return redirect("events:event_detail", pk)
    notices = changes.notices_of_cancelling(event, now)
    return render(
        request, "events/event_cancel.html", {"event": event, "form": form, "notices": notices}
    )


@allowed_if(can_manage_events)
def event_copy(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_event(pk)
    form = CopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        starts_at = form.cleaned_data["starts_at"]
        duplicate = changes.copy(event, starts_at, by_id=request.user.pk, now=timezone.now())
        messages.success(
            request, gettext("This is the copy. Its reminders are off until you switch them on.")
        )
        return redirect("events:event_detail", duplicate.pk)
    return render(request, "events/event_copy.html", {"event": event, "form": form})


@allowed_if(can_manage_events)
def event_stop(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_event(pk)
    form = StopForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        changes.stop_reminders(event, form.cleaned_data["reason"], timezone.now())
        messages.success(request, gettext("No message of this event goes out until you resume."))
        return redirect("events:event_detail", pk)
    return render(request, "events/event_stop.html", {"event": event, "form": form})


@allowed_if(can_manage_events)
def event_resume(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what would go out, and switch the messages on."""
    event, now = get_event(pk), timezone.now()
    if request.method == "POST":
        changes.resume_reminders(event, now)
        messages.success(request, gettext("The messages of this event go out again."))
        return redirect("events:event_detail", pk)
    as_if_on = copy(event)
    as_if_on.reminders_stopped_at = None
    rules = list(ReminderRule.objects.for_kind(event.kind))
    lines = going_out.lines(as_if_on, rules, outcome.outcomes(event), now)
    return render(request, "events/event_resume.html", {"event": event, "lines": lines})


@allowed_if(can_manage_events)
@require_POST
def event_rule_off(request: StaffRequest, pk: int, rule_pk: int) -> HttpResponse:
    return _switch(request, pk, rule_pk, is_on=False)


@allowed_if(can_manage_events)
@require_POST
def event_rule_on(request: StaffRequest, pk: int, rule_pk: int) -> HttpResponse:
    return _switch(request, pk, rule_pk, is_on=True)


def _switch(request: StaffRequest, pk: int, rule_pk: int, *, is_on: bool) -> HttpResponse:
    event = get_event(pk)
    rule = get_object_or_404(ReminderRule.objects.for_kind(event.kind), pk=rule_pk)
    changes.switch_rule(event, rule, is_on=is_on)
    words = (
        gettext("“%(rule)s” goes out again for this event.")
        if is_on
        else gettext("“%(rule)s” does not go out for this event.")
    )
    messages.success(request, words % {"rule": rule.label(request.LANGUAGE_CODE)})
    return redirect("events:event_detail", pk)
