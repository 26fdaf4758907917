"""Finding records by phone or e-mail, and the dictionaries of the CRM."""

from typing import Any

from integrations.bitrix24.sandbox.calls import (
    Call,
    Listing,
    RestError,
    method,
    param,
    require_array,
)
from integrations.bitrix24.sandbox.dictionaries import STAGES
from integrations.bitrix24.sandbox.encoding import as_dict, as_int, as_list
from integrations.bitrix24.sandbox.entities import CONTACT, ENTITY_BY_CODE, LEAD
from integrations.bitrix24.sandbox.filters import build_predicate
from integrations.bitrix24.sandbox.records import table_of

MAX_VALUES = 20
MAX_MATCHES = 20


@method("crm.duplicate.findbycomm", "crm")
def crm_duplicate_findbycomm(call: Call) -> Any:
    if not call.portal.settings.can_read:
        raise RestError(403, "Access denied")
    kind = str(param(call.params, "type") or "").upper()
    if not kind:
        text = "Parameter 'type' is required."
        raise RestError(400, "Communication type is not defined", text)
    if kind not in ("PHONE", "EMAIL"):
        code = f"Communication type '{kind}' is not supported in current context"
        raise RestError(400, code)
    values = [str(value) for value in as_list(param(call.params, "values")) if value]
    if not values:
        raise RestError(400, "Communication values is not defined")
    return _matches(call, kind, values[:MAX_VALUES]) or []


def _matches(call: Call, kind: str, values: list[str]) -> dict[str, list[int]]:
    only = str(param(call.params, "entity_type") or "").upper()
    entities = [LEAD, CONTACT] if not only else [ENTITY_BY_CODE.get(only)]
    found: dict[str, list[int]] = {}
    for entity in entities:
        if entity is None or entity.stage == "STAGE_ID":
            continue
        rows = table_of(call.portal, entity).indexed(kind, values)
        if rows:
            found[entity.code] = [as_int(row["ID"]) for row in rows[:MAX_MATCHES]]
        if len(rows) >= MAX_MATCHES:
            break
    return found


@method("crm.status.list", "crm")
def crm_status_list(call: Call) -> Listing:
    holds = build_predicate(as_dict(require_array(call.params, "filter")))
    statuses = [status for status in _statuses(call) if holds(status)]
    return Listing(statuses, len(statuses))


def _statuses(call: Call) -> list[dict[str, Any]]:
    sources = call.portal.lead_sources
    named = [("SOURCE", *source) for source in sources] + [("STATUS", *stage) for stage in STAGES]
    return [
        {
            "ID": str(number),
            "ENTITY_ID": entity_id,
            "STATUS_ID": status_id,
            "NAME": name,
            "NAME_INIT": name,
            "SORT": str(number * 10),
            "SYSTEM": "Y",
            "CATEGORY_ID": None,
            "COLOR": None,
            "SEMANTICS": None,
        }
        for number, (entity_id, status_id, name) in enumerate(named, start=1)
    ]
