"""`bizproc.workflow.*` and triggers: starting a workflow is what sends a text message."""

import re
import secrets
from typing import Any

from integrations.bitrix24.sandbox.calls import Call, Listing, RestError, method, param
from integrations.bitrix24.sandbox.clock import iso, parse_moment
from integrations.bitrix24.sandbox.encoding import as_dict, as_int, as_list
from integrations.bitrix24.sandbox.entities import CONTACT, DEAL, ENTITY_BY_CODE, LEAD, EntityType
from integrations.bitrix24.sandbox.filters import build_predicate, paginate, sort
from integrations.bitrix24.sandbox.records import find_record, full_name, table_of
from integrations.bitrix24.sandbox.sent import SentMessage
from integrations.bitrix24.sandbox.tables import Row, row_values

TEMPLATES = {1: LEAD, 2: CONTACT, 3: DEAL}
TEXT_PARAMETER = "sms_text"
DUE_PARAMETER = "due_at"
"""Not a parameter of the template: lets the sandbox tell how late a message is."""

TARGET = re.compile(r"([A-Z]+)_(\d+)")


@method("bizproc.workflow.start", "bizproc")
def bizproc_workflow_start(call: Call) -> str:
    _require_admin(call)
    template_id = param(call.params, "TEMPLATE_ID")
    if not template_id:
        raise RestError(400, "ERROR_WRONG_WORKFLOW_ID", "Empty TEMPLATE_ID")
    template = TEMPLATES.get(as_int(template_id))
    if template is None:
        raise RestError(400, "ERROR_WRONG_WORKFLOW_ID", "Template not found")
    entity, record_id = _document(param(call.params, "DOCUMENT_ID"))
    if entity is not template:
        raise RestError(400, "", "Template type and DOCUMENT_ID mismatch!")
    parameters = as_dict(param(call.params, "PARAMETERS"))
    _run_sms_action(call, entity, record_id, parameters)
    return f"{secrets.token_hex(7)}.{secrets.randbelow(10**8):08d}"


@method("bizproc.workflow.template.list", "bizproc")
def bizproc_workflow_template_list(call: Call) -> Listing:
    _require_admin(call)
    holds = build_predicate(as_dict(param(call.params, "FILTER")))
    order = as_dict(param(call.params, "ORDER"))
    rows = sort([row for row in _templates(call) if holds(row)], order)
    page = paginate(rows, call.params.get("start"))
    select = [str(name) for name in as_list(param(call.params, "SELECT"))] or ["ID"]
    shown = [
        {name: value for name, value in row.items() if name in select or "*" in select}
        for row in page.rows
    ]
    return Listing(shown, page.total, page.next)


@method("bizproc.workflow.instances", "bizproc")
def bizproc_workflow_instances(call: Call) -> Listing:
    """List running workflows; a text message is sent at once, so there never is one."""
    _require_admin(call)
    running = call.portal.running_workflows
    return Listing(running, len(running))


@method("crm.automation.trigger", "crm")
def crm_automation_trigger(call: Call) -> bool:
    target = str(param(call.params, "target") or "")
    if not target:
        raise RestError(400, "", "Target is not set.")
    match = TARGET.fullmatch(target)
    if match is None:
        raise RestError(400, "", "Incorrect target format.")
    entity = ENTITY_BY_CODE.get(match[1])
    if entity is None or not entity.stage:
        raise RestError(400, "", "Target is not found.")
    if table_of(call.portal, entity).get(int(match[2])) is None:
        raise RestError(400, "", "Target is not found.")
    return True


@method("messageservice.message.status.get", "messageservice")
def messageservice_message_status_get(call: Call) -> str:
    message_id = as_int(param(call.params, "MESSAGE_ID"))
    message = call.portal.messages.get(message_id)
    if message is None or message["kind"] != "sms":
        raise RestError(400, "ERROR_MESSAGE_NOT_FOUND", "Message not found!")
    return call.portal.settings.sms_status


