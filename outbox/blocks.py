"""Addresses that providers will not serve come into our own list of blocks."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from outbox.channels.base import RefusedBecause, get_channel
from outbox.models import Message
from people.consent import record
from people.models import AddressBlock, ConsentSource, Medium, Participant


def block(
    message: Message, channel: str, because: RefusedBecause | None, sentence: str, at: datetime
) -> None:
    """Block the address a message went to, if that is what its provider objects to."""
    if because is RefusedBecause.ADDRESS:
        AddressBlock.objects.block(message.medium, message.address, sentence, at)
    elif because is RefusedBecause.STOPPED:
        stop(message.medium, message.address, sentence, at, channel=channel)


def stop(medium: str, address: str, reason: str, at: datetime, *, channel: str) -> None:
    """Block an address whose owner told the provider to stop; that refuses offers as well.

    Whoever hears of it by the refusal of a message need take back nothing: the next is refused too.
    """
    AddressBlock.objects.block(medium, address, reason, at, stop_list=channel)
    withdraw_offers(medium, address, at, place=name_of(channel))


def withdraw_offers(medium: str, address: str, at: datetime, *, place: str) -> None:
    """Note that the owner of an address wants no more offers there."""
    for participant in owners(medium, address):
        record(
            participant,
            Medium(medium),
            is_given=False,
            at=at,
            source=ConsentSource.PROVIDER,
            place=place,
            is_last=False,
        )


def owners(medium: str, address: str) -> QuerySet[Participant]:
    """Return those who have this address now."""
    field = "email" if medium == Medium.EMAIL else "phone"
    return Participant.objects.filter(**{field: address}).exclude(**{field: ""})


def name_of(channel: str) -> str:
    return str(get_channel(channel).name) if channel in settings.MESSAGE_CHANNELS else channel
