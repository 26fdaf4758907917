"""What goes wrong on demand: which requests it strikes, how often, and what is left behind."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from integrations.bitrix24.sandbox import FaultError, ManualClock, Sandbox, running_sandbox
from integrations.bitrix24.sandbox.faults import Fault, FaultList
from tests.integrations.bitrix24.sandbox_calls import (
    TIMEOUT,
    add_contact,
    add_lead,
    batch,
    call,
    get,
    post,
    refusal,
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sandbox(clock: ManualClock) -> Iterator[Sandbox]:
    with running_sandbox(clock=clock) as running:
        yield running


def lead_commands(count: int) -> dict[str, str]:
    return {f"m_{number}": "crm.lead.add?fields[TITLE]=One" for number in range(count)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("503", (503, "QUERY_LIMIT_EXCEEDED", "Too many requests")),
        ("429", (429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit")),
        ("500", (500, "INTERNAL_SERVER_ERROR", "Internal server error")),
    ],
)
def test_a_fault_answers_in_place_of_the_work(sandbox, name, expected):
    sandbox.portal.faults.add_spec(f"{name}:count=1")

    refused = refusal(call(sandbox, "crm.lead.add", {"fields": {"TITLE": "One"}}))

    assert refused == expected
    assert len(sandbox.portal.leads.rows) == 0
    assert sandbox.portal.stats()["refused_by_rate"] == 0


def test_an_html_body_has_no_json(sandbox):
    sandbox.portal.faults.add_spec("html")

    response = call(sandbox, "crm.lead.add", {"fields": {"TITLE": "One"}})

    assert (response.status_code, response.text[:15]) == (502, "<!DOCTYPE html>")
    assert len(sandbox.portal.leads.rows) == 0


@pytest.mark.parametrize("kind", ["500", "html", "drop", "hang"])
def test_an_execute_then_fault_comes_after_the_work(sandbox, kind):
    sandbox.portal.faults.add_spec(f"execute-then-{kind}:seconds=0.01")

    try:
        status = call(sandbox, "crm.lead.add", {"fields": {"TITLE": "One"}}).status_code
    except requests.ConnectionError:
        status = None

    assert status == {"500": 500, "html": 502}.get(kind)
    assert len(sandbox.portal.leads.rows) == 1


def test_a_hanging_request_outlasts_the_patience_of_the_caller(sandbox):
    sandbox.portal.faults.add_spec("hang:seconds=30")

    with pytest.raises(requests.ReadTimeout):
        requests.post(sandbox.webhook_url + "profile", json={}, timeout=0.1)

    assert sandbox.portal.stats()["methods"] == {}


def test_a_sandbox_stops_while_a_request_hangs():
    started = time.monotonic()
    with running_sandbox() as sandbox:
        sandbox.portal.faults.add_spec("hang:seconds=30")
        with pytest.raises(requests.ReadTimeout):
            requests.post(sandbox.webhook_url + "profile", json={}, timeout=0.1)

    assert time.monotonic() - started < 5


def test_a_slow_request_succeeds_late(sandbox, clock):
    sandbox.portal.faults.add_spec("slow:seconds=12")
    before = clock.now()

    assert call(sandbox, "profile").status_code == 200
    assert clock.now() - before == 12


def test_a_redirect_leads_to_the_same_portal_by_another_name(sandbox):
    sandbox.portal.faults.add_spec("302:count=1")
    body = {"fields": {"TITLE": "One"}}

    response = call(sandbox, "crm.lead.add", body)

    assert response.status_code == 302
    location = response.headers["Location"]
    assert location.startswith("http://localhost:")
    assert requests.post(location, json=body, timeout=TIMEOUT).json()["result"] == 1


def test_a_refusal_can_be_worded(sandbox):
    text = "Email send error. General error"
    fault = {"name": "error", "method": "crm.activity.add", "text": text}
    post(sandbox, "faults", fault)

    assert refusal(call(sandbox, "crm.activity.add")) == (400, "", text)
    assert call(sandbox, "profile").status_code == 200


def test_a_fault_of_a_method_strikes_the_batches_that_call_it(sandbox):
    sandbox.portal.faults.add_spec("execute-then-drop:method=crm.lead.add,count=1")
    assert batch(sandbox, {"time": "server.time"})["result_error"] == []

    with pytest.raises(requests.ConnectionError):
        batch(sandbox, lead_commands(3))

    assert len(sandbox.portal.leads.rows) == 3
    assert len(batch(sandbox, lead_commands(3))["result"]) == 3


def test_a_batch_can_be_cut_after_some_of_its_commands(sandbox):
    sandbox.portal.faults.add_spec("execute-then-drop:count=1,after=2")

    with pytest.raises(requests.ConnectionError):
        batch(sandbox, lead_commands(5))

    assert len(sandbox.portal.leads.rows) == 2


@pytest.mark.parametrize(
    ("name", "code"), [("429", "OPERATION_TIME_LIMIT"), ("500", "INTERNAL_SERVER_ERROR")]
)
def test_a_fault_of_a_method_can_strike_single_commands(sandbox, name, code):
    sandbox.portal.faults.add_spec(f"{name}:method=crm.lead.add,count=2")

    answer = batch(sandbox, {**lead_commands(3), "time": "server.time"})

    assert {key: error["error"] for key, error in answer["result_error"].items()} == {
        "m_0": code,
        "m_1": code,
    }
    assert sorted(answer["result"]) == ["m_2", "time"]


def test_a_share_of_requests_fails_and_the_same_ones_every_time():
    def pattern() -> list[bool]:
        faults = FaultList(seed=7)
        faults.add_spec("503:probability=5%")
        return [faults.strike_request(["profile"], is_batch=False) is not None for _ in range(1000)]

    assert pattern() == pattern()
    assert 30 < sum(pattern()) < 70


def test_a_fault_names_its_method_in_any_case(sandbox):
    sandbox.portal.faults.add_spec("500:method=CRM.Lead.Add")

    assert call(sandbox, "crm.lead.add").status_code == 500
    assert call(sandbox, "crm.lead.list").status_code == 200


def test_faults_are_listed_counted_and_removed_while_running(sandbox):
    added = post(sandbox, "faults", {"name": "503", "count": 3})
    post(sandbox, "faults", {"name": "html", "method": "batch"})
    call(sandbox, "profile")

    assert get(sandbox, "faults")[0] == {
        "id": added["id"],
        "name": "503",
        "method": "",
        "probability": 1.0,
        "count": 2,
        "fired": 1,
    }
    left = post(sandbox, "faults/remove", {"id": added["id"]})
    assert [fault["name"] for fault in left] == ["html"]
    assert post(sandbox, "faults/remove") == []
    assert sandbox.portal.stats()["faults_fired"] == {"503": 1}


@pytest.mark.parametrize(
    "spec",
    [
        "flood",
        "503:probability=2",
        "503:probability=-1%",
        "503:count=-1",
        "503:count=many",
        "hang:seconds=nan",
        "503:colour=red",
        "503:method",
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(spec):
    with pytest.raises(FaultError):
        Fault.from_spec(spec)


def test_a_wrong_fault_from_a_form_is_explained(sandbox):
    form: dict[str, Any] = {"name": "flood"}

    response = requests.post(f"{sandbox.url}/sandbox/faults", data=form, timeout=TIMEOUT)

    assert response.status_code == 400
    assert response.json()["error"].startswith("“flood” is not a fault.")


def test_a_reset_forgets_what_was_sent_asked_and_broken_but_not_the_people(sandbox):
    add_contact(sandbox)
    add_lead(sandbox)
    sandbox.portal.faults.add_spec("html")

    stats = post(sandbox, "reset")

    assert (stats["requests"], stats["contacts"], stats["leads"]) == (0, 1, 1)
    assert get(sandbox, "faults") == []
    assert post(sandbox, "reset", {"everything": True})["contacts"] == 0
