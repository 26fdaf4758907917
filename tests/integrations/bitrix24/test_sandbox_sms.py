"""Acceptance cases M01 to M13: workflows that send text messages, triggers and providers."""

import re
from collections.abc import Iterator

import pytest
import requests

from integrations.bitrix24.sandbox import ManualClock, Sandbox, running_sandbox
from tests.integrations.bitrix24.sandbox_calls import (
    PHONE,
    add_contact,
    add_lead,
    call,
    call_as_application,
    find_sms,
    refusal,
    result,
    start_sms,
)

CONTACT = ["crm", "CCrmDocumentContact", "CONTACT_1"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(clock=ManualClock()) as running:
        yield running


def test_m01_a_workflow_on_a_lead_sends_one_message_and_leaves_an_activity(sandbox):
    lead_id = add_lead(sandbox, NAME="Anna", PHONE=[{"VALUE": PHONE}])
    params = {
        "TEMPLATE_ID": 1,
        "DOCUMENT_ID": ["crm", "CCrmDocumentLead", f"LEAD_{lead_id}"],
        "PARAMETERS": {"sms_text": "See you at https://college.example/j/AB12CD"},
    }

    workflow_id = result(sandbox, "bizproc.workflow.start", params)

    assert re.fullmatch(r"[0-9a-f]{14}\.\d{8}", workflow_id)
    [message] = sandbox.sent
    assert (message.kind, message.owner, message.address, message.text) == (
        "sms",
        (1, lead_id),
        PHONE,
        "See you at https://college.example/j/AB12CD",
    )
    select = ["*", "COMMUNICATIONS"]
    [activity] = result(sandbox, "crm.activity.list", {"select": select})
    expected = {
        "PROVIDER_ID": "CRM_SMS",
        "PROVIDER_TYPE_ID": "SMS",
        "TYPE_ID": "6",
        "OWNER_TYPE_ID": "1",
        "OWNER_ID": str(lead_id),
        "DESCRIPTION": message.text,
        "ASSOCIATED_ENTITY_ID": str(message.id),
    }
    assert {name: activity[name] for name in expected} == expected
    assert activity["COMMUNICATIONS"][0]["VALUE"] == PHONE


def test_m01_the_message_goes_to_the_first_phone(sandbox):
    contact_id = add_contact(sandbox, PHONE=[{"VALUE": "+37121111111"}, {"VALUE": PHONE}], phone="")

    start_sms(sandbox, contact_id)

    assert [message.address for message in sandbox.sent] == ["+37121111111"]


def test_m01_a_lead_without_a_phone_uses_its_contacts(sandbox):
    contact_id = add_contact(sandbox)
    lead_id = add_lead(sandbox, CONTACT_ID=contact_id)
    document = ["crm", "CCrmDocumentLead", f"LEAD_{lead_id}"]
    params = {"TEMPLATE_ID": 1, "DOCUMENT_ID": document, "PARAMETERS": {"sms_text": "Hello"}}

    result(sandbox, "bizproc.workflow.start", params)

    assert [(message.owner, message.address) for message in sandbox.sent] == [((1, 1), PHONE)]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        pytest.param(
            {"DOCUMENT_ID": CONTACT},
            (400, "ERROR_WRONG_WORKFLOW_ID", "Empty TEMPLATE_ID"),
            id="m02 no template",
        ),
        pytest.param(
            {"TEMPLATE_ID": 77, "DOCUMENT_ID": CONTACT},
            (400, "ERROR_WRONG_WORKFLOW_ID", "Template not found"),
            id="m03 unknown template",
        ),
        pytest.param(
            {"TEMPLATE_ID": 2, "DOCUMENT_ID": ["crm", "CONTACT_1"]},
            (400, "", "Wrong DOCUMENT_ID!"),
            id="m04 malformed document",
        ),
        pytest.param(
            {"TEMPLATE_ID": 2, "DOCUMENT_ID": ["crm", "CCrmDocumentContact", "1"]},
            (400, "", "Wrong DOCUMENT_ID!"),
            id="m04 malformed record",
        ),
        pytest.param(
            {"TEMPLATE_ID": 2, "DOCUMENT_ID": ["crm", "CCrmDocumentLead", "CONTACT_1"]},
            (400, "", "Incorrect document type!"),
            id="m04 class of another kind",
        ),
        pytest.param(
            {"TEMPLATE_ID": 2, "DOCUMENT_ID": ["crm", "CCrmDocumentLead", "LEAD_1"]},
            (400, "", "Template type and DOCUMENT_ID mismatch!"),
            id="m05 contact template on a lead",
        ),
    ],
)
def test_m02_to_m05_a_workflow_started_wrongly_is_refused(sandbox, params, expected):
    add_contact(sandbox)
    params = {**params, "PARAMETERS": {"sms_text": "Hello"}}

    assert refusal(call(sandbox, "bizproc.workflow.start", params)) == expected
    assert sandbox.sent == []


def test_m06_only_an_administrator_starts_workflows(sandbox):
    contact_id = add_contact(sandbox)
    sandbox.portal.configure(is_admin=False)

    assert refusal(start_sms(sandbox, contact_id)) == (403, "ACCESS_DENIED", "Access denied!")
    templates = call(sandbox, "bizproc.workflow.template.list")
    assert refusal(templates) == (403, "ACCESS_DENIED", "Access denied!")
    assert sandbox.sent == []


@pytest.mark.parametrize(
    ("phone", "text"), [("", "Hello"), (PHONE, "")], ids=["without a phone", "without a text"]
)
def test_m07_a_workflow_that_cannot_send_still_starts(sandbox, phone, text):
    contact_id = add_contact(sandbox, phone=phone)

    response = start_sms(sandbox, contact_id, text)

    assert response.status_code == 200
    assert response.json()["result"]
    assert sandbox.sent == []
    assert find_sms(sandbox, contact_id) == []


