"""Where an event is advertised: the publications of its activity, and recording one as placed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time

from django.db import transaction

from accounts.models import User
from events.models import Event
from plans.advertising import WEEK_BEFORE, is_about
from plans.local_time import local_day, local_moment
from plans.models import Channel, Publication

MORNING = time(9)


def publications_of(event: Event) -> list[Publication]:
    """Read what is planned and placed for an event, with the people and reasons behind it."""
    if event.activity is None:
        return []
    found = event.activity.publications.select_related(
        "channel", "published_by", "gate_override__by"
    )
    return [each for each in found if is_about(each, event.activity, event.starts_at)]


def missing_channels(
    events: Sequence[Event], kinds: Sequence[Channel.Kind]
) -> dict[int, list[Channel.Kind]]:
    """Tell on which kinds of channels each of the events is not live, by its number.

    The events have their activities read along.
    """
    live = Publication.objects.filter(
        activity__in={event.activity_id for event in events},
        channel__kind__in=kinds,
        published_at__isnull=False,
    ).select_related("channel")
    of_activity = defaultdict(list)
    for publication in live if events else ():
        of_activity[publication.activity_id].append(publication)
    missing = {}
    for event in events:
        there = {
            each.channel.kind
            for each in of_activity[event.activity_id or 0]
            if event.activity and is_about(each, event.activity, event.starts_at)
        }
        missing[event.pk] = [kind for kind in kinds if kind not in there]
    return missing


@transaction.atomic
def record(
    event: Event, channel: Channel, url: str, *, by: User, at: datetime, reason: str = ""
) -> Publication:
    """Record that the event is advertised on a channel: the planned publication, or a new one.

    Raises PublishingRefusedError where it may not be advertised yet and no reason is given.
    """
    assert event.activity is not None
    planned = (
        each
        for each in publications_of(event)
        if each.channel_id == channel.pk and each.published_at is None
    )
    publication = next(planned, None) or Publication.objects.create(
        activity=event.activity, channel=channel, planned_at=_planned_at(event, at)
    )
    publication.publish(url=url, by=by, at=at, reason=reason)
    return publication


def _planned_at(event: Event, at: datetime) -> datetime:
    """Return the day of publication of a weekly event; what is late stays about that event."""
    assert event.activity is not None
    if not event.activity.is_weekly:
        return at
    return local_moment(local_day(event.starts_at) - WEEK_BEFORE, MORNING)


def placed_on(publications: Iterable[Publication], kind: Channel.Kind) -> Publication | None:
    """Return the publication that is live on a kind of channel, the first there was."""
    return next((each for each in publications if each.url and each.channel.kind == kind), None)


def has_publications(publications: Iterable[Publication]) -> bool:
    return any(each.published_at for each in publications)
