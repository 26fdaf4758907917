"""Whether somebody can still register on the public page of an event."""

from datetime import datetime, timedelta

from django.utils.translation import gettext

from events.models import Event

CLOSES_AFTER = timedelta(minutes=25)
"""So long after the start somebody may still register on the public page and be sent in."""


def why_closed(event: Event, now: datetime) -> str:
    """Say in a sentence why the public page takes no registrations now; nothing if it does."""
    if event.is_cancelled:
        return gettext("This event is cancelled.")
    if event.has_ended(now):
        return gettext("This event is over.")
    if now >= event.starts_at + CLOSES_AFTER:
        return gettext("This event has already begun, registration is closed.")
    if not event.registration_open:
        return gettext("Registration for this event is closed.")
    return ""
