"""What an advertisement is about: which turn of its activity, and whether that was cancelled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from plans.linked import Carried, turns
from plans.local_time import local_day
from plans.models import Activity, Publication

WEEK_BEFORE = timedelta(days=7)
HALF_A_WEEK = timedelta(days=3)


@dataclass(frozen=True)
class Advertised:
    """An advertisement of an activity, and what became of the activity meanwhile."""

    publication: Publication
    is_called_off: bool
    """What it advertises was cancelled."""


def advertised(
    publications: Iterable[Publication], events: Mapping[int, Sequence[Carried]]
) -> list[Advertised]:
    """Say of each whether it is for nothing; they have their activities read along."""
    return [
        Advertised(each, _is_called_off(each, events.get(each.activity_id, ())))
        for each in publications
    ]


def is_about(publication: Publication, activity: Activity, starts_at: datetime) -> bool:
    """Say whether it advertises what begins then.

    What is planned for a weekly activity is about the turn whose day of publication, a week before
    it, lies nearest.
    """
    if not activity.is_weekly:
        return True
    due_on = local_day(starts_at) - WEEK_BEFORE
    return abs(local_day(publication.planned_at) - due_on) <= HALF_A_WEEK


def _is_called_off(publication: Publication, events: Sequence[Carried]) -> bool:
    """Say whether what it advertises was cancelled; `events` are what its activity became."""
    activity = publication.activity
    if activity.state == Activity.State.CANCELLED:
        return True
    if not activity.is_weekly:
        return not any(turns(activity, events))
    about = [
        each
        for each in events
        if each.original_on and is_about(publication, activity, each.starts_at)
    ]
    return bool(about) and all(each.cancelled_at is not None for each in about)
