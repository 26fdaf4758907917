"""Acceptance cases A01 to A17: rights, limits, tokens and questions about the portal itself."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from integrations.bitrix24.sandbox import ManualClock, Sandbox, running_sandbox
from tests.integrations.bitrix24.sandbox_calls import (
    TIMEOUT,
    add_contact,
    batch,
    call,
    call_as_application,
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


def refresh(sandbox: Sandbox, token: str, **params: Any) -> requests.Response:
    query = {
        "grant_type": "refresh_token",
        "client_id": "local.sandbox",
        "client_secret": "sandbox-client-secret",
        "refresh_token": token,
        **params,
    }
    return requests.get(f"{sandbox.url}/oauth/token/", params=query, timeout=TIMEOUT)


@pytest.mark.parametrize("credentials", ["1/wrong-secret", "2/sandbox-secret"])
def test_a01_a_wrong_secret_or_user_is_refused(sandbox, credentials):
    response = requests.post(f"{sandbox.url}/rest/{credentials}/profile", timeout=TIMEOUT)

    assert refusal(response) == (401, "NO_AUTH_FOUND", "Wrong authorization data")


def test_a02_plain_http_is_refused_where_https_is_required(sandbox):
    sandbox.portal.configure(requires_https=True)

    assert refusal(call(sandbox, "profile")) == (400, "INVALID_REQUEST", "Https required")
    behind_tls = call(sandbox, "profile", headers={"X-Forwarded-Proto": "https"})
    assert behind_tls.status_code == 200


def test_a03_a_method_outside_the_scopes_is_refused(sandbox):
    sandbox.portal.configure(scopes=frozenset({"crm"}))

    assert refusal(call(sandbox, "user.current")) == (
        403,
        "insufficient_scope",
        "The request requires higher privileges than provided by the webhook token",
    )
    assert call(sandbox, "crm.lead.list").status_code == 200


@pytest.mark.parametrize("method", ["messageservice.message.send", "crm.activity.sms.send"])
def test_a04_a_method_that_does_not_exist_is_not_found(sandbox, method):
    assert refusal(call(sandbox, method)) == (404, "ERROR_METHOD_NOT_FOUND", "Method not found!")


def test_a05_the_bucket_overflows_and_drains_two_a_second(sandbox, clock):
    statuses = [call(sandbox, "profile").status_code for _ in range(60)]

    assert statuses == [200] * 50 + [503] * 10
    refused = refusal(call(sandbox, "profile"))
    assert refused == (503, "QUERY_LIMIT_EXCEEDED", "Too many requests")

    clock.advance(1)

    assert [call(sandbox, "profile").status_code for _ in range(3)] == [200, 200, 503]
    assert sandbox.portal.stats()["refused_by_rate"] == 12


def test_a05_a_batch_counts_as_one_request(sandbox):
    for _ in range(50):
        batch(sandbox, {f"p_{number}": "profile" for number in range(50)})

    assert call(sandbox, "profile").status_code == 503
    assert sandbox.portal.stats()["commands"] == 2500


def test_a06_a_method_over_its_operating_time_is_blocked_alone(sandbox, clock):
    sandbox.portal.configure(method_latency={"crm.lead.list": 20})
    answers = [call(sandbox, "crm.lead.list") for _ in range(25)]

    assert [answer.status_code for answer in answers] == [200] * 25
    assert answers[-1].json()["time"]["operating"] == 500
    assert refusal(call(sandbox, "crm.lead.list")) == (
        429,
        "OPERATION_TIME_LIMIT",
        "Method is blocked due to operation time limit",
    )
    assert call(sandbox, "crm.contact.list").status_code == 200

    clock.advance(answers[-1].json()["time"]["operating_reset_at"] - clock.now())

    assert call(sandbox, "crm.lead.list").status_code == 200


def test_a06_inside_a_batch_the_blocked_method_fails_with_status_200(sandbox):
    sandbox.portal.configure(method_latency={"crm.lead.list": 30}, operating_limit=25)
    call(sandbox, "crm.lead.list")

    answer = batch(sandbox, {"leads": "crm.lead.list", "contacts": "crm.contact.list"})

    assert answer["result_error"]["leads"]["error"] == "OPERATION_TIME_LIMIT"
    assert answer["result"] == {"contacts": []}
    assert sandbox.portal.stats()["refused_by_operating_time"] == 1


def test_a07_every_success_tells_its_time(sandbox):
    sandbox.portal.configure(latency=0.5)

    time = call(sandbox, "profile").json()["time"]

    assert (time["operating"], time["duration"]) == (0.5, 0.5)
    assert isinstance(time["operating_reset_at"], int)
    assert time["date_start"] == "2026-03-12T17:00:00+02:00"


def test_a07_both_operating_keys_may_be_missing(sandbox):
    sandbox.portal.configure(shows_operating=False)

    time = call(sandbox, "profile").json()["time"]

    assert sorted(time) == [
        "date_finish",
        "date_start",
        "duration",
        "finish",
        "processing",
        "start",
    ]


def test_a08_an_overloaded_portal_is_blocked(sandbox):
    sandbox.portal.configure(is_overloaded=True)

    assert refusal(call(sandbox, "profile")) == (
        503,
        "OVERLOAD_LIMIT",
        "REST API is blocked due to overload",
    )


def test_a09_a_free_plan_has_no_rest(sandbox):
    sandbox.portal.configure(is_commercial=False)

    assert refusal(call(sandbox, "profile")) == (
        403,
        "ACCESS_DENIED",
        "REST API is available only on commercial plans",
    )


def test_a10_an_access_token_expires_after_an_hour(sandbox, clock):
    assert call_as_application(sandbox, "profile").status_code == 200
    token = sandbox.portal.oauth.issue_access_token()

    clock.advance(3601)

    url = f"{sandbox.url}/rest/profile"
    response = requests.post(url, json={"auth": token}, timeout=TIMEOUT)
    assert refusal(response) == (401, "expired_token", "The access token provided has expired.")


def test_a11_a_refresh_gives_new_tokens_each_time(sandbox):
    first = refresh(sandbox, sandbox.portal.oauth.issue_refresh_token()).json()

    second = refresh(sandbox, first["refresh_token"]).json()

    assert (second["expires_in"], second["user_id"], second["status"]) == (3600, 1, "F")
    tokens = {first[name] for name in ("access_token", "refresh_token")}
    assert tokens.isdisjoint({second["access_token"], second["refresh_token"]})
    url = f"{sandbox.url}/rest/profile?auth={second['access_token']}"
    assert requests.get(url, timeout=TIMEOUT).status_code == 200


def test_a11_an_authorisation_code_is_good_once_and_for_thirty_seconds(sandbox, clock):
    code = sandbox.portal.oauth.issue_code()
    exchange = {"grant_type": "authorization_code", "refresh_token": None}

    assert refresh(sandbox, "", **exchange, code=code).status_code == 200
    assert refusal(refresh(sandbox, "", **exchange, code=code))[:2] == (400, "invalid_grant")
    late = sandbox.portal.oauth.issue_code()
    clock.advance(31)
    assert refusal(refresh(sandbox, "", **exchange, code=late))[:2] == (400, "invalid_grant")


def test_a11_a_stranger_gets_no_tokens(sandbox):
    token = sandbox.portal.oauth.issue_refresh_token()

    assert refusal(refresh(sandbox, token, client_secret="guess"))[1] == "invalid_client"
    assert refusal(refresh(sandbox, "guess"))[1] == "invalid_grant"
    assert refusal(refresh(sandbox, token, grant_type="password"))[1] == "invalid_request"


def test_a12_without_a_subscription_there_are_no_tokens(sandbox):
    sandbox.portal.configure(is_subscribed=False)
    token = sandbox.portal.oauth.issue_refresh_token()

    refused = refusal(refresh(sandbox, token))

    assert refused == (400, "PAYMENT_REQUIRED", "Payment required")


def test_a13_a_renamed_portal_points_to_its_new_address(sandbox):
    new_address = sandbox.url.replace("127.0.0.1", "localhost")
    sandbox.portal.configure(moved_to=new_address)

    response = call(sandbox, "crm.lead.add", {"fields": {"TITLE": "Moved"}})

    assert response.status_code == 302
    location = response.headers["Location"]
    assert location == f"{new_address}/rest/1/sandbox-secret/crm.lead.add"
    body = {"fields": {"TITLE": "Moved"}}
    assert requests.post(location, json=body, timeout=TIMEOUT).json()["result"] == 1
    assert result_titles(sandbox) == ["Moved"]


def result_titles(sandbox: Sandbox) -> list[str]:
    return [row["TITLE"] for row in sandbox.portal.leads.rows.values()]


def test_a14_a_server_fault_is_500(sandbox):
    sandbox.portal.faults.add_spec("500:count=1")

    assert refusal(call(sandbox, "profile")) == (
        500,
        "INTERNAL_SERVER_ERROR",
        "Internal server error",
    )
    assert call(sandbox, "profile").status_code == 200


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("user.get", {"isExisting": True, "isAvailable": True}),
        ("bizproc.workflow.start", {"isExisting": True, "isAvailable": False}),
        ("messageservice.message.send", {"isExisting": False, "isAvailable": False}),
    ],
)
def test_a15_method_get_tells_whether_a_method_can_be_called(sandbox, name, expected):
    sandbox.portal.configure(scopes=frozenset({"user_basic"}))

    assert result(sandbox, "method.get", {"name": name}) == expected


def test_a16_feature_get_needs_a_code(sandbox):
    assert refusal(call(sandbox, "feature.get")) == (400, "CODE_EMPTY", "CODE can't be empty")
    assert result(sandbox, "feature.get", {"CODE": "rest"}) == {"value": "Y"}


def test_a17_the_crm_mode_is_told(sandbox):
    assert result(sandbox, "crm.settings.mode.get") == 1
    sandbox.portal.configure(crm_mode=2)
    assert result(sandbox, "crm.settings.mode.get") == 2


def test_the_portal_tells_who_asks_and_what_is_allowed(sandbox):
    sandbox.portal.configure(scopes=frozenset({"crm", "bizproc"}))

    assert result(sandbox, "profile")["ADMIN"] is True
    assert result(sandbox, "scope") == ["bizproc", "crm"]
    assert result(sandbox, "server.time") == "2026-03-12T17:00:00+02:00"


def test_the_e_mail_of_users_needs_more_than_the_brief_scope(sandbox):
    assert result(sandbox, "user.get", {"ID": 1})[0]["EMAIL"] == "integration@college.example"
    assert result(sandbox, "user.get", {"ID": 7}) == []

    sandbox.portal.configure(scopes=frozenset({"user_brief"}))

    assert "EMAIL" not in result(sandbox, "user.current")


@pytest.mark.parametrize("name", ["crm.contact.get", "CRM.Contact.Get", "crm.contact.get.json"])
def test_a_method_is_found_in_any_case_and_with_its_suffix(sandbox, name):
    contact_id = add_contact(sandbox)

    assert result(sandbox, name, {"id": contact_id})["NAME"] == "Anna"


def test_parameters_may_come_as_a_form_in_the_address_or_as_json(sandbox):
    url = sandbox.webhook_url + "crm.lead.add"
    bracketed = {"fields[TITLE]": "Form", "fields[PHONE][0][VALUE]": "+37120000001"}

    requests.post(url, data=bracketed, timeout=TIMEOUT)
    requests.get(url, params={"fields[TITLE]": "Address"}, timeout=TIMEOUT)
    requests.post(url, json={"fields": {"TITLE": "JSON"}}, timeout=TIMEOUT)

    assert result_titles(sandbox) == ["Form", "Address", "JSON"]
    assert result(sandbox, "crm.lead.get", {"id": 1})["PHONE"][0]["VALUE"] == "+37120000001"


def test_a_body_that_is_not_json_is_refused(sandbox):
    headers = {"Content-Type": "application/json"}
    url = sandbox.webhook_url + "profile"

    response = requests.post(url, data="{broken", headers=headers, timeout=TIMEOUT)

    assert refusal(response)[:2] == (400, "INVALID_REQUEST")


def test_a_request_that_lasts_over_a_minute_is_cut_off(sandbox):
    sandbox.portal.configure(method_latency={"crm.lead.add": 25})
    commands = {f"lead_{number}": "crm.lead.add?fields[TITLE]=Slow" for number in range(4)}

    response = call(sandbox, "batch", {"cmd": commands})

    assert (response.status_code, response.headers["Content-Type"]) == (
        504,
        "text/html; charset=utf-8",
    )
    assert result_titles(sandbox) == ["Slow", "Slow"]
