"""Wall-clock arithmetic in Europe/Riga, over both clock changes."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone


def local_moment(day: date, clock: time) -> datetime:
    """Return the moment the wall clock in Riga shows `clock` on `day`.

    On the last Sunday of March 03:30 does not exist and becomes 04:30; on the last Sunday of
    October 03:30 comes twice and the first is meant.
    """
    wall = datetime.combine(day, clock, tzinfo=timezone.get_default_timezone()).replace(fold=0)
    return timezone.localtime(wall.astimezone(UTC))


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def same_clock(moment: datetime, *, days: int) -> datetime:
    """Return the same wall-clock time `days` days later: 18:00 stays 18:00 over the change."""
    local = timezone.localtime(moment)
    return local_moment(local.date() + timedelta(days=days), local.time())
