"""What all personal pages share: the link is the key, there is no cookie and no session.

Who knows the address of such a page may do what the page does; a forged request from another site
could only come from somebody who knows it too. So these views need no CSRF cookie, which the
browsers built into mail and messenger apps drop, and which `no-referrer` would break anyway.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from accounts.http import client_address
from accounts.limits import Limit, is_exceeded
from accounts.middleware import chosen_here
from events.models import Registration
from people.models import Participant

WRONG_LINKS = Limit("wrong links", 20, 60)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class PersonalView(Protocol):
    def __call__(self, request: HttpRequest, key: Any, /) -> HttpResponse: ...


def registration_of(token: str) -> Registration | None:
    found = Registration.objects.select_related("event", "participant").filter(token=token)
    return found.first()


def participant_of(token: str) -> Participant | None:
    return Participant.objects.filter(unsubscribe_token=token).first()


def opened_with(
    find: Callable[[str], Registration | Participant | None],
) -> Callable[[PersonalView], Callable[[HttpRequest, str], HttpResponse]]:
    """Give the view what the token of its address stands for, in the language of its owner.

    A wrong token gets the same page wherever it was tried. A right one is always let in: many
    people share one address, and one of them may have a broken link.
    """

    def decorate(view: PersonalView) -> Callable[[HttpRequest, str], HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            if request.method == "OPTIONS":
                return _with_headers(HttpResponse(status=204))
            found = find(token) if token.isascii() and token.isalnum() else None
            if found is None:
                return _with_headers(_wrong_link(request))
            person = found if isinstance(found, Participant) else found.participant
            with override(language_for(request, person)):
                return _with_headers(view(request, found))

        return opened

    return decorate


def language_for(request: HttpRequest, person: Participant) -> str:
    """Return the language chosen on this page, or in this browser, or else the person's own."""
    languages = dict(settings.LANGUAGES)
    if (chosen := request.GET.get("language", "")) in languages:
        return chosen
    if chosen_here(request):
        return request.COOKIES[settings.LANGUAGE_COOKIE_NAME]
    return person.language


def _wrong_link(request: HttpRequest) -> HttpResponse:
    too_many = is_exceeded(WRONG_LINKS, client_address(request))
    status = 429 if too_many else 404
    return render(request, "events/public_wrong_link.html", {"too_many": too_many}, status=status)


def _with_headers(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
