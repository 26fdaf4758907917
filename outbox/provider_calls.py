"""What SMS providers call by themselves: delivery reports, and SMS that people write to us."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations.messente import callbacks
from integrations.messente.callbacks import SIGNATURE_HEADER, NotACallbackError
from outbox import delivery_reports, stop_words
from outbox.channels.messente_sms import MessenteSmsChannel, report_from

MOST_BYTES = 64 * 1024
"""A report has about three hundred bytes, an SMS hardly more."""


@csrf_exempt
@require_POST
def delivery_report(request: HttpRequest) -> HttpResponse:
    """Keep a delivery report; a task lets the message follow it.

    The address proves the sender: nobody knows it but us and the gateway. A signature is looked
    at where there is one, since the page on reports does not promise it.
    """
    try:
        key = request.GET.get("key", "")
        uid, attempt = delivery_reports.read_address(key, MessenteSmsChannel.key)
    except delivery_reports.UnknownAddressError:
        raise Http404 from None
    if _is_too_long(request):
        return HttpResponse(status=413)
    is_signed = SIGNATURE_HEADER in request.headers
    if is_signed and not _is_genuine(request, settings.MESSENTE_PASSWORD):
        return HttpResponse(status=401)
    try:
        report = report_from(callbacks.read_report(request.body))
    except NotACallbackError:
        return HttpResponseBadRequest()
    delivery_reports.note(MessenteSmsChannel.key, uid, attempt, report, timezone.now())
    return HttpResponse()


@csrf_exempt
@require_POST
def inbound_sms(request: HttpRequest) -> HttpResponse:
    """Take an SMS that somebody wrote to our number; one that says STOP is heeded."""
    if not settings.MESSENTE_INBOUND_SECRET:
        raise Http404
    if _is_too_long(request):
        return HttpResponse(status=413)
    if not _is_genuine(request, settings.MESSENTE_INBOUND_SECRET):
        return HttpResponse(status=401)
    try:
        sms = callbacks.read_inbound(request.body)
    except NotACallbackError:
        return HttpResponseBadRequest()
    stop_words.heed(sms.sender, sms.text, timezone.now())
    return HttpResponse()


def _is_too_long(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "")
    return not length.isdecimal() or int(length) > MOST_BYTES


def _is_genuine(request: HttpRequest, secret: str) -> bool:
    signed = request.headers.get(SIGNATURE_HEADER, "")
    return callbacks.is_genuine(request.body, signed=signed, secret=secret)
