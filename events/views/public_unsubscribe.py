"""Refusing offers: a page for people, and the one click of RFC 8058 for mail programs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.http import client_address
from events.views.public_links import opened_with, participant_of
from people.models import Medium, Participant
from people.unsubscribe import offers_to, stop_offers

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
@opened_with(participant_of)
def unsubscribe(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Show the choices; fetching the page changes nothing, since scanners fetch every link."""
    if request.method != "POST":
        return render(
            request,
            "events/public_unsubscribe.html",
            {"participant": participant, "media": offers_to(participant)},
        )
    name, value = ONE_CLICK
    is_one_click = request.POST.get(name) == value
    stop_offers(
        participant,
        [Medium.EMAIL] if is_one_click else _chosen(request),
        timezone.now(),
        place="List-Unsubscribe=One-Click" if is_one_click else "/u/",
        ip_address=client_address(request) or None,
    )
    if is_one_click:
        # A mail program asks, and follows no redirect.
        return HttpResponse(gettext("You will get no more offers by e-mail."), "text/plain")
    return redirect("events:unsubscribe", participant.unsubscribe_token)


def _chosen(request: HttpRequest) -> list[Medium]:
    stop = request.POST.get("stop", "")
    return [medium for medium in Medium if stop in (medium.value, "all")]
