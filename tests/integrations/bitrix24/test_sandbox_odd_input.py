"""Whatever is sent to it, the sandbox answers as a portal would and does not break."""

from collections.abc import Iterator

import pytest
import requests

from integrations.bitrix24.sandbox import ManualClock, Sandbox, running_sandbox
from integrations.bitrix24.sandbox.calls import METHODS
from tests.integrations.bitrix24.sandbox_calls import (
    TIMEOUT,
    add_contact,
    call,
    call_as_application,
    call_v3,
    result,
)

ODD_VALUES = [
    None,
    "",
    "x",
    -1,
    1.5,
    True,
    [],
    {},
    [[]],
    [None],
    {"0": {"ID": []}},
    "\u0000",
    "é" * 9,
]
NAMES = (
    *("fields", "filter", "order", "select", "start", "id", "ID", "data", "cmd", "type", "values"),
    *("entity_type", "entityTypeId", "TEMPLATE_ID", "DOCUMENT_ID", "PARAMETERS", "target", "code"),
    *("name", "CODE", "HANDLER", "STATUS", "MESSAGE_ID", "event", "handler", "limit", "clear"),
    *("process_id", "pagination", "from", "to", "subject", "body", "FILTER", "SELECT", "ORDER"),
)
FIELDS = (
    *("SUBJECT", "TYPE_ID", "DIRECTION", "COMPLETED", "COMMUNICATIONS", "OWNER_TYPE_ID"),
    *("OWNER_ID", "SETTINGS", "START_TIME", "NAME", "PHONE", "EMAIL", "fm", "name", "OPPORTUNITY"),
    *("DATE_CREATE", "createdTime", "entityId", "title", "text", "iconCode", "STATUS_ID"),
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(clock=ManualClock(), burst=100_000) as running:
        add_contact(running)
        yield running


@pytest.mark.parametrize("name", sorted(METHODS[2]))
def test_a_method_answers_odd_parameters(sandbox, name):
    bodies = [dict.fromkeys(NAMES, value) for value in ODD_VALUES]
    bodies += [{"id": 1, "entityTypeId": 1, "fields": dict.fromkeys(FIELDS, v)} for v in ODD_VALUES]
    bodies += [{"id": 1, "entityTypeId": 1, "filter": {"%TITLE": v, ">ID": v}} for v in ODD_VALUES]

    statuses = {call_as_application(sandbox, name, body).status_code for body in bodies}

    assert statuses <= {200, 400, 403}


@pytest.mark.parametrize("name", sorted(METHODS[3]))
def test_a_method_of_rest_3_answers_odd_parameters(sandbox, name):
    bodies = [dict.fromkeys(NAMES, value) for value in ODD_VALUES]

    assert {call_v3(sandbox, name, body).status_code for body in bodies} <= {200, 400}


@pytest.mark.parametrize("fields", [dict.fromkeys(FIELDS, value) for value in ODD_VALUES], ids=str)
def test_lists_are_read_whatever_was_stored(sandbox, fields):
    call(sandbox, "crm.lead.add", {"fields": fields})

    assert result(sandbox, "crm.lead.list", {"select": ["*", "PHONE"], "order": {"PHONE": "ASC"}})
    for entity_id in (1, 3):
        params = {"entityTypeId": entity_id, "order": {"id": "DESC"}}
        assert result(sandbox, "crm.item.list", params)["items"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{", b"[1,2]", b"\xff\xfe", b"a[b][=1&a=2&[]=3", b"[" * 100_000]
)
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_a_body_that_is_no_parameters_is_answered(sandbox, body, content_type):
    headers = {"Content-Type": content_type}

    for name in ("batch", "crm.lead.list"):
        url = sandbox.webhook_url + name
        response = requests.post(url, data=body, headers=headers, timeout=TIMEOUT)
        assert response.status_code in (200, 400)


def test_a_body_without_a_length_is_refused(sandbox):
    pieces = iter([b"{}"])

    response = requests.post(sandbox.webhook_url + "profile", data=pieces, timeout=TIMEOUT)

    assert response.status_code == 411


def test_unknown_fields_are_passed_over(sandbox):
    contact_id = add_contact(sandbox, NO_SUCH_FIELD="x")

    assert "NO_SUCH_FIELD" not in result(sandbox, "crm.contact.get", {"id": contact_id})
