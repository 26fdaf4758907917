"""What keeps reminders from being queued, for the lamp and the monitor."""

from datetime import datetime
from typing import Any

from django.utils.translation import ngettext

from events.models import Event


def faults(now: datetime, **_signal: Any) -> list[str]:
    """Say how many events have something due that nobody decides about."""
    count = Event.objects.not_looked_at(now).count()
    text = ngettext(
        "Reminders of %(count)s event are due but not planned: see the worker's log.",
        "Reminders of %(count)s events are due but not planned: see the worker's log.",
        count,
    )
    return [text % {"count": count}] if count else []
