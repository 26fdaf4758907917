"""`crm.activity.*`: adding a completed outgoing e-mail is what sends it."""

import re
import secrets
from typing import Any

from integrations.bitrix24.sandbox.calls import (
    Call,
    Listing,
    RestError,
    method,
    param,
    require_array,
)
from integrations.bitrix24.sandbox.clock import iso, parse_moment
from integrations.bitrix24.sandbox.encoding import as_dict, as_int, as_list, as_text
from integrations.bitrix24.sandbox.entities import ENTITIES
from integrations.bitrix24.sandbox.filters import find, paginate, sort
from integrations.bitrix24.sandbox.records import find_record, full_name
from integrations.bitrix24.sandbox.sent import SentMessage
from integrations.bitrix24.sandbox.tables import Row

EMAIL = 4
CUSTOM = 6
OUTGOING = "2"
DIRECT_TYPES = (1, 2, EMAIL)
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
TEXT_FIELDS = (
    *("SUBJECT", "DESCRIPTION", "DESCRIPTION_TYPE", "DIRECTION", "PRIORITY", "LOCATION"),
    *("ORIGINATOR_ID", "ORIGIN_ID", "PROVIDER_ID", "PROVIDER_TYPE_ID", "START_TIME", "END_TIME"),
    *("DEADLINE", "NOTIFY_TYPE", "NOTIFY_VALUE", "ASSOCIATED_ENTITY_ID"),
)
SHOWN_WHEN_NAMED = ("COMMUNICATIONS", "FILES")


@method("crm.activity.add", "crm")
def crm_activity_add(call: Call) -> int:
    fields = as_dict(require_array(call.params, "fields"))
    communications = _check(call, fields)
    activity_id = call.portal.activities.add(_row(call, fields, communications))
    call.portal.outgoing.notify("ONCRMACTIVITYADD", activity_id)
    is_mail = as_int(fields.get("TYPE_ID")) == EMAIL
    is_outgoing = str(fields.get("DIRECTION")) == OUTGOING
    if is_mail and is_outgoing and as_text(fields.get("COMPLETED")) == "Y":
        _queue_mail(call, activity_id)
    return activity_id


@method("crm.activity.list", "crm")
def crm_activity_list(call: Call) -> Listing:
    conditions = as_dict(require_array(call.params, "filter"))
    order = as_dict(require_array(call.params, "order")) or {"START_TIME": "ASC"}
    select = [str(name) for name in as_list(require_array(call.params, "select"))]
    if not call.portal.settings.can_read:
        raise RestError(400, "", "Access denied.")
    page = paginate(sort(find(call.portal.activities, conditions), order), call.params.get("start"))
    return Listing([_shown(row, select) for row in page.rows], page.total, page.next)


@method("crm.activity.get", "crm")
def crm_activity_get(call: Call) -> Row:
    row = call.portal.activities.get(as_int(param(call.params, "id")))
    if row is None:
        raise RestError(400, "", "Activity is not found.")
    return _shown(row, ["*", *SHOWN_WHEN_NAMED])


@method("crm.activity.update", "crm")
def crm_activity_update(call: Call) -> bool:
    """Change an activity; completing an e-mail afterwards does not send it."""
    activity_id = as_int(param(call.params, "id"))
    row = call.portal.activities.get(activity_id)
    if row is None:
        raise RestError(400, "", "Activity is not found.")
    fields = as_dict(require_array(call.params, "fields"))
    changed = {
        name: as_text(value)
        for name, value in fields.items()
        if name in (*TEXT_FIELDS, "COMPLETED")
    }
    call.portal.activities.put(activity_id, {**row, **changed})
    return True


@method("crm.activity.delete", "crm")
def crm_activity_delete(call: Call) -> bool:
    if not call.portal.activities.delete(as_int(param(call.params, "id"))):
        raise RestError(400, "", "Activity is not found")
    return True


def _check(call: Call, fields: dict[str, Any]) -> list[dict[str, Any]]:
    if not fields.get("SUBJECT"):
        raise _refuse("The field SUBJECT is not defined or empty.")
    if "RESPONSIBLE_ID" in fields and as_int(fields["RESPONSIBLE_ID"]) <= 0:
        raise _refuse("The field RESPONSIBLE_ID is not defined or invalid.")
    _check_type(fields)
    communications = _communications(fields)
    if not communications:
        raise _refuse("The field COMMUNICATIONS is not defined or invalid.")
    owner_type, owner_id = _owner(fields, communications)
    if owner_type not in ENTITIES:
        raise _refuse("Could not build binding. Please ensure that owner fields are defined.")
    if find_record(call.portal, owner_type, owner_id) is None:
        raise _refuse(f"Could not find '{ENTITIES[owner_type].code}' with ID: {owner_id}")
    if not call.portal.settings.can_update:
        raise _refuse("Access denied.")
    return communications


def _check_type(fields: dict[str, Any]) -> None:
    type_id = as_int(fields.get("TYPE_ID"))
    provider = str(fields.get("PROVIDER_ID") or "")
    if provider == "CONFIGURABLE_REST_APP":
        raise _refuse("Use crm.activity.configurable.add for this activity provider")
    if provider == "REST_APP":
        raise _refuse("Application context required")
    if type_id == CUSTOM and not provider:
        raise _refuse("The custom activity without provider is not supported in current context.")
    if type_id not in (*DIRECT_TYPES, CUSTOM):
        raise _refuse("The field TYPE_ID is not defined or invalid.")


