"""Adding and changing leads, deals and contacts, whichever method asks for it."""

from collections.abc import Iterable
from typing import Any

from .clock import iso
from .encoding import as_dict, as_list, as_text
from .entities import CONTACT, ENTITIES, SEMANTICS, EntityType
from .portal import Portal
from .tables import MULTIFIELDS, Row, Table

READ_ONLY = frozenset({"ID", "DATE_MODIFY", "MOVED_TIME", "MODIFY_BY_ID", "CREATED_BY_ID"})
Multifields = list[tuple[str, dict[str, Any]]]


class MissingNameError(ValueError):
    """A contact needs a first or a last name."""


def table_of(portal: Portal, entity: EntityType) -> Table:
    """The table that keeps records of this kind."""
    table = getattr(portal, entity.table)
    assert isinstance(table, Table)
    return table


def find_record(portal: Portal, entity_id: int, record_id: int) -> Row | None:
    """A record by the number of its kind and its own."""
    entity = ENTITIES.get(entity_id)
    return table_of(portal, entity).get(record_id) if entity else None


def add_record(
    portal: Portal,
    entity: EntityType,
    fields: dict[str, Any],
    *,
    phones_and_emails: Multifields,
    created_at: str | None = None,
    notify: bool = True,
) -> int:
    """Store a new record and tell the outgoing webhook; return its id."""
    if entity is CONTACT and not (fields.get("NAME") or fields.get("LAST_NAME")):
        raise MissingNameError
    row = _defaults(portal, entity) | _storable(entity, fields)
    if created_at:
        row["DATE_CREATE"] = created_at
    if entity.stage:
        row["MOVED_TIME"] = row["DATE_CREATE"]
    row["FM"] = []
    _change_multifields(portal, row, phones_and_emails)
    _set_semantic(entity, row)
    table = table_of(portal, entity)
    record_id = table.add(row)
    if "TITLE" in entity.fields and not row.get("TITLE"):
        table.put(
            record_id, {**table.rows[record_id], "TITLE": f"{entity.code.title()} #{record_id}"}
        )
    if notify:
        portal.outgoing.notify(f"ONCRM{entity.code}ADD", record_id)
    return record_id


def update_record(
    portal: Portal,
    entity: EntityType,
    record_id: int,
    fields: dict[str, Any],
    *,
    phones_and_emails: Multifields,
) -> None:
    """Change a record that exists and tell the outgoing webhook."""
    table = table_of(portal, entity)
    row = {**table.rows[record_id], **_storable(entity, fields)}
    row["FM"] = [dict(item) for item in row["FM"]]
    _change_multifields(portal, row, phones_and_emails)
    _set_semantic(entity, row)
    row["DATE_MODIFY"] = iso(portal.clock.now())
    if entity.stage and row[entity.stage] != table.rows[record_id][entity.stage]:
        row["MOVED_TIME"] = row["DATE_MODIFY"]
    table.put(record_id, row)
    portal.outgoing.notify(f"ONCRM{entity.code}UPDATE", record_id)


def classic_multifields(fields: dict[str, Any]) -> Multifields:
    """Read PHONE, EMAIL and the like of a classic method."""
    return [
        (name, as_dict(item))
        for name in MULTIFIELDS
        for item in as_list(fields.get(name))
        if isinstance(item, dict)
    ]


def universal_multifields(value: Any) -> Multifields:
    """Read `fm`: a list adds, an object changes by id; anything else is passed over in silence."""
    if isinstance(value, list):
        entries: Iterable[tuple[str, Any]] = [("", item) for item in value]
    elif isinstance(value, dict):
        entries = value.items()
    else:
        return []
    read = []
    for key, item in entries:
        if not isinstance(item, dict) or not item.get("typeId"):
            continue
        change = {"VALUE": item.get("value"), "VALUE_TYPE": item.get("valueType")}
        if str(key).isdigit():
            change["ID"] = key
        read.append((str(item["typeId"]), change))
    return read


def full_name(row: Row) -> str:
    """The name of the person, or the title of the record."""
    name = " ".join(filter(None, (row.get("NAME"), row.get("LAST_NAME"))))
    return name or row.get("TITLE") or ""


def _defaults(portal: Portal, entity: EntityType) -> Row:
    now = iso(portal.clock.now())
    user = str(portal.settings.user_id)
    row: Row = dict.fromkeys(entity.fields)
    del row["ID"]
    row |= {"DATE_CREATE": now, "DATE_MODIFY": now, "OPENED": "Y"}
    row |= dict.fromkeys(("ASSIGNED_BY_ID", "CREATED_BY_ID", "MODIFY_BY_ID"), user)
    if entity.stage:
        row |= {entity.stage: "NEW", "OPPORTUNITY": "0.00", "CURRENCY_ID": "EUR"}
        row["IS_RETURN_CUSTOMER"] = "N"
    return row


def _storable(entity: EntityType, fields: dict[str, Any]) -> Row:
    return {
        name: as_text(value) if not isinstance(value, list | dict) else value
        for name, value in fields.items()
        if name not in READ_ONLY
        and name != "DATE_CREATE"
        and (name in entity.fields or name.startswith("UF_"))
    }


def _set_semantic(entity: EntityType, row: Row) -> None:
    if entity.stage:
        row[entity.semantic] = SEMANTICS.get(str(row[entity.stage]), "P")


def _change_multifields(portal: Portal, row: Row, changes: Multifields) -> None:
    for type_id, change in changes:
        value = as_text(change.get("VALUE")) or ""
        known = next((item for item in row["FM"] if item["ID"] == str(change.get("ID"))), None)
        if known is not None and (not value or change.get("DELETE") == "Y"):
            row["FM"].remove(known)
        elif known is not None:
            known["VALUE"] = value
            known["VALUE_TYPE"] = change.get("VALUE_TYPE") or known["VALUE_TYPE"]
        elif value:
            row["FM"].append(
                {
                    "ID": str(portal.next_number("multifield")),
                    "TYPE_ID": type_id,
                    "VALUE_TYPE": change.get("VALUE_TYPE") or "WORK",
                    "VALUE": value,
                }
            )
