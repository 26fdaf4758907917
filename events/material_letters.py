"""Letters about materials: who approves is asked, who made a version is told what was decided."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils.translation import get_language, gettext

from accounts.models import Role, User
from events.event_type import board_url
from events.models import MaterialVersion
from outbox import queue
from outbox.models import Purpose
from outbox.staff_letters import Text, letters

OF_USE = timedelta(days=7)
"""Whoever could not be written to for so long has seen it on the home page."""


def ask_for_approval(version: MaterialVersion, *, by: User, at: datetime) -> None:
    """Write to those who approve that a version waits, unless it is their own."""
    heads = User.objects.active().filter(role=Role.MARKETING_HEAD).exclude(pk=by.pk).order_by("pk")
    _write(list(heads), partial(_asking, version, by), version, at)


def tell_decision(version: MaterialVersion, *, by: User, at: datetime) -> None:
    """Write to whoever made a version what somebody else decided about it."""
    maker = version.made_by
    if maker.is_active and maker != by:
        _write([maker], partial(_telling, version, by), version, at)


def _write(users: list[User], text: Text, version: MaterialVersion, at: datetime) -> None:
    if users:
        drafts = letters(users, text, due_at=at, expires_at=at + OF_USE)
        title = f"{version.material} · {version.get_decision_display()}"
        queue.queue_to_users(title, drafts, purpose=Purpose.SERVICE)


def _asking(version: MaterialVersion, by: User) -> tuple[str, str]:
    values = _values(version, by)
    subject = gettext("Waiting for your approval: %(material)s") % values
    body = gettext(
        "%(person)s has made version %(number)s of “%(material)s” for “%(event)s”.\n\n"
        "Approve it, or send it back with a comment:\n%(link)s"
    )
    return subject, body % values


def _telling(version: MaterialVersion, by: User) -> tuple[str, str]:
    values = _values(version, by)
    if version.is_approved:
        subject = gettext("Approved: %(material)s")
        told = gettext(
            "%(person)s has approved version %(number)s of “%(material)s” for “%(event)s”."
        )
    else:
        subject = gettext("Sent back: %(material)s")
        told = gettext(
            "%(person)s has sent back version %(number)s of “%(material)s” for “%(event)s”."
        )
    parts = [told % values, version.comment, values["link"]]
    return subject % values, "\n\n".join(str(part) for part in parts if part)


def _values(version: MaterialVersion, by: User) -> dict[str, object]:
    event = version.material.event
    return {
        "person": by,
        "number": version.number,
        "material": version.material,
        "event": event.name(get_language() or ""),
        "link": f"{settings.SITE_URL}{board_url(event)}#materials",
    }
