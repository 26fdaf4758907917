"""The pre-flight that somebody asks for on the page of an event."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest, allowed_if
from events import preflight
from events.models import Preflight
from events.rules import can_run_room, can_see_events
from events.views.event import get_event


@allowed_if(can_see_events)
@require_POST
def preflight_make(request: StaffRequest, pk: int) -> HttpResponse:
    event = get_event(pk)
    if not can_run_room(request.user, event):
        raise PermissionDenied
    preflight.make(event, Preflight.Occasion.ASKED, timezone.now())
    return redirect(reverse("events:event_detail", args=[pk]) + "#preflight")
