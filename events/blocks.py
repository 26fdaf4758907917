"""Blocked addresses: whose they are, and how a block is lifted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from events import registration
from outbox import stop_lists
from outbox.blocks import name_of
from outbox.channels.base import StopListError
from people.models import AddressBlock, Medium, Participant


class StillStoppedError(Exception):
    """The provider's STOP list keeps the address, or cannot be asked; the sentence says which."""


@dataclass(frozen=True)
class Blocked:
    """A block, and the people whose address it is."""

    block: AddressBlock
    people: list[Participant]


def with_people(blocks: Iterable[AddressBlock]) -> list[Blocked]:
    """Add to each block the people who have the address now."""
    listed = list(blocks)
    addresses = [block.address for block in listed]
    by_email, by_phone = (
        Participant.objects.filter(**{f"{field}__in": addresses}) for field in ("email", "phone")
    )
    people: dict[tuple[str, str], list[Participant]] = {}
    for person in by_email:
        people.setdefault((Medium.EMAIL, person.email), []).append(person)
    for person in by_phone:
        people.setdefault((Medium.SMS, person.phone), []).append(person)
    return [Blocked(block, people.get((block.medium, block.address), [])) for block in listed]


def lift(block: AddressBlock, *, reason: str, by: User, at: datetime) -> None:
    """Lift a block, unless its provider would send nothing all the same."""
    _refuse_if_still_stopped(block)
    with transaction.atomic():
        block.lift(by=by, at=at, reason=reason)
        people = [person for blocked in with_people([block]) for person in blocked.people]
        registration.reconsider(people, at)


def _refuse_if_still_stopped(block: AddressBlock) -> None:
    if not block.stop_list:
        return
    values = {"channel": name_of(block.stop_list)}
    try:
        is_stopped = stop_lists.still_stopped(block)
    except StopListError:
        text = gettext("The provider (%(channel)s) cannot be asked now. Try again later.")
        raise StillStoppedError(text % values) from None
    if is_stopped:
        text = gettext(
            "The provider (%(channel)s) has it on its own list and sends nothing there. We cannot "
            "take it off: the person has to do it, or to ask the provider for it."
        )
        raise StillStoppedError(text % values)
