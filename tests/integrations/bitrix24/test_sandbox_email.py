"""Acceptance cases E01 to E21: e-mails as activities, and by the mailbox of REST 3.0."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from integrations.bitrix24.sandbox import ManualClock, Sandbox, running_sandbox
from tests.integrations.bitrix24.sandbox_calls import (
    EMAIL,
    PHONE,
    SENDER,
    TIMEOUT,
    add_contact,
    call,
    call_v3,
    email_fields,
    find_email,
    refusal,
    result,
    send_email,
)

MAIL = {
    "from": "info@college.example",
    "to": ["client@example.com"],
    "subject": "Open day",
    "body": "See you soon.",
}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sandbox(clock: ManualClock) -> Iterator[Sandbox]:
    with running_sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def contact_id(sandbox: Sandbox) -> int:
    return add_contact(sandbox)


def v3_error(response: requests.Response) -> tuple[int, str]:
    code = response.json()["error"]["code"]
    return response.status_code, code.removeprefix("BITRIX_REST_V3_EXCEPTION_")


def test_e01_a_completed_outgoing_e_mail_is_sent_once(sandbox, contact_id):
    due = "2026-03-12T16:58:55+02:00"

    response = send_email(sandbox, contact_id, START_TIME=due)

    assert response.json()["result"] == 1
    [message] = sandbox.sent
    assert (message.kind, message.owner, message.recipient) == ("email", (3, contact_id), "Anna")
    assert (message.address, message.sender, message.is_html) == (EMAIL, SENDER, True)
    assert (message.subject, message.text) == ("Open day", "<p>See you soon.</p>")
    assert (message.origin_id, message.late_seconds) == ("5b0e8f2c", 65)
    [activity] = find_email(sandbox)
    assert activity["SETTINGS"]["IS_MESSAGE_SENT"] is True
    assert activity["SETTINGS"]["MESSAGE_HEADERS"]["Message-Id"].startswith("<crm.activity.1-")
    assert int(activity["ASSOCIATED_ENTITY_ID"]) > 0


@pytest.mark.parametrize(
    "draft", [{"COMPLETED": "N"}, {"DIRECTION": 1}, {"TYPE_ID": 1, "COMMUNICATIONS": PHONE}]
)
def test_e02_an_activity_that_is_not_a_completed_outgoing_e_mail_sends_nothing(
    sandbox, contact_id, draft
):
    if "COMMUNICATIONS" in draft:
        draft = {**draft, "COMMUNICATIONS": [{"VALUE": PHONE}]}

    assert send_email(sandbox, contact_id, **draft).json()["result"] == 1
    assert sandbox.sent == []


def test_e02_completing_a_draft_later_sends_nothing(sandbox, contact_id):
    send_email(sandbox, contact_id, COMPLETED="N")

    result(sandbox, "crm.activity.update", {"id": 1, "fields": {"COMPLETED": "Y"}})

    assert find_email(sandbox)[0]["COMPLETED"] == "Y"
    assert sandbox.sent == []


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        pytest.param(
            {"SUBJECT": ""}, "The field SUBJECT is not defined or empty.", id="e03 no subject"
        ),
        pytest.param(
            {"RESPONSIBLE_ID": "nobody"},
            "The field RESPONSIBLE_ID is not defined or invalid.",
            id="wrong responsible",
        ),
        pytest.param(
            {"TYPE_ID": 99}, "The field TYPE_ID is not defined or invalid.", id="wrong type"
        ),
        pytest.param(
            {"TYPE_ID": 6},
            "The custom activity without provider is not supported in current context.",
            id="no provider",
        ),
        pytest.param(
            {"COMMUNICATIONS": []},
            "The field COMMUNICATIONS is not defined or invalid.",
            id="e04 no recipient",
        ),
        pytest.param(
            {"COMMUNICATIONS": [{"VALUE": EMAIL, "TYPE": "PHONE"}]},
            "The field COMMUNICATIONS is not defined or invalid.",
            id="e04 a recipient of the wrong type is dropped",
        ),
        pytest.param(
            {"OWNER_ID": 404}, "Could not find 'CONTACT' with ID: 404", id="e08 no such owner"
        ),
        pytest.param(
            {"OWNER_TYPE_ID": 77},
            "Could not build binding. Please ensure that owner fields are defined.",
            id="unknown kind of owner",
        ),
    ],
)
def test_e03_e04_e08_what_is_refused_beforehand_leaves_nothing(sandbox, contact_id, fields, text):
    assert refusal(send_email(sandbox, contact_id, **fields)) == (400, "", text)
    assert (sandbox.sent, find_email(sandbox)) == ([], [])


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        pytest.param(
            {"COMMUNICATIONS": [{"VALUE": "anna(at)example.com"}]},
            "Email send error. Invalid email is specified",
            id="e05 malformed address",
        ),
        pytest.param(
            {"COMMUNICATIONS": [{"VALUE": EMAIL}, {"VALUE": "broken@"}]},
            "Email send error. Invalid email is specified",
            id="e05 one malformed address of two",
        ),
        pytest.param({"SETTINGS": {}}, 'Email send error. "From" is not found', id="e06 no sender"),
    ],
)
def test_e05_e06_what_fails_in_the_mail_step_leaves_an_unsent_activity(
    sandbox, contact_id, fields, text
):
    assert refusal(send_email(sandbox, contact_id, **fields)) == (400, "", text)

    assert sandbox.sent == []
    [orphan] = find_email(sandbox)
    assert (orphan["COMPLETED"], orphan["ASSOCIATED_ENTITY_ID"]) == ("Y", "0")
    assert "IS_MESSAGE_SENT" not in orphan["SETTINGS"]


def test_e06_the_mailbox_of_the_portal_stands_in_for_a_sender(sandbox, contact_id):
    sandbox.portal.configure(mailbox="crm@college.example")

    send_email(sandbox, contact_id, SETTINGS={})

    assert [message.sender for message in sandbox.sent] == ["crm@college.example"]


def test_e07_without_the_right_to_change_the_contact_nothing_is_sent(sandbox, contact_id):
    sandbox.portal.configure(can_update=False)

    assert refusal(send_email(sandbox, contact_id)) == (400, "", "Access denied.")
    assert (sandbox.sent, find_email(sandbox)) == ([], [])


def test_e09_after_a_lost_answer_the_e_mail_is_found_by_our_key(sandbox, contact_id):
    sandbox.portal.faults.add_spec("execute-then-drop:method=crm.activity.add,count=1")

    with pytest.raises(requests.ConnectionError):
        send_email(sandbox, contact_id)

    assert len(find_email(sandbox)) == 1
    assert len(sandbox.sent) == 1


def test_e10_after_a_lost_request_the_e_mail_is_not_found(sandbox, contact_id):
    sandbox.portal.faults.add_spec("drop-before-execute:method=crm.activity.add,count=1")

    with pytest.raises(requests.ConnectionError):
        send_email(sandbox, contact_id)

    assert find_email(sandbox) == []
    assert send_email(sandbox, contact_id).status_code == 200
    assert len(sandbox.sent) == 1


def test_e11_the_same_key_twice_is_two_e_mails(sandbox, contact_id):
    send_email(sandbox, contact_id)
    send_email(sandbox, contact_id)

    assert len(find_email(sandbox)) == 2
    assert len(sandbox.sent) == 2
    assert sandbox.portal.doubles() == {2}


def test_e12_communications_come_only_when_named(sandbox, contact_id):
    call_to = {"TYPE": "PHONE", "VALUE": PHONE, "ENTITY_ID": contact_id, "ENTITY_TYPE_ID": 3}
    send_email(sandbox, contact_id, TYPE_ID=2, COMMUNICATIONS=[call_to])
    by_id = {"filter": {"ID": "1"}}

    answer = call(sandbox, "crm.activity.list", {**by_id, "select": ["*", "COMMUNICATIONS"]}).json()

    assert answer["total"] == 1
    assert answer["result"][0]["COMMUNICATIONS"] == [
        {
            "ID": "1",
            "TYPE": "PHONE",
            "VALUE": PHONE,
            "ENTITY_ID": str(contact_id),
            "ENTITY_TYPE_ID": "3",
            "ENTITY_SETTINGS": [],
        }
    ]
    assert "COMMUNICATIONS" not in result(sandbox, "crm.activity.list", by_id)[0]


def test_e12_activities_are_ordered_by_their_start(sandbox, contact_id):
    send_email(sandbox, contact_id, ORIGIN_ID="late", START_TIME="2026-03-12T18:00:00+02:00")
    send_email(sandbox, contact_id, ORIGIN_ID="early", START_TIME="2026-03-12T15:30:00+00:00")

    rows = result(sandbox, "crm.activity.list", {"select": ["ORIGIN_ID"]})

    assert [row["ORIGIN_ID"] for row in rows] == ["early", "late"]


def test_e12_activities_are_found_by_what_they_are_bound_to(sandbox, contact_id):
    other = add_contact(sandbox)
    send_email(sandbox, contact_id)
    send_email(sandbox, other)
    bindings = [{"OWNER_TYPE_ID": 3, "OWNER_ID": other}]

    rows = result(sandbox, "crm.activity.list", {"filter": {"BINDINGS": bindings}})

    assert [row["OWNER_ID"] for row in rows] == [str(other)]


def test_e13_an_orphan_is_deleted_once(sandbox, contact_id):
    send_email(sandbox, contact_id, SETTINGS={})

    assert result(sandbox, "crm.activity.delete", {"id": 1}) is True

    assert find_email(sandbox) == []
    again = call(sandbox, "crm.activity.delete", {"id": 1})
    assert refusal(again) == (400, "", "Activity is not found")


def test_e14_a_mailbox_sends_without_a_trace_in_the_crm(sandbox):
    answer = call_v3(sandbox, "mail.message.send", MAIL).json()

    assert answer["result"] == {"success": True, "to": ["client@example.com"]}
    assert "time" in answer
    assert [message.address for message in sandbox.sent] == ["client@example.com"]
    assert result(sandbox, "crm.activity.list") == []


def test_e15_a_missing_field_is_named(sandbox):
    response = call_v3(sandbox, "mail.message.send", {**MAIL, "from": None})

    assert response.status_code == 400
    assert response.json()["error"] == {
        "code": "BITRIX_REST_V3_EXCEPTION_VALIDATION_REQUESTVALIDATIONEXCEPTION",
        "message": "Error validating request object",
        "validation": [{"message": "Mandatory field is missing", "field": "from"}],
    }
    assert sandbox.sent == []


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"from": "stranger@example.com"}, {"message": "MESSAGE_SEND_FAILED", "field": "from"}),
        ({"to": ["broken"]}, {"message": "RESOLVE_RECIPIENTS_ERROR", "field": "to"}),
        ({"cc": ["broken@"]}, {"message": "RESOLVE_RECIPIENTS_ERROR", "field": "cc"}),
    ],
)
def test_e15_a_wrong_sender_or_recipient_is_named(sandbox, fields, problem):
    response = call_v3(sandbox, "mail.message.send", {**MAIL, **fields})

    assert response.json()["error"]["validation"] == [problem]
    assert sandbox.sent == []


def test_e16_the_same_key_and_body_gives_the_stored_answer(sandbox, clock):
    first = call_v3(sandbox, "mail.message.send", MAIL, key="5b0e8f2c")
    clock.advance(23 * 3600)

    second = call_v3(sandbox, "mail.message.send", MAIL, key="5b0e8f2c")

    assert second.content == first.content
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert {first.headers["Idempotency-Key"], second.headers["Idempotency-Key"]} == {"5b0e8f2c"}
    assert len(sandbox.sent) == 1


def test_e16_a_key_is_forgotten_after_a_day(sandbox, clock):
    call_v3(sandbox, "mail.message.send", MAIL, key="5b0e8f2c")
    clock.advance(24 * 3600)

    call_v3(sandbox, "mail.message.send", MAIL, key="5b0e8f2c")

    assert len(sandbox.sent) == 2


def test_e16_a_refusal_is_not_stored(sandbox):
    refused = call_v3(sandbox, "mail.message.send", {**MAIL, "subject": ""}, key="5b0e8f2c")
    assert refused.status_code == 400

    assert call_v3(sandbox, "mail.message.send", MAIL, key="5b0e8f2c").status_code == 200
    assert len(sandbox.sent) == 1


def test_e17_the_same_key_with_another_body_is_refused(sandbox):
    call_v3(sandbox, "mail.message.send", MAIL, key="5b0e8f2c")

    response = call_v3(sandbox, "mail.message.send", {**MAIL, "subject": "X"}, key="5b0e8f2c")

    assert v3_error(response) == (422, "IDEMPOTENCYKEYREUSEDEXCEPTION")
    assert len(sandbox.sent) == 1


@pytest.mark.parametrize("key", ["x" * 256, "\u00e9"])
def test_e18_a_key_that_is_too_long_or_unprintable_is_refused(sandbox, key):
    response = call_v3(sandbox, "mail.message.send", MAIL, key=key)

    assert v3_error(response) == (400, "INVALIDIDEMPOTENCYKEYEXCEPTION")
    assert sandbox.sent == []


def test_e19_a_method_of_rest_3_does_not_exist_at_the_old_address(sandbox):
    response = call(sandbox, "mail.message.send", MAIL)

    assert refusal(response) == (404, "ERROR_METHOD_NOT_FOUND", "Method not found!")


@pytest.mark.parametrize("pagination", [{"limit": "abc"}, {"limit": 0}, {"offset": -1}, "first"])
def test_e20_pagination_that_cannot_be_read_is_refused(sandbox, pagination):
    response = call_v3(sandbox, "mail.mailbox.senders", {"pagination": pagination})

    assert v3_error(response) == (400, "INVALIDPAGINATIONEXCEPTION")
    message = response.json()["error"]["message"]
    assert message.startswith("Unable to recognize pagination parameter")


def test_e20_senders_are_listed_by_pages(sandbox):
    sandbox.portal.configure(senders=("A <a@college.example>", "B <b@college.example>"))
    second: dict[str, Any] = {"pagination": {"page": 2, "limit": 1}}

    items = call_v3(sandbox, "mail.mailbox.senders", second).json()["result"]["items"]

    assert items == [{"email": "b@college.example", "name": "B", "sender": "B <b@college.example>"}]


def test_e21_the_old_address_takes_no_notice_of_a_key(sandbox, contact_id):
    url = sandbox.webhook_url + "crm.activity.add"
    headers = {"Idempotency-Key": "5b0e8f2c"}

    for _ in range(2):
        body = {"fields": email_fields(contact_id)}
        requests.post(url, json=body, headers=headers, timeout=TIMEOUT)

    assert len(sandbox.sent) == 2


def test_rest_3_refuses_in_its_own_form(sandbox):
    url = f"{sandbox.url}/rest/api/1/wrong-secret/mail.mailbox.senders"

    response = requests.post(url, json={}, timeout=TIMEOUT)

    assert (response.status_code, response.json()["error"]) == (
        401,
        {"code": "NO_AUTH_FOUND", "message": "Wrong authorization data"},
    )
