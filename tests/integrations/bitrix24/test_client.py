"""Single calls: which answer means what, what is repeated, and what never is."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import responses

from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24Error
from integrations.bitrix24.limiter import Bucket, MemoryLimiter
from integrations.outcomes import Done, Kind, NotExecuted, Refused, Unclear, Why
from tests.integrations.bitrix24.fakes import URL, FakeTime, client_at

ADD = Command("crm.activity.add", {"fields": {"SUBJECT": "Webinar"}})
TIME = {"start": 1.0, "finish": 1.6, "duration": 0.6, "operating_reset_at": 1, "operating": 3.3}


def error(code, description=""):
    return {"error": code, "error_description": description}


def portal(*answers, method="crm.activity.add"):
    """Give these answers, one after the other, as (status, body) with JSON or HTML."""
    for status, body in answers:
        kind = {"body": body} if isinstance(body, str) else {"json": body}
        responses.post(f"{URL}{method}", status=status, **kind)


def calls():
    return [json.loads(call.request.body) for call in responses.calls]


@responses.activate
@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, {"result": 999, "time": TIME}, Done(999)),
        (200, {"result": [], "total": 120, "next": 50}, Done([], total=120, next=50)),
        (200, "<html>Login</html>", Unclear(Why.UNREADABLE, "HTTP 200")),
        (
            401,
            error("NO_AUTH_FOUND", "Wrong authorization data"),
            Refused("NO_AUTH_FOUND", "Wrong authorization data", Kind.ACCOUNT),
        ),
        (
            401,
            error("expired_token", "The access token provided has expired."),
            Refused("expired_token", "The access token provided has expired.", Kind.ACCOUNT),
        ),
        (
            403,
            error("insufficient_scope", "The request requires higher privileges"),
            Refused("insufficient_scope", "The request requires higher privileges", Kind.ACCOUNT),
        ),
        (
            403,
            error("ACCESS_DENIED", "REST API is available only on commercial plans"),
            Refused(
                "ACCESS_DENIED", "REST API is available only on commercial plans", Kind.ACCOUNT
            ),
        ),
        (403, "<html>Forbidden</html>", Refused("HTTP 403", "", Kind.ACCOUNT)),
        (
            404,
            error("ERROR_METHOD_NOT_FOUND", "Method not found!"),
            Refused("ERROR_METHOD_NOT_FOUND", "Method not found!", Kind.ACCOUNT),
        ),
        (
            503,
            error("OVERLOAD_LIMIT", "REST API is blocked due to overload"),
            Refused("OVERLOAD_LIMIT", "REST API is blocked due to overload", Kind.ACCOUNT),
        ),
        (
            500,
            error("PORTAL_DELETED", "Portal was deleted"),
            Refused("PORTAL_DELETED", "Portal was deleted", Kind.ACCOUNT),
        ),
        (402, error("PAYMENT_REQUIRED"), Refused("PAYMENT_REQUIRED", "", Kind.ACCOUNT)),
        (
            400,
            error("", "The field SUBJECT is not defined or empty."),
            Refused("", "The field SUBJECT is not defined or empty.", Kind.DATA),
        ),
        (
            400,
            error("", "Could not find 'CONTACT' with ID: 1\nSomething else"),
            Refused("", "Could not find 'CONTACT' with ID: 1\nSomething else", Kind.DATA),
        ),
        (400, error("", "ACCESS DENIED."), Refused("", "ACCESS DENIED.", Kind.ACCOUNT)),
        (
            400,
            error("ERROR_WRONG_WORKFLOW_ID", "Template not found"),
            Refused("ERROR_WRONG_WORKFLOW_ID", "Template not found", Kind.ACCOUNT),
        ),
        (
            400,
            error("", "Template type and DOCUMENT_ID mismatch!"),
            Refused("", "Template type and DOCUMENT_ID mismatch!", Kind.ACCOUNT),
        ),
        (400, error("", "Wrong DOCUMENT_ID!"), Refused("", "Wrong DOCUMENT_ID!", Kind.DATA)),
        (
            400,
            error("", "Email send error. Invalid email is specified"),
            Refused("", "Email send error. Invalid email is specified", Kind.DATA, True),
        ),
        (
            400,
            error("", "Email send error. &quot;From&quot; is not found"),
            Refused("", 'Email send error. "From" is not found', Kind.ACCOUNT, True),
        ),
        (
            400,
            error("", "Email send error. General error"),
            Unclear(Why.SERVER_ERROR, "Email send error. General error"),
        ),
        (
            400,
            {
                "error": {
                    "code": "BITRIX_REST_V3_EXCEPTION_VALIDATION_REQUESTVALIDATIONEXCEPTION",
                    "message": "Error validating request object",
                    "validation": [{"message": "Mandatory field is missing", "field": "from"}],
                }
            },
            Refused(
                "BITRIX_REST_V3_EXCEPTION_VALIDATION_REQUESTVALIDATIONEXCEPTION",
                "Error validating request object\nfrom: Mandatory field is missing",
                Kind.DATA,
            ),
        ),
        (
            500,
            error("INTERNAL_SERVER_ERROR", "Internal server error"),
            Unclear(Why.SERVER_ERROR, "INTERNAL_SERVER_ERROR"),
        ),
        (
            500,
            error("ERROR_UNEXPECTED_ANSWER", "Server returned an unexpected response"),
            Unclear(Why.SERVER_ERROR, "ERROR_UNEXPECTED_ANSWER"),
        ),
        (502, "<html>Bad Gateway</html>", Unclear(Why.SERVER_ERROR, "HTTP 502")),
        (503, "<html>Unavailable</html>", Unclear(Why.SERVER_ERROR, "HTTP 503")),
        (504, "", Unclear(Why.SERVER_ERROR, "HTTP 504")),
    ],
)
def test_a_writing_call_has_exactly_one_outcome_and_is_made_once(status, body, outcome):
    portal((status, body))

    assert client_at().call(ADD) == outcome
    assert len(responses.calls) == 1


@responses.activate
def test_a_call_that_was_throttled_is_made_again_while_there_is_time():
    portal(
        (503, error("QUERY_LIMIT_EXCEEDED", "Too many requests")),
        (503, error("QUERY_LIMIT_EXCEEDED", "Too many requests")),
        (200, {"result": 999}),
    )
    time = FakeTime()
    limiter = MemoryLimiter(Bucket(burst=50, drain=2), time)

    outcome = client_at(time=time, limiter=limiter).call(ADD)

    assert outcome == Done(999)
    # Back off for 1 s, wait for the full bucket at half the rate; then for 2 s, and again.
    assert time.slept == [1, pytest.approx(3), 2, pytest.approx(2)]


@responses.activate
def test_a_call_that_was_throttled_is_not_made_after_the_deadline():
    portal((503, error("QUERY_LIMIT_EXCEEDED", "Too many requests")))
    time = FakeTime()
    soon = datetime.fromtimestamp(time.now + 0.9, UTC)

    outcome = client_at(time=time).call(ADD, deadline=soon)

    assert outcome == NotExecuted(Why.THROTTLED, detail="QUERY_LIMIT_EXCEEDED")
    assert (len(responses.calls), time.slept) == (1, [])


@responses.activate
def test_nothing_is_started_after_the_deadline():
    portal((200, {"result": 999}))
    time = FakeTime()
    past = datetime.fromtimestamp(time.now - 1, UTC)

    assert client_at(time=time).call(ADD, deadline=past) == NotExecuted(Why.OUT_OF_TIME)
    assert len(responses.calls) == 0


@responses.activate
def test_a_call_does_not_queue_for_a_place_that_comes_too_late():
    portal((200, {"result": 1}))
    time = FakeTime()
    limiter = MemoryLimiter(Bucket(burst=1, drain=0.1, margin_seconds=0), time)
    client = client_at(time=time, limiter=limiter, patience=5)

    outcomes = [client.call(ADD), client.call(ADD)]

    assert outcomes == [Done(1), NotExecuted(Why.THROTTLED, retry_after=10)]
    assert len(responses.calls) == 1


@responses.activate
def test_a_method_without_operating_time_rests_and_the_others_go_on():
    time = FakeTime()
    reset_at = time.now + 400
    portal(
        (
            429,
            error("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit")
            | {"time": {"operating_reset_at": reset_at}},
        )
    )
    portal((200, {"result": "66e8.56"}), method="bizproc.workflow.start")
    limiter = MemoryLimiter(clock=time)
    client = client_at(time=time, limiter=limiter)

    refused, resting = client.call(ADD), client.call(ADD)
    other = client.call(Command("bizproc.workflow.start"))

    assert refused == NotExecuted(Why.METHOD_PAUSED, 400, "OPERATION_TIME_LIMIT")
    assert resting == NotExecuted(Why.METHOD_PAUSED, 400)
    assert other == Done("66e8.56")
    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize("reset_at", [None, "not a time", "2020-01-01T00:00:00+02:00"])
def test_a_method_rests_five_minutes_when_the_portal_says_nothing_of_use(reset_at):
    body = error("OPERATION_TIME_LIMIT") | {"time": {"operating_reset_at": reset_at}}
    portal((429, body))
    time = FakeTime()

    outcome = client_at(time=time, limiter=MemoryLimiter(clock=time)).call(ADD)

    assert outcome == NotExecuted(Why.METHOD_PAUSED, 300, "OPERATION_TIME_LIMIT")


@responses.activate
def test_a_proxy_that_throttles_says_when_to_come_back():
    responses.post(
        f"{URL}crm.activity.add", status=429, body="<html>", headers={"Retry-After": "7"}
    )
    portal((200, {"result": 999}))
    time = FakeTime()

    outcome = client_at(time=time, limiter=MemoryLimiter(clock=time)).call(ADD)

    assert outcome == Done(999)
    assert time.slept[0] == 7


@responses.activate
def test_a_question_is_asked_again_more_and_more_slowly():
    portal(
        (500, error("INTERNAL_SERVER_ERROR")),
        (502, "<html>"),
        (200, "<html>"),
        (503, "<html>"),
        (504, ""),
        (200, {"result": ["crm", "bizproc"]}),
        method="scope",
    )
    time = FakeTime()

    answer = client_at(time=time).read(Command("scope"))

    assert answer == Done(["crm", "bizproc"])
    assert time.slept == [1, 2, 4, 8, 16]


@responses.activate
def test_a_question_without_an_answer_raises_after_all_patience():
    portal((500, error("INTERNAL_SERVER_ERROR")), method="scope")
    time = FakeTime()

    with pytest.raises(Bitrix24Error) as raised:
        client_at(time=time, patience=10).read(Command("scope"))

    assert raised.value.outcome == Unclear(Why.SERVER_ERROR, "INTERNAL_SERVER_ERROR")
    assert str(raised.value) == (
        "Bitrix24 did not answer scope: server error (INTERNAL_SERVER_ERROR)"
    )
    assert time.slept == [1, 2, 4]


@responses.activate
def test_a_question_that_is_refused_is_not_asked_again():
    portal((400, error("NOT_FOUND", "Element not found")), method="crm.item.get")

    with pytest.raises(Bitrix24Error, match="Element not found"):
        client_at().read(Command("crm.item.get", {"entityTypeId": 1, "id": 999999}))

    assert len(responses.calls) == 1


@responses.activate
def test_parameters_travel_without_none_and_with_booleans_as_bitrix24_writes_them():
    portal((200, {"result": 1}))
    moment = datetime(2026, 3, 12, 15, tzinfo=UTC)
    fields = {"A": None, "B": True, "C": [1, None, {"D": None, "E": moment}], "F": "ā&b"}

    client_at().call(Command("crm.activity.add", {"fields": fields}))

    assert calls() == [
        {"fields": {"B": "Y", "C": [1, {"E": "2026-03-12T15:00:00+00:00"}], "F": "ā&b"}}
    ]


@responses.activate
def test_a_call_of_rest_3_goes_to_its_own_address():
    responses.post(
        URL.replace("/rest/", "/rest/api/") + "mail.mailbox.senders", json={"result": {"items": []}}
    )

    answer = client_at().read(Command("mail.mailbox.senders", version=3))

    assert answer == Done({"items": []})


@responses.activate
def test_the_difference_of_the_clocks_is_known_after_an_answer():
    ahead = datetime.now(UTC) + timedelta(seconds=90)
    date = ahead.strftime("%a, %d %b %Y %H:%M:%S GMT")
    responses.post(f"{URL}profile", json={"result": {}}, headers={"Date": date})
    client = client_at()
    before = client.clock_skew()

    client.read(Command("profile"))

    assert before is None
    assert client.clock_skew() == pytest.approx(timedelta(seconds=89.5), abs=timedelta(seconds=2))
