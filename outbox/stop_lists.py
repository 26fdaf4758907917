"""The STOP lists that providers keep come into our own list of blocks, once a night or when asked.

Only addresses of people we know are taken over. What a provider no longer has on its list is not
unblocked by that: a person does it, on the page of blocked addresses, and the provider is asked.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from outbox import queue
from outbox.blocks import name_of, owners, stop
from outbox.channels.base import Channel, StopListError, get_channel
from people.models import AddressBlock, Medium, Participant

logger = logging.getLogger(__name__)

CHUNK = 500


def read_all(now: datetime) -> tuple[int, list[str]]:
    """Read every list there is; return how many addresses are newly blocked, and what failed."""
    blocked, problems = 0, []
    for channel in channels():
        try:
            addresses = channel.stop_list()
        except StopListError as error:
            logger.warning("The STOP list of %s could not be read: %s", channel.key, error)
            problems.append(f"{channel.name}: {error}")
        else:
            blocked += take_in(channel, addresses, now)
    return blocked, problems


def channels() -> Iterator[Channel]:
    """Give the channels that are set up and whose provider keeps a list."""
    for key in settings.MESSAGE_CHANNELS:
        channel = get_channel(key)
        if channel.keeps_stop_list and not channel.missing():
            yield channel


def take_in(channel: Channel, addresses: Iterable[str], now: datetime) -> int:
    """Block those of these addresses that people we know have; return how many are new."""
    medium = channel.medium or Medium.SMS
    field = "email" if medium == Medium.EMAIL else "phone"
    stopped, blocked = sorted(addresses), 0
    for start in range(0, len(stopped), CHUNK):
        chunk = stopped[start : start + CHUNK]
        people = Participant.objects.filter(**{f"{field}__in": chunk})
        known = set(people.values_list(field, flat=True))
        already = AddressBlock.objects.in_force().filter(medium=medium, address__in=known)
        new = known - set(already.exclude(stop_list="").values_list("address", flat=True))
        for address in sorted(new):
            _stop(channel, medium, address, now)
        blocked += len(new)
    return blocked


@transaction.atomic
def _stop(channel: Channel, medium: Medium, address: str, now: datetime) -> None:
    text = gettext("The person has stopped messages at the provider (%(channel)s).")
    stop(medium, address, text % {"channel": name_of(channel.key)}, now, channel=channel.key)
    queue.ask_anew_of(owners(medium, address))


def still_stopped(block: AddressBlock) -> bool:
    """Ask the provider whether it has the address on its list now; `StopListError` if it is mute.

    A channel that is no longer set up sends nothing and cannot be asked: it stops nobody.
    """
    if block.stop_list not in settings.MESSAGE_CHANNELS:
        return False
    channel = get_channel(block.stop_list)
    return not channel.missing() and channel.is_on_stop_list(block.address)
