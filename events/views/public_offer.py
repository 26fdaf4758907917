"""The personal page of an offer: a button leads on to the college's page, and only that counts.

Scanners open every link of a mail and send no forms; the offer, which they see, is no secret.
"""

import logging
from datetime import datetime, timedelta

from csp.decorators import csp_replace
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from events import stamps
from events.machines import is_machine
from events.models import Registration
from events.texts import offer_lines
from events.views.public_join import WAY_TO_THE_ROOM
from events.views.public_links import opened_with, registration_of
from plans.local_time import local_day

logger = logging.getLogger(__name__)

PAGE_IS_GOOD_FOR = timedelta(days=1)


@csp_replace(WAY_TO_THE_ROOM)  # type: ignore[arg-type]  # it knows only views without arguments
@require_safe
@opened_with(registration_of)
def public_offer(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Show the offer; lead on who presses its button, and take note of the first time."""
    now = timezone.now()
    offer = registration.event.offer
    age = stamps.age(_purpose(registration), request.GET.get("shown", ""), now)
    if offer and offer.url and age is not None and age <= PAGE_IS_GOOD_FOR:
        if request.method == "GET" and not is_machine(request):
            _note_opened(registration, now)
        return HttpResponseRedirect(offer.url)
    context = {
        "registration": registration,
        "event": registration.event,
        "offer": offer,
        "lines": offer_lines(offer, get_language() or "") if offer else "",
        "is_over": offer is not None and offer.last_day < local_day(now),
        "shown": stamps.stamp(_purpose(registration), now),
    }
    return render(request, "events/public_offer.html", context)


def _note_opened(registration: Registration, now: datetime) -> None:
    """Write it down once. Who wants to see the offer sees it, also when that cannot be done."""
    try:
        Registration.objects.filter(pk=registration.pk, offer_opened_at=None).update(
            offer_opened_at=now
        )
    except DatabaseError:
        logger.exception("An opened offer was not written down, registration %s.", registration.pk)


def _purpose(registration: Registration) -> str:
    return f"offer {registration.token}"