def _communications(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """The addresses that count; one of another type than the activity's is dropped in silence."""
    is_mail = as_int(fields.get("TYPE_ID")) == EMAIL
    expected = "EMAIL" if is_mail else "PHONE"
    kept = []
    for item in as_list(fields.get("COMMUNICATIONS")):
        if not isinstance(item, dict) or not item.get("VALUE"):
            continue
        if str(item.get("TYPE") or expected).upper() == expected:
            kept.append({**item, "TYPE": expected})
    return kept


def _owner(fields: dict[str, Any], communications: list[dict[str, Any]]) -> tuple[int, int]:
    if fields.get("OWNER_TYPE_ID") and fields.get("OWNER_ID"):
        return as_int(fields["OWNER_TYPE_ID"]), as_int(fields["OWNER_ID"])
    first = communications[0]
    return as_int(first.get("ENTITY_TYPE_ID")), as_int(first.get("ENTITY_ID"))


def _row(call: Call, fields: dict[str, Any], communications: list[dict[str, Any]]) -> Row:
    owner_type, owner_id = _owner(fields, communications)
    owner = find_record(call.portal, owner_type, owner_id) or {}
    responsible = as_text(fields.get("RESPONSIBLE_ID")) or owner.get("ASSIGNED_BY_ID")
    is_completed = as_text(fields.get("COMPLETED")) == "Y"
    now = iso(call.portal.clock.now())
    row: Row = {name: as_text(fields.get(name)) for name in TEXT_FIELDS}
    row |= {
        "OWNER_TYPE_ID": str(owner_type),
        "OWNER_ID": str(owner_id),
        "TYPE_ID": str(as_int(fields.get("TYPE_ID"))),
        "ASSOCIATED_ENTITY_ID": row["ASSOCIATED_ENTITY_ID"] or "0",
        "CREATED": now,
        "LAST_UPDATED": now,
        "COMPLETED": "Y" if is_completed else "N",
        "STATUS": "2" if is_completed else "1",
        "RESPONSIBLE_ID": responsible,
        "AUTHOR_ID": responsible,
        "EDITOR_ID": responsible,
        "SETTINGS": as_dict(fields.get("SETTINGS")),
        "COMMUNICATIONS": [
            _communication(call, item, owner_type, owner_id) for item in communications
        ],
    }
    return row


def _communication(call: Call, item: dict[str, Any], owner_type: int, owner_id: int) -> Row:
    return {
        "ID": str(call.portal.next_number("communication")),
        "TYPE": item["TYPE"],
        "VALUE": str(item["VALUE"]),
        "ENTITY_ID": as_text(item.get("ENTITY_ID")) or str(owner_id),
        "ENTITY_TYPE_ID": as_text(item.get("ENTITY_TYPE_ID")) or str(owner_type),
        "ENTITY_SETTINGS": [],
    }


def _queue_mail(call: Call, activity_id: int) -> None:
    """Send what a stored activity describes; if that fails, the activity stays behind."""
    row = call.portal.activities.rows[activity_id]
    sender = str(row["SETTINGS"].get("MESSAGE_FROM") or call.portal.settings.mailbox)
    addresses = [item["VALUE"].strip() for item in row["COMMUNICATIONS"]]
    if not all(ADDRESS.fullmatch(address) for address in addresses):
        raise _refuse("Email send error. Invalid email is specified")
    if not ADDRESS.search(sender):
        raise _refuse('Email send error. "From" is not found')
    for address in addresses:
        _send_mail(call, row, address=address, sender=sender)
    message_id = f"<crm.activity.{activity_id}-{secrets.token_hex(3).upper()}@sandbox>"
    settings = {
        **row["SETTINGS"],
        "IS_MESSAGE_SENT": True,
        "MESSAGE_HEADERS": {"Message-Id": message_id},
    }
    posting = str(call.portal.next_number("posting"))
    call.portal.activities.put(
        activity_id, {**row, "SETTINGS": settings, "ASSOCIATED_ENTITY_ID": posting}
    )


def _send_mail(call: Call, row: Row, *, address: str, sender: str) -> None:
    owner = find_record(call.portal, int(row["OWNER_TYPE_ID"]), int(row["OWNER_ID"])) or {}
    call.portal.send(
        SentMessage(
            kind="email",
            owner_type=int(row["OWNER_TYPE_ID"]),
            owner_id=int(row["OWNER_ID"]),
            recipient=full_name(owner),
            address=address,
            subject=row["SUBJECT"] or "",
            text=row["DESCRIPTION"] or "",
            is_html=row["DESCRIPTION_TYPE"] == "3",
            origin_id=row["ORIGIN_ID"] or "",
            sender=sender,
            received_at=call.portal.clock.now(),
            due_at=parse_moment(row["START_TIME"]),
        )
    )


def _shown(row: Row, select: list[str]) -> Row:
    everything = not select or "*" in select
    shown = {
        name: value
        for name, value in row.items()
        if name == "ID" or name in select or (everything and name not in SHOWN_WHEN_NAMED)
    }
    if shown.get("SETTINGS") == {}:
        shown["SETTINGS"] = []
    return shown


def _refuse(text: str) -> RestError:
    return RestError(400, "", text)
