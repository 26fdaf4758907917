"""The personal link: a page with one button, and only the button leads into the room.

Opening the page proves nothing, because scanners open every link of a mail; what they see holds no
address of the room. Pressing the button is taken for being there.
"""

import logging
from datetime import datetime, timedelta

from csp.constants import SELF
from csp.decorators import csp_replace
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from events import attendance, stamps
from events.attendance import Door
from events.circumstances import next_event_after
from events.machines import is_machine
from events.models import Registration
from events.views.public_links import opened_with, registration_of

logger = logging.getLogger(__name__)

PAGE_IS_GOOD_FOR = timedelta(hours=6)
AT_ONCE = timedelta(seconds=0.3)
"""A press so soon after the page was shown is remarkable, but counts."""

WAY_TO_THE_ROOM = {"form-action": [SELF, "https:", "http:"]}
"""The button's answer leads to the room, and rooms lead on to hosts of their own (zoom.us to its
data centres). Chromium holds every step of the way against form-action, so naming the room's host
would not do. Nothing on this page comes from anybody but us."""


@csp_replace(WAY_TO_THE_ROOM)  # type: ignore[arg-type]  # it knows only views without arguments
@require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
@opened_with(registration_of)
def join(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Show the personal page; let in who presses its button."""
    now = timezone.now()
    if not registration.is_active:
        return _page(request, registration, now)
    if request.method != "POST":
        if request.method == "GET" and not is_machine(request):
            _note_opened(registration, now)
        return _page(request, registration, now)
    age = stamps.age(_purpose(registration), request.POST.get("shown", ""), now)
    if age is None or age > PAGE_IS_GOOD_FOR:
        return _page(request, registration, now, is_stale=True)
    if age < AT_ONCE:
        logger.info("Registration %s: joined %s after the page.", registration.pk, age)
    return _let_in(request, registration, now)


def _let_in(request: HttpRequest, registration: Registration, now: datetime) -> HttpResponse:
    event = registration.event
    has_room = bool(event.room_url)
    door = _press(registration, now, is_machine=is_machine(request) or not has_room)
    if door is Door.ROOM and has_room:
        response = HttpResponseRedirect(event.room_url)
        # "See other": the room is fetched, not posted to.
        response.status_code = 303
        return response
    return _page(request, registration, now, is_pressed=True)


def _press(registration: Registration, now: datetime, *, is_machine: bool) -> Door:
    """Take note of the press. Who wants to come in gets in, also when it cannot be written down."""
    try:
        return attendance.press_join(registration, now, is_machine=is_machine)
    except DatabaseError:
        logger.exception("Joining was not written down for registration %s.", registration.pk)
        return attendance.door(registration.event, now)


def _note_opened(registration: Registration, now: datetime) -> None:
    try:
        attendance.note_opened(registration, now)
    except DatabaseError:
        logger.exception("An opened link was not written down, registration %s.", registration.pk)


def _purpose(registration: Registration) -> str:
    return f"join {registration.token}"


def _page(
    request: HttpRequest,
    registration: Registration,
    now: datetime,
    *,
    is_pressed: bool = False,
    is_stale: bool = False,
) -> HttpResponse:
    event = registration.event
    door = attendance.door(event, now)
    is_over = door in (Door.OVER, Door.CANCELLED)
    return render(
        request,
        "events/public_join.html",
        {
            "registration": registration,
            "event": event,
            "door": door.value,
            "is_early": door is Door.EARLY,
            "opens_at": event.starts_at - attendance.OPENS_BEFORE,
            "shown": stamps.stamp(_purpose(registration), now),
            "is_pressed": is_pressed,
            "is_stale": is_stale,
            "next_event": next_event_after(event, now) if is_over else None,
        },
    )
