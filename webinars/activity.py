"""A webinar of the activity plan becomes its event."""

from datetime import datetime

from django.db import transaction

from events import changes, from_plan
from events.models import Event
from plans.models import Activity
from plans.models.activity import weekly_refusal
from webinars.event_type import WEBINAR


@transaction.atomic
def make_event(activity: Activity, *, by_id: int, now: datetime) -> Event:
    """Make the event of an activity; if it has one, that one: a second click makes no second."""
    activity = from_plan.hold(activity, WEBINAR.activity_kinds)
    there = activity.events.going_ahead().first()
    if there is not None:
        return there
    if activity.is_weekly:
        raise from_plan.ActivityRefusedError(weekly_refusal())
    event = Event(
        kind="webinar",
        title=activity.title,
        title_en=activity.title_en,
        presenter=activity.presenter,
        moderator=activity.owner,
    )
    from_plan.take(event, activity, now)
    return changes.create(event, activity.starts_at, activity.ends_at, by_id=by_id, now=now)
