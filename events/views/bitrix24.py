"""The Bitrix24 connection: its check, and the portal's own calls."""

from django.conf import settings
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.http import StaffRequest, administrator_required
from events import bitrix24_check as connection
from events import bitrix24_lists, bitrix24_state, contacts
from integrations.bitrix24 import incoming
from outbox import breaker

MOST_BYTES = 8 * 1024
"""A call of the portal has about half a kilobyte."""


@administrator_required
def bitrix24_check(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "portal": connection.portal(),
        "is_on": bool(settings.BITRIX24_WEBHOOK_URL),
        "findings": connection.check() if request.method == "POST" else None,
        "limits": bitrix24_state.limits(),
        "takes_events": bool(settings.BITRIX24_APPLICATION_TOKEN),
        "routes": bitrix24_state.routes(now),
        "people": bitrix24_state.people(now),
    }
    return render(request, "events/bitrix24_check.html", context)


@administrator_required
@require_POST
def bitrix24_reopen(request: StaffRequest, channel: str) -> HttpResponse:
    """Let a route send again, once somebody has mended what stopped it."""
    if channel not in bitrix24_state.route_names():
        raise Http404
    breaker.reopen(channel)
    messages.success(request, gettext("It is tried again from now on."))
    return redirect("events:bitrix24_check")


@administrator_required
@require_POST
def bitrix24_retry(request: StaffRequest) -> HttpResponse:
    """Forget the problems with contacts, and have those people matched again."""
    count = contacts.try_again()
    text = ngettext(
        "%(count)s person is matched again.", "%(count)s people are matched again.", count
    )
    messages.success(request, text % {"count": count})
    return redirect("events:bitrix24_check")


@csrf_exempt
@require_POST
def bitrix24_event(request: HttpRequest) -> HttpResponse:
    """Take a call of the portal's outgoing webhook; the work is done in the background.

    The application token proves the sender. Nothing else that comes along is kept or logged.
    """
    if not settings.BITRIX24_APPLICATION_TOKEN:
        raise Http404
    if _length(request) > MOST_BYTES:
        return HttpResponse(status=413)
    form = request.POST.dict()
    if not incoming.token_is_right(form, settings.BITRIX24_APPLICATION_TOKEN):
        return HttpResponseForbidden()
    try:
        event = incoming.parse_event(form)
    except incoming.NotAnEventError:
        return HttpResponseBadRequest()
    bitrix24_lists.note_event(event, timezone.now())
    return HttpResponse()


def _length(request: HttpRequest) -> int:
    """Read the announced length; what does not announce one has no body for us."""
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0
