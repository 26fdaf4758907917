"""People in the CRM: found by phone, e-mail or our own key; added; corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.lists import PAGE, in_groups, walk
from integrations.bitrix24.owners import Owner, OwnerKind

FIELDS = [
    *("ID", "NAME", "LAST_NAME", "SOURCE_ID", "ASSIGNED_BY_ID", "DATE_CREATE", "DATE_MODIFY"),
    *("ORIGINATOR_ID", "ORIGIN_ID", "PHONE", "EMAIL"),
]


class AddressKind(StrEnum):
    PHONE = "PHONE"
    EMAIL = "EMAIL"


@dataclass(frozen=True)
class Address:
    """A phone or an e-mail to look people up by."""

    kind: AddressKind
    value: str


@dataclass(frozen=True)
class StoredAddress:
    """A phone or an e-mail as the CRM keeps it; `id` is needed to change it."""

    id: int
    value: str


@dataclass(frozen=True)
class Person:
    """A contact or a lead. An SMS goes to the first of the phones, so their order is kept."""

    owner: Owner
    first_name: str
    last_name: str
    title: str
    """Leads only."""
    phones: tuple[StoredAddress, ...]
    emails: tuple[StoredAddress, ...]
    originator_id: str
    origin_id: str
    source_id: str
    responsible_id: int | None
    created_at: datetime | None
    changed_at: datetime | None


def find_contacts(
    client: Bitrix24, addresses: Iterable[Address], *, deadline: datetime | None = None
) -> dict[Address, tuple[int, ...]]:
    """Return the ids of the contacts that have each address; duplicates give several."""
    wanted = list(dict.fromkeys(addresses))
    # The answer does not say which value matched, hence one value per command.
    commands = {str(index): _find(address) for index, address in enumerate(wanted)}
    answers = client.read_batch(commands, deadline=deadline)
    return {address: _ids_found(answers[str(index)].result) for index, address in enumerate(wanted)}


def contacts(
    client: Bitrix24, ids: Iterable[int], *, deadline: datetime | None = None
) -> dict[int, Person]:
    """Read contacts with their phones and e-mails; those deleted meanwhile are left out."""
    return {
        person.owner.id: person
        for group in in_groups(ids, PAGE)
        for person in iter_contacts(client, {"@ID": group}, deadline=deadline)
    }


def find_contacts_by_origin(
    client: Bitrix24,
    origin_ids: Iterable[str],
    *,
    originator_id: str,
    deadline: datetime | None = None,
) -> dict[str, tuple[int, ...]]:
    """Return the ids of the contacts we added, by our own keys."""
    found: dict[str, tuple[int, ...]] = {}
    for group in in_groups(origin_ids, PAGE):
        filters = {"ORIGINATOR_ID": originator_id, "@ORIGIN_ID": group}
        rows = walk(client, "crm.contact.list", filters, ["ID", "ORIGIN_ID"], deadline=deadline)
        for row in rows:
            found[row["ORIGIN_ID"]] = (*found.get(row["ORIGIN_ID"], ()), int(row["ID"]))
    return found


def add_contact(
    *,
    first_name: str,
    last_name: str,
    phone: str = "",
    email: str = "",
    originator_id: str,
    origin_id: str,
    source_id: str | None = None,
    responsible_id: int | None = None,
) -> Command:
    """Say how a contact is added; `phone` in E.164, at least one address."""
    return Command(
        "crm.contact.add",
        {
            "fields": {
                "NAME": first_name,
                "LAST_NAME": last_name,
                "PHONE": [{"VALUE": phone, "VALUE_TYPE": "MOBILE"}] if phone else None,
                "EMAIL": [{"VALUE": email, "VALUE_TYPE": "WORK"}] if email else None,
                "ORIGINATOR_ID": originator_id,
                "ORIGIN_ID": origin_id,
                "SOURCE_ID": source_id,
                "ASSIGNED_BY_ID": responsible_id,
            }
        },
    )


def update_contact_phone(contact_id: int, phone: str, *, replaces: int | None = None) -> Command:
    """Say how a contact gets a phone: in place of the stored one, or in addition."""
    return _update_address(contact_id, "PHONE", phone, "MOBILE", replaces)


def put_phone_first(
    contact: Person, phone: str, *, stored_as: StoredAddress | None = None
) -> Command:
    """Say how a phone becomes the contact's first, which an SMS goes to; none of them is lost.

    The portal keeps phones in the order in which they were added, so the first one changes places
    with ours, which may be `stored_as` another of them already.
    """
    if not contact.phones:
        return update_contact_phone(contact.owner.id, phone)
    first = contact.phones[0]
    entries = [
        {"ID": first.id, "VALUE": phone, "VALUE_TYPE": "MOBILE"},
        {"ID": stored_as.id if stored_as else None, "VALUE": first.value, "VALUE_TYPE": "WORK"},
    ]
    return Command("crm.contact.update", {"id": contact.owner.id, "fields": {"PHONE": entries}})


def update_contact_email(contact_id: int, email: str, *, replaces: int | None = None) -> Command:
    """Say how a contact gets an e-mail: in place of the stored one, or in addition."""
    return _update_address(contact_id, "EMAIL", email, "WORK", replaces)


def iter_contacts(
    client: Bitrix24,
    filters: Mapping[str, Any] | None = None,
    *,
    changed_since: datetime | None = None,
    deadline: datetime | None = None,
) -> Iterator[Person]:
    """Yield all contacts that match, oldest first, each once."""
    wanted = _with_change(filters, changed_since)
    for row in walk(client, "crm.contact.list", wanted, FIELDS, deadline=deadline):
        yield _person(OwnerKind.CONTACT, row)


def iter_leads(
    client: Bitrix24,
    filters: Mapping[str, Any] | None = None,
    *,
    changed_since: datetime | None = None,
    deadline: datetime | None = None,
) -> Iterator[Person]:
    """Yield all leads that match, oldest first, each once."""
    wanted = _with_change(filters, changed_since)
    for row in walk(client, "crm.lead.list", wanted, [*FIELDS, "TITLE"], deadline=deadline):
        yield _person(OwnerKind.LEAD, row)


def first_people(
    client: Bitrix24,
    kind: OwnerKind,
    filters: Mapping[str, Any],
    *,
    deadline: datetime | None = None,
) -> tuple[int, list[Person]]:
    """Return how many match, and the newest of them; for a look before anything is taken."""
    method = "crm.lead.list" if kind is OwnerKind.LEAD else "crm.contact.list"
    parameters = {"filter": filters, "order": {"ID": "DESC"}, "select": FIELDS, "start": 0}
    answer = client.read(Command(method, parameters), deadline=deadline)
    people = [_person(kind, row) for row in answer.result]
    return answer.total or len(people), people


def _find(address: Address) -> Command:
    return Command(
        "crm.duplicate.findbycomm",
        {"type": address.kind, "values": [address.value], "entity_type": "CONTACT"},
    )


def _ids_found(result: Any) -> tuple[int, ...]:
    """Nothing found is an empty list instead of an object."""
    return tuple(int(each) for each in result["CONTACT"]) if result else ()


def _update_address(
    contact_id: int, field: str, value: str, value_type: str, replaces: int | None
) -> Command:
    entry = {"ID": replaces, "VALUE": value, "VALUE_TYPE": value_type}
    return Command("crm.contact.update", {"id": contact_id, "fields": {field: [entry]}})


def _with_change(
    filters: Mapping[str, Any] | None, changed_since: datetime | None
) -> dict[str, Any]:
    return {**(filters or {}), ">=DATE_MODIFY": changed_since}


def _person(kind: OwnerKind, row: dict[str, Any]) -> Person:
    return Person(
        owner=Owner(kind, int(row["ID"])),
        first_name=row.get("NAME") or "",
        last_name=row.get("LAST_NAME") or "",
        title=row.get("TITLE") or "",
        phones=_addresses(row.get("PHONE")),
        emails=_addresses(row.get("EMAIL")),
        originator_id=row.get("ORIGINATOR_ID") or "",
        origin_id=row.get("ORIGIN_ID") or "",
        source_id=row.get("SOURCE_ID") or "",
        responsible_id=int(row["ASSIGNED_BY_ID"]) if row.get("ASSIGNED_BY_ID") else None,
        created_at=_moment(row.get("DATE_CREATE")),
        changed_at=_moment(row.get("DATE_MODIFY")),
    )


def _addresses(items: Any) -> tuple[StoredAddress, ...]:
    """Who has none has no such key at all."""
    return tuple(StoredAddress(int(each["ID"]), each["VALUE"]) for each in items or ())


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
