"""Refusing offers with the personal link that every offer carries.

Service messages of events somebody registered for go on; only advertising stops.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from people import consent
from people.models import ConsentSource, Medium, Participant
from people.signals import offers_refused


def offers_to(participant: Participant) -> list[Medium]:
    """Return the media by which offers go to this person's addresses now."""
    return [
        medium
        for medium in Medium
        if any(each.accepts_offers(medium) for each in sharing(participant, medium))
    ]


@transaction.atomic
def stop_offers(
    participant: Participant,
    media: Iterable[Medium],
    at: datetime,
    *,
    place: str = "",
    ip_address: str | None = None,
) -> int:
    """Withdraw consent by these media; return how many consents ended.

    Everybody who is written to at the same address is meant: whoever reads the mail of a family
    and says "no more" must not get the next offer under another child's name.
    """
    meant = [(each, medium) for medium in media for each in sharing(participant, medium)]
    ended = [
        each
        for each, medium in meant
        if consent.record(
            each,
            medium,
            is_given=False,
            at=at,
            source=ConsentSource.UNSUBSCRIBE,
            place=place,
            ip_address=ip_address,
            is_last=False,
        )
    ]
    if ended:
        offers_refused.send(Participant, participants=ended)
    return len(ended)


def sharing(participant: Participant, medium: Medium) -> list[Participant]:
    """Return everybody who has this person's address, the person first."""
    field = "email" if medium == Medium.EMAIL else "phone"
    others = Participant.objects.none()
    if address := participant.address(medium):
        others = Participant.objects.filter(**{field: address}).exclude(pk=participant.pk)
    return [participant, *others.order_by("pk")]
