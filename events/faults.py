"""What keeps reminders from being queued, or from being right, for the lamp and the monitor."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Model, Value
from django.utils.translation import ngettext

from events.models import Event, ZoomSign

COUNTS_FOR = timedelta(days=1)
"""So long after a call of Zoom what goes out depends on it; then its event's page tells of it."""


def faults(now: datetime, **_signal: Any) -> list[str]:
    """Say what is due and not decided about, and what is not known of attendance."""
    count = _counts(now)
    return [*_not_planned(count[Event]), *_not_understood(count[ZoomSign])]


def _counts(now: datetime) -> dict[type[Model], int]:
    """Count both in one query: the lamp is on every page."""
    recent = ZoomSign.objects.filter(received_at__gt=now - COUNTS_FOR)
    each = {Event: Event.objects.not_looked_at(now), ZoomSign: recent.not_understood()}
    rows = [
        rows.order_by().values_list(Value(model.__name__)).annotate(Count("pk"))
        for model, rows in each.items()
    ]
    found = dict(rows[0].union(*rows[1:], all=True))
    return {model: found.get(model.__name__, 0) for model in each}


def _not_planned(count: int) -> Iterator[str]:
    text = ngettext(
        "Reminders of %(count)s event are due but not planned: see the worker's log.",
        "Reminders of %(count)s events are due but not planned: see the worker's log.",
        count,
    )
    if count:
        yield text % {"count": count}


def _not_understood(count: int) -> Iterator[str]:
    text = ngettext(
        "Who came is not fully known: %(count)s call of Zoom could not be understood; "
        "see the worker's log.",
        "Who came is not fully known: %(count)s calls of Zoom could not be understood; "
        "see the worker's log.",
        count,
    )
    if count:
        yield text % {"count": count}
