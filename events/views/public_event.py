"""An event's public page: what it is, and the form by which people register."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.http import client_address
from accounts.limits import Limit, is_exceeded
from events import calendar_file
from events.circumstances import next_event_after
from events.forms.public import RegistrationForm
from events.models import Event, Registration
from events.public_page import why_closed
from events.registration import Origin, RegistrationRefusedError, register
from events.texts import money
from events.views.public_registration import calendar_answer
from people import consent
from people.consent_texts import contact_address

REGISTRATIONS = Limit("registrations", 60, 600)
"""A class of thirty behind one address registers in a lesson, each with a second try."""

THANKS = "events.public_thanks"
THANKS_ARE_GOOD_FOR = 24 * 60 * 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def public_event(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the event with its form, or why there is none; register who sends it."""
    now = timezone.now()
    event = get_object_or_404(Event, slug=slug)
    if why_closed(event, now):
        return _page(request, event, now)
    form = RegistrationForm(event, consent.current_texts(), now, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, event, now, form=form)
    if is_exceeded(REGISTRATIONS, client_address(request)):
        return _page(request, event, now, form=form, too_many=True)
    try:
        registration = _register(request, event, form, now)
    except RegistrationRefusedError:
        return redirect("events:public_event", slug)
    return redirect("events:public_thanks", slug, _thanks_key(registration, form))


def _register(
    request: HttpRequest, event: Event, form: RegistrationForm, now: datetime
) -> Registration:
    origin = Origin(
        source=Registration.Source.PUBLIC_PAGE,
        place=event.public_url,
        ip_address=client_address(request) or None,
        texts=form.texts,
    )
    return register(event, form.person(), origin, now).registration


def _page(
    request: HttpRequest,
    event: Event,
    now: datetime,
    *,
    form: RegistrationForm | None = None,
    too_many: bool = False,
) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    context = {
        "event": event,
        "about": event.about(language),
        "price": money(event.price, event.currency) if event.price else "",
        "form": form,
        "too_many": too_many,
        "has_begun": event.has_begun(now),
        "why_closed": why_closed(event, now),
        "next_event": None if form else next_event_after(event, now),
        "contact": contact_address(),
    }
    return render(request, "events/public_event.html", context, status=429 if too_many else 200)


def _thanks_key(registration: Registration, form: RegistrationForm) -> str:
    """Sign what the thank-you page may know.

    It is the same for somebody new and somebody registered long ago, whose personal link is not
    for whoever can type a name and an address: that comes by e-mail or SMS only.
    """
    cleaned = form.cleaned_data
    known = [calendar_file.uid_of(registration), bool(cleaned["email"]), bool(cleaned["phone"])]
    return signing.dumps(known, salt=THANKS)


def _read_thanks(key: str) -> list[Any] | None:
    try:
        known: list[Any] = signing.loads(key, salt=THANKS, max_age=THANKS_ARE_GOOD_FOR)
    except signing.BadSignature:
        return None
    return known


@never_cache
@require_safe
def public_thanks(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Say what happens next."""
    event = get_object_or_404(Event, slug=slug)
    known = _read_thanks(key)
    if known is None:
        return redirect("events:public_event", slug)
    _uid, by_email, by_sms = known
    context = {"event": event, "key": key, "by_email": by_email, "by_sms": by_sms}
    response = render(request, "events/public_thanks.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_safe
def public_thanks_calendar(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Give the calendar file without the personal link; the one from the e-mail replaces it."""
    event = get_object_or_404(Event, slug=slug)
    known = _read_thanks(key)
    if known is None:
        return redirect("events:public_event", slug)
    language = get_language() or settings.LANGUAGE_CODE
    return calendar_answer(calendar_file.without_link(event, known[0], language))


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /j/", "Disallow: /r/", "Disallow: /u/", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
