"""An open day of the activity plan becomes its event, or its weekly series."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from events import changes, from_plan
from events.models import Event
from opendays import series as domain
from opendays.event_type import OPEN_DAY
from opendays.models import Series
from plans.local_time import local_day
from plans.models import Activity

MINUTE = timedelta(minutes=1)


@transaction.atomic
def make(activity: Activity, *, by_id: int, now: datetime) -> Series | Event:
    """Make what an activity plans; if that is there, that: a second click makes no second."""
    activity = from_plan.hold(activity, OPEN_DAY.activity_kinds)
    there = activity.series.first() or activity.events.going_ahead().first()
    if there is not None:
        return there
    if activity.is_weekly:
        series = _series_of(activity)
        domain.create(series, by_id=by_id, now=now)
        return series
    event = Event(
        kind=OPEN_DAY.key,
        title=activity.title,
        title_en=activity.title_en,
        moderator=activity.owner,
    )
    from_plan.take(event, activity, now)
    return changes.create(event, activity.starts_at, activity.ends_at, by_id=by_id, now=now)


def _series_of(activity: Activity) -> Series:
    start = timezone.localtime(activity.starts_at)
    series = Series(
        activity=activity,
        title=activity.title,
        title_en=activity.title_en,
        moderator=activity.owner,
        weekday=start.weekday(),
        clock=start.time(),
        minutes=(activity.ends_at - activity.starts_at) // MINUTE,
        first_day=start.date(),
        last_day=activity.last_on or local_day(activity.starts_at),
    )
    if sum(1 for _day in series.weeks()) > domain.LONGEST:
        raise from_plan.ActivityRefusedError(domain.too_long())
    return series
