"""Zoom's own calls."""

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    JsonResponse,
)
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from events import zoom_attendance
from integrations.meetings import zoom_webhook
from integrations.meetings.zoom_webhook import NotASignError

MOST_BYTES = 64 * 1024
"""A call of Zoom has about one kilobyte."""


@csrf_exempt
@require_POST
def zoom_event(request: HttpRequest) -> HttpResponse:
    """Take a call of Zoom's webhook; the work is done in the background.

    The signature proves the sender. It is of the body as it came, so that is read first, as bytes.
    """
    if not settings.ZOOM_WEBHOOK_SECRET:
        raise Http404
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return HttpResponse(status=413)
    if not _is_genuine(request):
        return HttpResponse(status=401)
    try:
        return _answer(request.body)
    except NotASignError:
        return HttpResponseBadRequest()


def _is_genuine(request: HttpRequest) -> bool:
    return zoom_webhook.is_genuine(
        request.body,
        timestamp=request.headers.get("x-zm-request-timestamp", ""),
        signed=request.headers.get("x-zm-signature", ""),
        secret=settings.ZOOM_WEBHOOK_SECRET,
        now=timezone.now(),
    )


def _answer(body: bytes) -> HttpResponse:
    call = zoom_webhook.read(body)
    answer = zoom_webhook.validation_answer(call, settings.ZOOM_WEBHOOK_SECRET)
    if answer is not None:
        return JsonResponse(answer)
    sign = zoom_webhook.sign_of(call)
    if sign is not None:
        zoom_attendance.note(sign, timezone.now())
    return HttpResponse()