def test_m08_after_a_lost_answer_the_message_is_found(sandbox):
    contact_id = add_contact(sandbox)
    sandbox.portal.faults.add_spec("execute-then-drop:method=bizproc.workflow.start,count=1")

    with pytest.raises(requests.ConnectionError):
        start_sms(sandbox, contact_id, "Join at https://college.example/j/AB12CD")

    [found] = find_sms(sandbox, contact_id)
    assert found["DESCRIPTION"].endswith("/j/AB12CD")
    assert len(sandbox.sent) == 1


def test_m08_after_a_lost_request_no_message_is_found(sandbox):
    contact_id = add_contact(sandbox)
    sandbox.portal.faults.add_spec("drop-before-execute:method=bizproc.workflow.start,count=1")

    with pytest.raises(requests.ConnectionError):
        start_sms(sandbox, contact_id)

    assert find_sms(sandbox, contact_id) == []
    assert start_sms(sandbox, contact_id).status_code == 200
    assert len(sandbox.sent) == 1


def test_m09_a_trigger_is_accepted(sandbox):
    deal = {"entityTypeId": 2, "fields": {"title": "Studies"}}
    deal_id = result(sandbox, "crm.item.add", deal)["item"]["id"]
    params = {"target": f"DEAL_{deal_id}", "code": "c5u4m"}

    assert result(sandbox, "crm.automation.trigger", params) is True


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("", "Target is not set."),
        ("57", "Incorrect target format."),
        ("CAT_57", "Target is not found."),
        ("DEAL_57", "Target is not found."),
        ("CONTACT_1", "Target is not found."),
    ],
)
def test_m10_a_trigger_needs_a_target(sandbox, target, text):
    add_contact(sandbox)

    response = call(sandbox, "crm.automation.trigger", {"target": target, "code": "c5u4m"})

    assert refusal(response) == (400, "", text)


@pytest.mark.parametrize(
    "method",
    ["messageservice.sender.list", "messageservice.sender.add", "event.bind", "event.offline.get"],
)
def test_m11_a_webhook_is_no_application(sandbox, method):
    refused = refusal(call(sandbox, method))

    assert refused == (403, "ACCESS_DENIED", "Application context required")


def test_m12_a_provider_needs_a_code(sandbox):
    provider = {"CODE": "gateway", "TYPE": "SMS", "HANDLER": "https://college.example/sms"}

    without_code = call_as_application(sandbox, "messageservice.sender.add", {"TYPE": "SMS"})
    assert refusal(without_code) == (
        400,
        "ERROR_SENDER_VALIDATION_FAILURE",
        "Empty sender code!",
    )

    added = call_as_application(sandbox, "messageservice.sender.add", provider)
    assert added.json()["result"] is True
    listed = call_as_application(sandbox, "messageservice.sender.list").json()["result"]
    assert listed == ["gateway"]


def test_m13_a_message_has_one_of_five_statuses(sandbox):
    update = {"CODE": "gateway", "MESSAGE_ID": "7"}
    method = "messageservice.message.status.update"

    wrong = call_as_application(sandbox, method, {**update, "STATUS": "xyz"})
    right = call_as_application(sandbox, method, {**update, "STATUS": "delivered"})

    assert refusal(wrong) == (
        400,
        "ERROR_MESSAGE_STATUS_INCORRECT",
        "Message status incorrect!",
    )
    assert right.json()["result"] is True


def test_templates_are_listed_with_the_fields_asked_for(sandbox):
    contacts = {"MODULE_ID": "crm", "ENTITY": "CCrmDocumentContact"}
    params = {"SELECT": ["ID", "NAME", "PARAMETERS"], "FILTER": contacts}

    [template] = result(sandbox, "bizproc.workflow.template.list", params)

    assert (template["ID"], list(template["PARAMETERS"])) == ("2", ["sms_text"])
    assert result(sandbox, "bizproc.workflow.template.list", {"FILTER": contacts}) == [{"ID": "2"}]


def test_a_finished_workflow_is_not_among_the_running_ones(sandbox):
    start_sms(sandbox, add_contact(sandbox))

    assert result(sandbox, "bizproc.workflow.instances") == []


def test_the_status_of_a_message_can_be_read(sandbox):
    contact_id = add_contact(sandbox)
    start_sms(sandbox, contact_id)
    [activity] = find_sms(sandbox, contact_id)
    params = {"MESSAGE_ID": activity["ASSOCIATED_ENTITY_ID"]}

    assert result(sandbox, "messageservice.message.status.get", params) == "Delivered"
    unknown = call(sandbox, "messageservice.message.status.get", {"MESSAGE_ID": 404})
    assert refusal(unknown) == (400, "ERROR_MESSAGE_NOT_FOUND", "Message not found!")


def test_an_sms_activity_added_by_hand_sends_nothing(sandbox):
    contact_id = add_contact(sandbox)
    fields = {
        "TYPE_ID": 6,
        "PROVIDER_ID": "CRM_SMS",
        "OWNER_TYPE_ID": 3,
        "OWNER_ID": contact_id,
        "SUBJECT": "SMS",
        "COMMUNICATIONS": [{"VALUE": PHONE}],
    }

    assert result(sandbox, "crm.activity.add", {"fields": fields}) == 1
    assert sandbox.sent == []


def test_the_lateness_of_a_message_is_counted_from_its_due_moment(sandbox):
    contact_id = add_contact(sandbox)

    start_sms(sandbox, contact_id, due_at="2026-03-12T16:59:30+02:00")

    assert [message.late_seconds for message in sandbox.sent] == [30]
