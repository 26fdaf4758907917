"""Made-up people for the portal: the same ones for the same number."""

import random
import unicodedata
from typing import Any

from .entities import CONTACT, LEAD, EntityType
from .portal import Portal
from .records import add_record

WOMEN = (
    ("Anna", "Kristīne", "Līga", "Ilze", "Elīna", "Zane", "Inese", "Dace", "Laura"),
    ("Bērziņa", "Ozola", "Krūmiņa", "Zariņa", "Vītola", "Jansone", "Kļaviņa", "Āboliņa"),
)
MEN = (
    ("Jānis", "Mārtiņš", "Andris", "Edgars", "Raivis", "Kaspars", "Artūrs", "Toms", "Rihards"),
    ("Kalniņš", "Liepiņš", "Eglītis", "Balodis", "Pētersons", "Siliņš", "Vanags", "Šmits"),
)


def add_person(
    portal: Portal, fields: dict[str, Any], *, entity: EntityType = CONTACT, notify: bool = True
) -> int:
    """Add a contact or lead from plain `name`, `last_name`, `phone` and `email`; return its id."""
    addresses = [
        ("PHONE", {"VALUE": fields.get("phone"), "VALUE_TYPE": "MOBILE"}),
        ("EMAIL", {"VALUE": fields.get("email"), "VALUE_TYPE": "WORK"}),
    ]
    named = {
        "NAME": fields.get("name") or "",
        "LAST_NAME": fields.get("last_name") or "",
        "SOURCE_ID": fields.get("source") or "WEB",
        "ORIGINATOR_ID": fields.get("originator_id"),
        "ORIGIN_ID": fields.get("origin_id"),
    }
    if entity is LEAD:
        named["TITLE"] = fields.get("title") or f"{named['NAME']} {named['LAST_NAME']}".strip()
    with portal.lock:
        return add_record(portal, entity, named, phones_and_emails=addresses, notify=notify)


def seed(portal: Portal, count: int) -> None:
    """Fill an empty portal with this many contacts and as many leads."""
    if count <= 0 or portal.contacts.rows or portal.leads.rows:
        return
    numbers = random.Random(count)  # noqa: S311 - made-up people, the same every time
    for entity in (CONTACT, LEAD):
        for number in range(1, count + 1):
            add_person(portal, _person(numbers, entity, number), entity=entity, notify=False)


def _person(numbers: random.Random, entity: EntityType, number: int) -> dict[str, str]:
    names, last_names = numbers.choice((WOMEN, MEN))
    name, last_name = numbers.choice(names), numbers.choice(last_names)
    mailbox = f"{_ascii(name)}.{_ascii(last_name)}.{entity.code.lower()}{number}"
    # Both ranges are mobile numbers throughout, so that every one of them is valid.
    phone = f"+371{29 if entity is CONTACT else 26}{number:06d}"
    return {
        "name": name,
        "last_name": last_name,
        "phone": phone,
        "email": f"{mailbox}@example.com",
    }


def _ascii(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return decomposed.encode("ascii", "ignore").decode()
