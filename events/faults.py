"""What keeps reminders from being queued, or from being right, for the lamp and the monitor."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import ngettext

from events.models import Event, ZoomSign

COUNTS_FOR = timedelta(days=1)
"""So long after a call of Zoom what goes out depends on it; then its event's page tells of it."""


def faults(now: datetime, **_signal: Any) -> list[str]:
    """Say what is due and not decided about, and what is not known of attendance."""
    return [*_not_planned(now), *_not_understood(now)]


def _not_planned(now: datetime) -> Iterator[str]:
    count = Event.objects.not_looked_at(now).count()
    text = ngettext(
        "Reminders of %(count)s event are due but not planned: see the worker's log.",
        "Reminders of %(count)s events are due but not planned: see the worker's log.",
        count,
    )
    if count:
        yield text % {"count": count}


def _not_understood(now: datetime) -> Iterator[str]:
    count = ZoomSign.objects.not_understood().filter(received_at__gt=now - COUNTS_FOR).count()
    text = ngettext(
        "Who came is not fully known: %(count)s call of Zoom could not be understood; "
        "see the worker's log.",
        "Who came is not fully known: %(count)s calls of Zoom could not be understood; "
        "see the worker's log.",
        count,
    )
    if count:
        yield text % {"count": count}
