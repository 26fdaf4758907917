"""Acceptance cases B01 to B07: many commands in one request, each with its own outcome."""

from collections.abc import Iterator

import pytest
import requests

from integrations.bitrix24.sandbox import ManualClock, Sandbox, running_sandbox
from tests.integrations.bitrix24.sandbox_calls import (
    TIMEOUT,
    add_contact,
    add_lead,
    batch,
    call,
    call_v3,
    result,
)

TWO_COMMANDS = {
    "get_user": "user.current",
    "get_department": "department.get?ID=$result[get_user][UF_DEPARTMENT][0]",
}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(clock=ManualClock()) as running:
        yield running


def test_b01_a_command_may_use_the_result_of_an_earlier_one(sandbox):
    answer = batch(sandbox, TWO_COMMANDS, halt=0)

    assert sorted(answer["result"]) == ["get_department", "get_user"]
    assert answer["result"]["get_department"][0]["ID"] == "1"
    assert (answer["result_error"], answer["result_next"]) == ([], [])
    assert answer["result_total"] == {"get_department": 1}
    assert sorted(answer["result_time"]) == ["get_department", "get_user"]


def test_b02_every_command_without_its_scope_fails_alone(sandbox):
    sandbox.portal.configure(scopes=frozenset())

    answer = batch(sandbox, TWO_COMMANDS, halt=0)

    error = {"error": "insufficient_scope", "error_description": ""}
    assert answer == {
        "result": [],
        "result_error": {"get_user": error, "get_department": error},
        "result_total": [],
        "result_next": [],
        "result_time": [],
    }


@pytest.mark.parametrize("halt", [1, "1", "true", "false"])
def test_b03_a_halting_batch_stops_at_the_first_error(sandbox, halt):
    sandbox.portal.configure(scopes=frozenset())

    assert sorted(batch(sandbox, TWO_COMMANDS, halt=halt)["result_error"]) == ["get_user"]


def test_b04_the_commands_after_the_fiftieth_are_not_run(sandbox):
    commands = {f"m_{number}": "crm.lead.add?fields[TITLE]=One" for number in range(51)}

    answer = batch(sandbox, commands)

    assert answer["result_error"] == {
        "m_50": {
            "error": "ERROR_BATCH_LENGTH_EXCEEDED",
            "error_description": "Max batch length exceeded",
        }
    }
    assert len(answer["result"]) == 50
    assert len(sandbox.portal.leads.rows) == 50


def test_b05_a_batch_in_a_batch_is_refused(sandbox):
    answer = batch(sandbox, {"x": "batch?cmd[a]=profile"})

    assert answer["result_error"]["x"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"


def test_b06_one_bad_e_mail_does_not_hold_back_the_good_one(sandbox):
    contact_id = add_contact(sandbox)
    good = (
        "crm.activity.add?fields[TYPE_ID]=4&fields[DIRECTION]=2&fields[COMPLETED]=Y"
        f"&fields[OWNER_TYPE_ID]=3&fields[OWNER_ID]={contact_id}&fields[SUBJECT]=Hello"
        "&fields[COMMUNICATIONS][0][VALUE]=anna%40example.com"
        "&fields[SETTINGS][MESSAGE_FROM]=Marketing%20%3Cm%40college.example%3E"
    )

    answer = batch(sandbox, {"good": good, "bad": good.replace("SUBJECT", "SUBJEKT")})

    assert answer["result"] == {"good": 1}
    assert answer["result_error"] == {
        "bad": {
            "error": "",
            "error_description": "The field SUBJECT is not defined or empty.",
        }
    }
    assert [message.subject for message in sandbox.sent] == ["Hello"]


@pytest.mark.parametrize(
    ("value", "title"), [("John%26Martin", "John&Martin"), ("John&Martin", "John")]
)
def test_b07_values_are_encoded_once(sandbox, value, title):
    batch(sandbox, {"add": f"crm.lead.add?fields[TITLE]={value}"})

    assert result(sandbox, "crm.lead.get", {"id": 1})["TITLE"] == title


def test_numbered_keys_come_back_as_lists(sandbox):
    answer = batch(sandbox, {"0": "profile", "1": "scope"})

    assert isinstance(answer["result"], list)
    assert len(answer["result"]) == 2


def test_numbered_keys_with_a_gap_come_back_as_an_object(sandbox):
    answer = batch(sandbox, ["no.such.method", "server.time"])

    assert sorted(answer["result"]) == ["1"]


def test_a_command_that_is_not_text_is_passed_over(sandbox):
    answer = batch(sandbox, {"odd": {"method": "profile"}, "time": "server.time"})

    assert sorted(answer["result"]) == ["time"]
    assert answer["result_error"] == []


def test_a_batch_may_come_as_a_form(sandbox):
    url = sandbox.webhook_url + "batch"
    form = {"halt": "0", "cmd[add]": "crm.lead.add?fields[TITLE]=A%20form"}

    response = requests.post(url, data=form, timeout=TIMEOUT)

    assert response.json()["result"]["result"] == {"add": 1}
    assert result(sandbox, "crm.lead.get", {"id": 1})["TITLE"] == "A form"


def test_a_list_command_tells_its_total_and_next_page(sandbox):
    sandbox.portal.configure(burst=100)
    for _ in range(51):
        add_lead(sandbox)

    answer = batch(sandbox, {"leads": "crm.lead.list?select[]=ID", "time": "server.time"})

    assert (answer["result_total"], answer["result_next"]) == ({"leads": 51}, {"leads": 50})


def test_a_reference_to_nothing_is_empty(sandbox):
    add_lead(sandbox)
    commands = {
        "leads": "crm.item.list?entityTypeId=1",
        "found": "crm.lead.get?id=$result[leads][items][0][id]",
        "missing": "crm.lead.get?id=$result[leads][items][7][id]",
        "inside": "crm.lead.add?fields[TITLE]=After $result[found][TITLE]!",
    }

    answer = batch(sandbox, commands)

    assert answer["result"]["found"]["TITLE"] == "Open day"
    assert answer["result_error"]["missing"]["error_description"] == "Not found"
    assert sandbox.portal.leads.rows[2]["TITLE"] == "After Open day!"


def test_a_reference_may_stand_for_a_whole_list(sandbox):
    add_contact(sandbox, email="")
    add_contact(sandbox, phone="")
    add_contact(sandbox, email="")
    commands = {
        "found": "crm.duplicate.findbycomm?type=PHONE&values[]=%2B37120000001",
        "contacts": "crm.contact.list?select[]=ID&filter[@ID]=$result[found][CONTACT]",
    }

    answer = batch(sandbox, commands)

    assert answer["result"]["contacts"] == [{"ID": "1"}, {"ID": "3"}]


def test_a_batch_of_rest_3_answers_in_the_same_order(sandbox):
    calls = [{"method": "mail.mailbox.senders", "query": {}}, {"method": "no.such", "query": {}}]

    answer = call_v3(sandbox, "batch", calls).json()["result"]

    assert answer[0]["items"][0]["email"] == "info@college.example"
    assert answer[1]["error"] == "ERROR_METHOD_NOT_FOUND"


def test_the_batch_itself_has_no_operating_time(sandbox):
    sandbox.portal.configure(latency=2)

    time = call(sandbox, "batch", {"cmd": {"a": "profile", "b": "profile"}}).json()["time"]

    assert (time["duration"], time["operating"]) == (4, 0)
    assert sandbox.portal.stats()["operating"] == {"profile": 4}