def _require_admin(call: Call) -> None:
    if not call.portal.settings.is_admin:
        raise RestError(403, "ACCESS_DENIED", "Access denied!")


def _document(value: Any) -> tuple[EntityType, int]:
    parts = [str(part) for part in as_list(value)]
    match = TARGET.fullmatch(parts[2]) if len(parts) == 3 else None
    if match is None or parts[0] != "crm":
        raise RestError(400, "", "Wrong DOCUMENT_ID!")
    entity = ENTITY_BY_CODE.get(match[1])
    if entity is None or parts[1] != entity.document:
        raise RestError(400, "", "Incorrect document type!")
    return entity, int(match[2])


def _templates(call: Call) -> list[Row]:
    if not call.portal.settings.has_workflows:
        return []
    parameter = {"Name": "Text", "Type": "text", "Required": "1", "Multiple": "0", "Default": ""}
    return [
        {
            "ID": str(template_id),
            "MODULE_ID": "crm",
            "ENTITY": entity.document,
            "DOCUMENT_TYPE": ["crm", entity.document, entity.code],
            "NAME": f"SMS no MIS ({entity.code.lower()})",
            "AUTO_EXECUTE": "0",
            "PARAMETERS": {TEXT_PARAMETER: parameter},
        }
        for template_id, entity in TEMPLATES.items()
    ]


def _run_sms_action(
    call: Call, entity: EntityType, record_id: int, parameters: dict[str, Any]
) -> None:
    """Send the text to the first phone; without either the workflow ends in silence."""
    record = table_of(call.portal, entity).get(record_id)
    text = str(parameters.get(TEXT_PARAMETER) or "")
    phone = _first_phone(call, record) if record else ""
    if record is None or not phone or not text:
        return
    message_id = call.portal.send(
        SentMessage(
            kind="sms",
            owner_type=entity.id,
            owner_id=record_id,
            recipient=full_name(record),
            address=phone,
            text=text,
            received_at=call.portal.clock.now(),
            due_at=parse_moment(parameters.get(DUE_PARAMETER)),
        )
    )
    activity_id = call.portal.activities.add(
        _activity(call, entity, record, phone=phone, text=text, message_id=message_id)
    )
    call.portal.outgoing.notify("ONCRMACTIVITYADD", activity_id)


def _first_phone(call: Call, record: Row) -> str:
    phones = row_values(record, "PHONE")
    if not phones and record.get("CONTACT_ID"):
        contact = find_record(call.portal, CONTACT.id, as_int(record["CONTACT_ID"]))
        phones = row_values(contact, "PHONE") if contact else []
    return str(phones[0]) if phones else ""


def _activity(
    call: Call, entity: EntityType, record: Row, *, phone: str, text: str, message_id: int
) -> Row:
    now = iso(call.portal.clock.now())
    user = str(call.portal.settings.user_id)
    communication = {
        "ID": str(call.portal.next_number("communication")),
        "TYPE": "PHONE",
        "VALUE": phone,
        "ENTITY_ID": record["ID"],
        "ENTITY_TYPE_ID": str(entity.id),
        "ENTITY_SETTINGS": [],
    }
    return {
        "OWNER_TYPE_ID": str(entity.id),
        "OWNER_ID": record["ID"],
        "TYPE_ID": "6",
        "PROVIDER_ID": "CRM_SMS",
        "PROVIDER_TYPE_ID": "SMS",
        "ASSOCIATED_ENTITY_ID": str(message_id),
        "SUBJECT": "Outgoing text message",
        "DESCRIPTION": text,
        "DESCRIPTION_TYPE": "1",
        "DIRECTION": "2",
        "COMPLETED": "Y",
        "STATUS": "2",
        **dict.fromkeys(("CREATED", "LAST_UPDATED", "START_TIME", "END_TIME"), now),
        **dict.fromkeys(("RESPONSIBLE_ID", "AUTHOR_ID", "EDITOR_ID"), user),
        "ORIGINATOR_ID": None,
        "ORIGIN_ID": None,
        "SETTINGS": {},
        "COMMUNICATIONS": [communication],
    }
