"""Acceptance cases D01 to D07: adding and changing records, importing, notes on the timeline."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.bitrix24.sandbox import ManualClock, Sandbox, running_sandbox
from tests.integrations.bitrix24.sandbox_calls import (
    add_contact,
    add_lead,
    call,
    refusal,
    result,
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sandbox(clock: ManualClock) -> Iterator[Sandbox]:
    with running_sandbox(clock=clock) as running:
        yield running


def phones(sandbox: Sandbox, contact_id: int) -> list[str]:
    contact = result(sandbox, "crm.contact.get", {"id": contact_id})
    return [item["VALUE"] for item in contact.get("PHONE", [])]


def update(sandbox: Sandbox, contact_id: int, **fields: Any) -> None:
    assert result(sandbox, "crm.contact.update", {"id": contact_id, "fields": fields}) is True


def test_d01_a_lead_is_added_and_its_number_is_the_answer(sandbox):
    answer = call(sandbox, "crm.lead.add", {"fields": {"TITLE": "Open day"}}).json()

    assert answer["result"] == 1
    assert "time" in answer


def test_d01_a_lead_without_a_title_is_named_by_its_number(sandbox):
    lead_id = result(sandbox, "crm.lead.add", {"fields": {"NAME": "Anna"}})

    assert result(sandbox, "crm.lead.get", {"id": lead_id})["TITLE"] == "Lead #1"


def test_d02_an_item_comes_back_whole(sandbox):
    fields = {"title": "Studies", "sourceId": "WEB", "opportunity": 19000, "ufCrm_17": "A1"}

    item = result(sandbox, "crm.item.add", {"entityTypeId": 2, "fields": fields})["item"]

    expected = {"id": 1, "stageId": "NEW", "createdBy": 1, "createdTime": item["updatedTime"]}
    assert {name: item[name] for name in (*fields, *expected)} == {**fields, **expected}


def test_d03_an_item_of_an_unknown_kind_is_refused(sandbox):
    response = call(sandbox, "crm.item.add", {"entityTypeId": 1036, "fields": {"title": "X"}})

    assert refusal(response) == (400, "NOT_FOUND", "Smart process not found")


def test_d04_an_import_tells_the_outcome_of_every_item(sandbox):
    data = [{"name": "Anna", "createdTime": "2026-01-02T10:00:00+02:00"}, {"comments": "Nameless"}]

    answer = result(sandbox, "crm.item.batchImport", {"entityTypeId": 3, "data": data})

    assert answer == {
        "items": [
            {"item": {"id": 1}},
            {
                "error": "CRM_FIELD_ERROR_REQUIRED",
                "error_description": 'The "Name" field is required',
            },
        ]
    }
    created = result(sandbox, "crm.contact.get", {"id": 1})["DATE_CREATE"]
    assert created == "2026-01-02T10:00:00+02:00"


def test_d05_more_than_twenty_items_are_not_imported(sandbox):
    data = [{"name": f"Anna {number}"} for number in range(21)]

    response = call(sandbox, "crm.item.batchImport", {"entityTypeId": 3, "data": data})

    assert refusal(response) == (
        400,
        "MAX_IMPORT_BATCH_SIZE_EXCEEDED",
        "You cannot import more than 20 items",
    )
    assert len(sandbox.portal.contacts.rows) == 0


def note(entity_id: int) -> dict[str, Any]:
    fields = {"entityTypeId": 3, "entityId": entity_id, "title": "Test title"}
    return {"fields": {**fields, "text": "Test note", "iconCode": "info"}}


def test_d06_a_note_is_put_on_the_timeline(sandbox):
    contact_id = add_contact(sandbox)

    assert result(sandbox, "crm.timeline.logmessage.add", note(contact_id)) == {
        "logMessage": {
            "id": 1,
            "created": "2026-03-12T17:00:00+02:00",
            "authorId": 1,
            "title": "Test title",
            "text": "Test note",
            "iconCode": "info",
        }
    }


def test_d07_a_note_needs_a_record(sandbox):
    response = call(sandbox, "crm.timeline.logmessage.add", note(404))

    assert refusal(response)[:2] == (400, "OWNER_NOT_FOUND")


def test_a_phone_is_changed_by_its_id_added_without_and_removed_when_empty(sandbox):
    contact_id = add_contact(sandbox, phone="+37120000001")
    first = result(sandbox, "crm.contact.get", {"id": contact_id})["PHONE"][0]["ID"]

    update(sandbox, contact_id, PHONE=[{"ID": first, "VALUE": "+37120000009"}])
    update(sandbox, contact_id, PHONE=[{"VALUE": "+37120000002"}])
    assert phones(sandbox, contact_id) == ["+37120000009", "+37120000002"]

    update(sandbox, contact_id, PHONE=[{"ID": first, "VALUE": ""}])
    assert phones(sandbox, contact_id) == ["+37120000002"]


def test_a_phone_is_removed_by_its_mark(sandbox):
    contact_id = add_contact(sandbox)
    first = result(sandbox, "crm.contact.get", {"id": contact_id})["PHONE"][0]["ID"]

    update(sandbox, contact_id, PHONE=[{"ID": first, "VALUE": "+37120000001", "DELETE": "Y"}])

    assert phones(sandbox, contact_id) == []


def test_universal_phones_are_added_by_a_list_and_changed_by_an_object(sandbox):
    fields = {"name": "Anna", "fm": [{"typeId": "PHONE", "valueType": "WORK", "value": "+3711"}]}
    added = result(sandbox, "crm.item.add", {"entityTypeId": 3, "fields": fields})["item"]
    change = {
        str(added["fm"][0]["id"]): {"typeId": "PHONE", "value": ""},
        "n0": {"typeId": "PHONE", "valueType": "MOBILE", "value": "+3712"},
        "n1": {"valueType": "WORK", "value": "without a type"},
    }

    params = {"entityTypeId": 3, "id": added["id"], "fields": {"fm": change}}
    item = result(sandbox, "crm.item.update", params)["item"]

    assert [(entry["valueType"], entry["value"]) for entry in item["fm"]] == [("MOBILE", "+3712")]


def test_universal_phones_as_plain_text_are_accepted_and_lost(sandbox):
    fields = {"name": "Anna", "fm": "+37120000001"}

    item = result(sandbox, "crm.item.add", {"entityTypeId": 3, "fields": fields})["item"]

    assert item["fm"] == []


def test_a_change_is_dated_and_a_made_up_date_of_creation_is_not_taken(sandbox, clock):
    contact_id = add_contact(sandbox, DATE_CREATE="2001-01-01T00:00:00+02:00")
    clock.advance(60)

    update(sandbox, contact_id, LAST_NAME="Bērziņa")

    contact = result(sandbox, "crm.contact.get", {"id": contact_id})
    assert (contact["DATE_CREATE"], contact["DATE_MODIFY"], contact["LAST_NAME"]) == (
        "2026-03-12T17:00:00+02:00",
        "2026-03-12T17:01:00+02:00",
        "Bērziņa",
    )


def test_a_contact_needs_a_name(sandbox):
    assert call(sandbox, "crm.contact.add", {"fields": {"COMMENTS": "X"}}).status_code == 400
    assert len(sandbox.portal.contacts.rows) == 0


def test_nothing_is_written_without_the_right_to(sandbox):
    contact_id = add_contact(sandbox)
    sandbox.portal.configure(can_update=False)

    for method in ("crm.contact.add", "crm.contact.update"):
        response = call(sandbox, method, {"id": contact_id, "fields": {"NAME": "Changed"}})
        assert refusal(response) == (400, "", "Access denied.")
    assert [row["NAME"] for row in sandbox.portal.contacts.rows.values()] == ["Anna"]


def test_a_record_is_found_again_by_our_own_key(sandbox):
    add_contact(sandbox, ORIGINATOR_ID="smm-mis", ORIGIN_ID="first")
    second = add_contact(sandbox, ORIGINATOR_ID="smm-mis", ORIGIN_ID="second")
    conditions = {"ORIGINATOR_ID": "smm-mis", "@ORIGIN_ID": ["second", "third"]}

    found = result(sandbox, "crm.contact.list", {"filter": conditions, "select": ["ID"]})

    assert found == [{"ID": str(second)}]


def test_a_closed_lead_is_marked_as_lost(sandbox):
    lead_id = add_lead(sandbox)

    result(sandbox, "crm.lead.update", {"id": lead_id, "fields": {"STATUS_ID": "JUNK"}})

    assert result(sandbox, "crm.lead.get", {"id": lead_id})["STATUS_SEMANTIC_ID"] == "F"


@pytest.mark.parametrize("method", ["crm.lead.get", "crm.lead.update"])
def test_a_record_that_does_not_exist_is_not_found(sandbox, method):
    assert refusal(call(sandbox, method, {"id": 404})) == (400, "", "Not found")
