"""Where an event is advertised: the publications of its activity, and recording one as placed."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from events.models import Event
from plans.models import Channel, Publication


@transaction.atomic
def record(
    event: Event, channel: Channel, url: str, *, by: User, at: datetime, reason: str = ""
) -> Publication:
    """Record that the event is advertised on a channel: the planned publication, or a new one.

    Raises PublishingRefusedError where it may not be advertised yet and no reason is given.
    """
    assert event.activity is not None
    planned = event.activity.publications.filter(channel=channel, published_at=None)
    publication = planned.order_by("planned_at", "pk").first() or Publication.objects.create(
        activity=event.activity, channel=channel, planned_at=at
    )
    publication.publish(url=url, by=by, at=at, reason=reason)
    return publication


def placed_on(publications: list[Publication], kind: Channel.Kind) -> Publication | None:
    """Return the publication that is live on a kind of channel, the first there was."""
    return next((each for each in publications if each.url and each.channel.kind == kind), None)
