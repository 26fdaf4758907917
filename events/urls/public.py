"""Addresses of the pages participants see; messages name them, so they never change."""

import re

from django.urls import URLPattern, path, register_converter

from events.views import (
    public_event,
    public_join,
    public_offer,
    public_registration,
    public_unsubscribe,
)

GLUED = ".,;:!?)]}>'\"»”’…"
"""What mail and SMS programs take into a link from the sentence around it."""

GLUE = f"[{re.escape(GLUED)}]*"


class LinkConverter:
    """A token, or an event's short name, with whatever is glued on to it."""

    ending = ""
    regex = rf"[^/\0]+?{GLUE}"

    def to_python(self, value: str) -> str:
        return value.rstrip(GLUED).removesuffix(self.ending)

    def to_url(self, value: str) -> str:
        return f"{value}{self.ending}"


class CalendarLinkConverter(LinkConverter):
    ending = ".ics"
    regex = rf"[^/]+?\.ics{GLUE}"


class CancelLinkConverter(LinkConverter):
    ending = "/cancel"
    regex = rf"[^/]+/cancel{GLUE}"


register_converter(LinkConverter, "link")
register_converter(CalendarLinkConverter, "calendar_link")
register_converter(CancelLinkConverter, "cancel_link")

urlpatterns: list[URLPattern] = [
    path("e/<link:slug>", public_event.public_event, name="public_event"),
    path(
        "e/<slug:slug>/thanks/<calendar_link:key>",
        public_event.public_thanks_calendar,
        name="public_thanks_calendar",
    ),
    path("e/<slug:slug>/thanks/<str:key>", public_event.public_thanks, name="public_thanks"),
    path("j/<link:token>", public_join.join, name="join"),
    path("o/<link:token>", public_offer.public_offer, name="public_offer"),
    path(
        "r/<calendar_link:token>",
        public_registration.registration_calendar,
        name="registration_calendar",
    ),
    path(
        "r/<cancel_link:token>",
        public_registration.registration_cancel_own,
        name="registration_cancel_own",
    ),
    path("r/<str:token>/again", public_registration.registration_again, name="registration_again"),
    path("u/<link:token>", public_unsubscribe.unsubscribe, name="unsubscribe"),
    path("robots.txt", public_event.robots, name="robots"),
]
