"""When a webinar has to be advertised, and on which days its people are warned that it is not."""

from datetime import date, datetime, time, timedelta

from events.models import Event
from plans.local_time import local_day, local_moment
from plans.models import Channel
from work.due_dates import months_from

CHANNELS = (Channel.Kind.FACEBOOK, Channel.Kind.INSTAGRAM)
WARNED_BEFORE = (30, 21, 7)
"""On these days before a webinar its people are warned while nothing is published."""

MORNING = time(8)


def due_on(starts_at: datetime) -> date:
    """Return the day by which a webinar is published: one calendar month before."""
    return months_from(local_day(starts_at), -1)


def warning_due(event: Event, now: datetime) -> datetime | None:
    """Return the morning of the last warning that is due; None before the first one.

    A warning whose morning nobody was there for is due until the next one, or until the start.
    What had passed before the event was made, or moved, is not warned about.
    """
    if event.has_begun(now):
        return None
    since = max(event.created_at, event.moved_at or event.created_at)
    day = local_day(event.starts_at)
    mornings = [local_moment(day - timedelta(days=count), MORNING) for count in WARNED_BEFORE]
    return max((morning for morning in mornings if since < morning <= now), default=None)


def days_left(event: Event, now: datetime) -> int:
    return (local_day(event.starts_at) - local_day(now)).days
