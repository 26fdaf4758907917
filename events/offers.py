"""What an offer's change means for the events and messages that speak of it."""

from datetime import datetime

from events.models import Offer
from events.models.event import AROUND
from outbox.models import Message, Purpose


def told(offer: Offer) -> int:
    """Count the people an offer was, or may have been, sent to."""
    about_it = Message.objects.taken().filter(
        dispatch__purpose=Purpose.ADVERTISING, dispatch__reminder__event__offer=offer
    )
    return about_it.values("participant").distinct().count()


def look_again(offer: Offer, now: datetime) -> int:
    """Have the events of a changed offer looked at, so that what waits takes its new words."""
    return offer.events.filter(ends_at__gte=now - AROUND).look_again()
