"""Somebody's own registration: cancel it, take it up again, put it into a calendar."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from events import calendar_file
from events import registration as registrations
from events.circumstances import next_event_after
from events.machines import is_machine
from events.models import Registration
from events.views.public_links import opened_with, registration_of


@require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
@opened_with(registration_of)
def registration_cancel_own(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Ask first; a link scanner that follows links, or even forms, cancels nothing."""
    now = timezone.now()
    event = registration.event
    if request.method == "POST" and not event.has_ended(now) and not is_machine(request):
        registrations.cancel(registration, now)
        return redirect("events:registration_cancel_own", registration.token)
    context = {
        "registration": registration,
        "event": event,
        "is_over": event.has_ended(now),
        "next_event": next_event_after(event, now),
    }
    return render(request, "events/public_cancel.html", context)


@require_http_methods(["OPTIONS", "POST"])
@opened_with(registration_of)
def registration_again(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Take a cancelled registration up again; the personal page says what became of it."""
    if not is_machine(request):
        # Refused, the personal page says itself that the event is cancelled or over.
        with suppress(registrations.RegistrationRefusedError):
            registrations.take_up_again(registration, timezone.now())
    return redirect("events:join", registration.token)


@require_http_methods(["GET", "HEAD", "OPTIONS"])
@opened_with(registration_of)
def registration_calendar(request: HttpRequest, registration: Registration) -> HttpResponse:
    return calendar_answer(calendar_file.for_registration(registration, registration.event))


def calendar_answer(text: str) -> HttpResponse:
    """Answer with a calendar file that opens in the calendar."""
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = 'attachment; filename="event.ics"'
    return response
