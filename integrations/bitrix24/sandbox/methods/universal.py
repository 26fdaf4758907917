"""`crm.item.*`: one set of methods for every kind of record, numbers as numbers."""

from typing import Any

from integrations.bitrix24.sandbox.calls import Call, Listing, RestError, method, require_array
from integrations.bitrix24.sandbox.encoding import as_dict, as_int, as_list
from integrations.bitrix24.sandbox.entities import (
    ENTITIES,
    EntityType,
    universal_record,
    universal_row,
)
from integrations.bitrix24.sandbox.filters import find, paginate, sort, split_key
from integrations.bitrix24.sandbox.records import (
    MissingNameError,
    add_record,
    table_of,
    universal_multifields,
    update_record,
)
from integrations.bitrix24.sandbox.tables import Row

MAX_IMPORT = 20


@method("crm.item.list", "crm")
def crm_item_list(call: Call) -> Listing:
    entity = _entity(call)
    conditions = _conditions(entity, as_dict(require_array(call.params, "filter")))
    order = _order(entity, as_dict(require_array(call.params, "order")))
    _require(call, is_allowed=call.portal.settings.can_read)
    rows = sort(find(table_of(call.portal, entity), conditions), order)
    page = paginate(rows, call.params.get("start"))
    select = as_list(call.params.get("select"))
    items = [universal_row(entity, row, select) for row in page.rows]
    return Listing({"items": items}, page.total, page.next)


@method("crm.item.get", "crm")
def crm_item_get(call: Call) -> dict[str, Any]:
    entity = _entity(call)
    _require(call, is_allowed=call.portal.settings.can_read)
    return {"item": universal_record(entity, _row(call, entity))}


@method("crm.item.add", "crm")
def crm_item_add(call: Call) -> dict[str, Any]:
    entity = _entity(call)
    _require(call, is_allowed=call.portal.settings.can_update)
    return {"item": _add(call, entity, as_dict(require_array(call.params, "fields")))}


@method("crm.item.update", "crm")
def crm_item_update(call: Call) -> dict[str, Any]:
    entity = _entity(call)
    _require(call, is_allowed=call.portal.settings.can_update)
    record_id = as_int(_row(call, entity)["ID"])
    fields = as_dict(require_array(call.params, "fields"))
    changes = universal_multifields(fields.pop("fm", None))
    classic = _classic_fields(entity, fields)
    update_record(call.portal, entity, record_id, classic, phones_and_emails=changes)
    return {"item": universal_record(entity, table_of(call.portal, entity).rows[record_id])}


@method("crm.item.batchImport", "crm")
def crm_item_batch_import(call: Call) -> dict[str, Any]:
    entity = _entity(call)
    _require(call, is_allowed=call.portal.settings.can_update)
    items = as_list(call.params.get("data"))
    if len(items) > MAX_IMPORT:
        text = f"You cannot import more than {MAX_IMPORT} items"
        raise RestError(400, "MAX_IMPORT_BATCH_SIZE_EXCEEDED", text)
    outcomes: list[dict[str, Any]] = []
    for item in items:
        try:
            imported = _add(call, entity, as_dict(item), is_import=True)
            outcomes.append({"item": {"id": imported["id"]}})
        except RestError as error:
            outcomes.append(error.body())
    return {"items": outcomes}


def _add(
    call: Call, entity: EntityType, fields: dict[str, Any], *, is_import: bool = False
) -> dict[str, Any]:
    phones_and_emails = universal_multifields(fields.pop("fm", None))
    try:
        record_id = add_record(
            call.portal,
            entity,
            _classic_fields(entity, fields),
            phones_and_emails=phones_and_emails,
            # Only an import may say when a record was created.
            created_at=fields.get("createdTime") if is_import else None,
        )
    except MissingNameError:
        text = 'The "Name" field is required'
        raise RestError(400, "CRM_FIELD_ERROR_REQUIRED", text) from None
    return universal_record(entity, table_of(call.portal, entity).rows[record_id])


def _entity(call: Call) -> EntityType:
    entity = ENTITIES.get(as_int(call.params.get("entityTypeId")))
    if entity is None:
        raise RestError(400, "NOT_FOUND", "Smart process not found")
    return entity


def _row(call: Call, entity: EntityType) -> Row:
    row = table_of(call.portal, entity).get(as_int(call.params.get("id")))
    if row is None:
        raise RestError(400, "NOT_FOUND", "Element not found")
    return row


def _require(call: Call, *, is_allowed: bool) -> None:
    if not is_allowed:
        raise RestError(400, "ACCESS_DENIED", "Access denied.")


def _classic_fields(entity: EntityType, fields: dict[str, Any]) -> dict[str, Any]:
    named = ((entity.classic_name(name), value) for name, value in fields.items())
    return {name: value for name, value in named if name is not None}


def _conditions(entity: EntityType, conditions: dict[str, Any]) -> dict[str, Any]:
    translated: dict[str, Any] = {}
    for key, value in conditions.items():
        if key == "logic":
            translated[key] = value
        elif key.isdigit():
            translated[key] = _conditions(entity, as_dict(value))
        else:
            prefix, field = split_key(key)
            name = entity.classic_name(field)
            if name is None:
                text = f"Invalid filter: field '{field}' is not allowed in filter"
                raise RestError(400, "INVALID_ARG_VALUE", text)
            translated[prefix + name] = value
    return translated


def _order(entity: EntityType, order: dict[str, Any]) -> dict[str, Any]:
    translated: dict[str, Any] = {}
    for field, direction in order.items():
        name = entity.classic_name(field)
        if name is None:
            text = f"Invalid order: field '{field}' is not allowed in order"
            raise RestError(400, "INVALID_ARG_VALUE", text)
        translated[name] = direction
    return translated
