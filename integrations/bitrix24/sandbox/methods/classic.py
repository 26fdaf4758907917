"""`crm.lead.*`, `crm.contact.*` and `crm.deal.*`: capital names, everything as text."""

from collections.abc import Callable
from typing import Any

from integrations.bitrix24.sandbox.calls import (
    Call,
    Listing,
    RestError,
    method,
    param,
    require_array,
)
from integrations.bitrix24.sandbox.encoding import as_dict, as_int, as_list
from integrations.bitrix24.sandbox.entities import (
    CONTACT,
    DEAL,
    LEAD,
    EntityType,
    classic_record,
    classic_row,
)
from integrations.bitrix24.sandbox.filters import find, paginate, sort
from integrations.bitrix24.sandbox.records import (
    MissingNameError,
    add_record,
    classic_multifields,
    table_of,
    update_record,
)
from integrations.bitrix24.sandbox.tables import Row


def _list(entity: EntityType) -> Callable[[Call], Listing]:
    def handler(call: Call) -> Listing:
        conditions = as_dict(require_array(call.params, "filter"))
        order = as_dict(require_array(call.params, "order"))
        select = as_list(require_array(call.params, "select"))
        _require_read(call)
        rows = sort(find(table_of(call.portal, entity), conditions), order)
        page = paginate(rows, call.params.get("start"))
        shown = [classic_row(entity, row, select) for row in page.rows]
        return Listing(shown, page.total, page.next)

    return handler


def _get(entity: EntityType) -> Callable[[Call], Row]:
    def handler(call: Call) -> Row:
        _require_read(call)
        return classic_record(entity, _row(call, entity))

    return handler


def _add(entity: EntityType) -> Callable[[Call], int]:
    def handler(call: Call) -> int:
        fields = as_dict(require_array(call.params, "fields"))
        _require_update(call)
        try:
            return add_record(
                call.portal, entity, fields, phones_and_emails=classic_multifields(fields)
            )
        except MissingNameError:
            text = "The fields 'First name' and 'Last name' are empty."
            raise RestError(400, "", text) from None

    return handler


def _update(entity: EntityType) -> Callable[[Call], bool]:
    def handler(call: Call) -> bool:
        fields = as_dict(require_array(call.params, "fields"))
        _require_update(call)
        record_id = as_int(_row(call, entity)["ID"])
        changes = classic_multifields(fields)
        update_record(call.portal, entity, record_id, fields, phones_and_emails=changes)
        return True

    return handler


def _row(call: Call, entity: EntityType) -> Row:
    row = table_of(call.portal, entity).get(as_int(param(call.params, "id")))
    if row is None:
        raise RestError(400, "", "Not found")
    return row


def _require_read(call: Call) -> None:
    if not call.portal.settings.can_read:
        raise RestError(400, "", "Access denied.")


def _require_update(call: Call) -> None:
    if not call.portal.settings.can_update:
        raise RestError(400, "", "Access denied.")


def _register(entity: EntityType) -> None:
    makers: dict[str, Callable[[EntityType], Callable[[Call], Any]]] = {
        "list": _list,
        "get": _get,
        "add": _add,
        "update": _update,
    }
    for action, make in makers.items():
        method(f"crm.{entity.code.lower()}.{action}", "crm")(make(entity))


for _entity in (LEAD, CONTACT, DEAL):
    _register(_entity)
