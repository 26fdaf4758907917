"""Notes on the timeline of a record."""

from typing import Any

from integrations.bitrix24.sandbox.calls import Call, RestError, method, require_array
from integrations.bitrix24.sandbox.clock import iso
from integrations.bitrix24.sandbox.encoding import as_dict, as_int
from integrations.bitrix24.sandbox.records import find_record


@method("crm.timeline.logmessage.add", "crm")
def crm_timeline_logmessage_add(call: Call) -> dict[str, Any]:
    fields = as_dict(require_array(call.params, "fields"))
    for name in ("title", "text", "iconCode"):
        if not fields.get(name):
            raise RestError(400, "100", f"Could not find value for parameter {{{name}}}")
    owner_type, owner_id = as_int(fields.get("entityTypeId")), as_int(fields.get("entityId"))
    if find_record(call.portal, owner_type, owner_id) is None:
        raise RestError(400, "OWNER_NOT_FOUND", "Owner was not found")
    return {
        "logMessage": {
            "id": call.portal.next_number("log message"),
            "created": iso(call.portal.clock.now()),
            "authorId": call.portal.settings.user_id,
            "title": fields["title"],
            "text": fields["text"],
            "iconCode": fields["iconCode"],
        }
    }
