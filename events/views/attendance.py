"""What a person says about attendance: who came, that the room is open, what to do when held."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest, allowed_if, way_back
from events import attendance
from events.models import Event, Evidence, Registration
from events.rules import can_manage_events, can_run_room, can_see_events


@allowed_if(can_see_events)
@require_POST
def room_open(request: StaffRequest, pk: int) -> HttpResponse:
    event = _event_to_run(request, pk)
    attendance.open_room(event, timezone.now())
    messages.success(request, gettext("The room is open."))
    return redirect("events:event_detail", pk)


@allowed_if(can_see_events)
@require_POST
def no_show_release(request: StaffRequest, pk: int) -> HttpResponse:
    done = gettext("Those who have not joined get an SMS now.")
    return _decide(request, pk, attendance.release_no_show, done)


@allowed_if(can_see_events)
@require_POST
def start_late(request: StaffRequest, pk: int) -> HttpResponse:
    done = gettext("Everybody registered gets one message that it starts late.")
    return _decide(request, pk, attendance.start_late, done)


def _decide(
    request: StaffRequest, pk: int, decision: Callable[[Event, datetime], None], done: str
) -> HttpResponse:
    """Carry out the moderator's word, unless it was given already or comes too late."""
    event, now = _event_to_run(request, pk), timezone.now()
    if attendance.asks_moderator(event, now):
        decision(event, now)
        messages.success(request, done)
    else:
        messages.warning(request, gettext("There is nothing to decide any more."))
    return redirect("events:event_detail", pk)


@allowed_if(can_manage_events)
@require_POST
def mark_present(request: StaffRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, is_present=True)


@allowed_if(can_manage_events)
@require_POST
def mark_absent(request: StaffRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, is_present=False)


def _mark(request: StaffRequest, pk: int, *, is_present: bool) -> HttpResponse:
    registration = get_object_or_404(Registration.objects.active(), pk=pk)
    attendance.record(
        registration,
        Evidence.Kind.STAFF,
        is_present=is_present,
        at=timezone.now(),
        by_id=request.user.pk,
    )
    return _back(request, registration)


@allowed_if(can_manage_events)
@require_POST
def mark_take_back(request: StaffRequest, pk: int) -> HttpResponse:
    registration = get_object_or_404(Registration, pk=pk)
    attendance.take_back(registration)
    return _back(request, registration)


def _back(request: StaffRequest, registration: Registration) -> HttpResponse:
    """Return to the page of the list on which the button was pressed."""
    of_event = reverse("events:event_registrations", args=[registration.event_id])
    return redirect(way_back(request, of_event))


def _event_to_run(request: StaffRequest, pk: int) -> Event:
    event = get_object_or_404(Event.objects.going_ahead(), pk=pk)
    if not can_run_room(request.user, event):
        raise PermissionDenied
    return event
