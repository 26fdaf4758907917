"""Which contact in Bitrix24 is a participant, and what the portal must be told of the person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from events.registration import Person
from integrations.bitrix24 import contacts as crm
from integrations.bitrix24.commands import Command
from integrations.bitrix24.contacts import Address, AddressKind
from outbox.channels.bitrix24 import ORIGINATOR
from people.addresses import AddressError, normalise_email, normalise_phone
from people.identity import same_name
from people.models import Participant


@dataclass(frozen=True)
class Choice:
    """The contact that is this person, if there is one, with a note for people if in doubt."""

    contact: crm.Person | None = None
    note: str = ""


def choose(person: Participant, groups: Iterable[Sequence[crm.Person]]) -> Choice:
    """Pick from the first group that holds anybody: the only contact, or else the newest."""
    found = next((group for group in groups if group), ())
    newest = max(found, key=lambda contact: contact.owner.id, default=None)
    if len(found) < 2:
        return Choice(newest)
    note = gettext(
        "Bitrix24 has several contacts of this person: %(ids)s. The newest is used. "
        "Please merge them there."
    )
    ids = ", ".join(str(contact.owner.id) for contact in found)
    return Choice(newest, (note % {"ids": ids})[:300])


def addresses_of(person: Participant) -> list[Address]:
    """List by what to look for somebody, the surest first."""
    addresses = []
    if person.email:
        addresses.append(Address(AddressKind.EMAIL, person.email))
    if person.phone:
        addresses.append(Address(AddressKind.PHONE, person.phone))
    return addresses


def theirs(
    person: Participant,
    groups: Sequence[Iterable[int | None]],
    read: Mapping[int, crm.Person],
    owners: Mapping[int, int],
) -> list[list[crm.Person]]:
    """Keep of each group the contacts that exist, are nobody else's, and bear the name.

    A contact that is linked, or was added by us, may have been given another name since.
    """
    kept = []
    for group in groups:
        contacts = [
            read[contact_id]
            for contact_id in group
            if contact_id is not None
            and contact_id in read
            and owners.get(contact_id, person.pk) == person.pk
        ]
        kept.append([contact for contact in contacts if _may_be(person, contact)])
    return kept


def _may_be(person: Participant, contact: crm.Person) -> bool:
    is_known = contact.owner.id == person.bitrix24_contact_id or (
        (contact.originator_id, contact.origin_id) == (ORIGINATOR, person.origin_id)
    )
    return is_known or same_name(person, Person(contact.first_name, contact.last_name))


def corrections(person: Participant, contact: crm.Person | None) -> dict[str, Command]:
    """Say what the portal has to be told, so that the contact holds what the person has."""
    if contact is None:
        return {
            f"{person.pk} add": crm.add_contact(
                # The portal takes nobody without a name.
                first_name=person.first_name or ("" if person.last_name else str(person)),
                last_name=person.last_name,
                phone=person.phone,
                email=person.email,
                originator_id=ORIGINATOR,
                origin_id=person.origin_id,
                responsible_id=settings.BITRIX24_RESPONSIBLE_ID,
            )
        }
    commands = {}
    phones = [_normal_phone(stored.value) for stored in contact.phones]
    if person.phone and person.phone not in phones[:1]:
        stored = contact.phones[phones.index(person.phone)] if person.phone in phones else None
        commands[f"{person.pk} phone"] = crm.put_phone_first(
            contact, person.phone, stored_as=stored
        )
    if person.email and person.email not in [_normal_email(each.value) for each in contact.emails]:
        commands[f"{person.pk} email"] = crm.update_contact_email(contact.owner.id, person.email)
    return commands


def _normal_phone(value: str) -> str:
    try:
        return normalise_phone(value, settings.PHONE_REGION).e164
    except AddressError:
        return value


def _normal_email(value: str) -> str:
    try:
        return normalise_email(value)
    except AddressError:
        return value
