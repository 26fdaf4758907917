"""The hours of the night in which no advertising goes out."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from plans.local_time import local_moment

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""By the clock in Riga."""


def after_quiet_hours(moment: datetime) -> datetime:
    """Return the moment itself, or the next morning's end of the quiet hours."""
    local = timezone.localtime(moment)
    if local.time() >= QUIET_FROM:
        return local_moment(local.date() + timedelta(days=1), QUIET_UNTIL)
    if local.time() < QUIET_UNTIL:
        return local_moment(local.date(), QUIET_UNTIL)
    return moment
