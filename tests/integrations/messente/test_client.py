"""What the gateway's answers mean, answer by answer, and that the password shows up nowhere."""

import json
import logging
import socket
import traceback
from base64 import b64encode

import pytest
import requests
import responses

from integrations.messente.client import Messente, MessenteError
from integrations.outcomes import Done, Kind, NotExecuted, Refused, Unclear, Why

PASSWORD = "the-password-of-the-key"
API = "https://api.messente.com/v1"
SEND = f"{API}/omnimessage"
REPORT_URL = "https://smm.example.org/messente/report"


def client(url=API):
    return Messente("college", PASSWORD, url)


def send(url=API):
    return client(url).send_sms(
        to="+37120000001", text="Labdien!", sender="BVK", minutes=20, report_url=REPORT_URL
    )


def refusal(detail, source=None, code="105"):
    return {"errors": [{"title": "Invalid data", "code": code, "detail": detail, "source": source}]}


@responses.activate
def test_an_sms_that_is_taken_has_the_number_of_the_gateway():
    answer = {
        "messages": [{"channel": "sms", "message_id": "m-1", "sender": "BVK"}],
        "omnimessage_id": "o-1",
        "to": "+37120000001",
    }
    responses.post(SEND, status=201, json=answer)

    outcome = send()

    request = responses.calls[0].request
    assert outcome == Done("o-1")
    assert json.loads(request.body) == {
        "to": "+37120000001",
        "messages": [
            {
                "channel": "sms",
                "sender": "BVK",
                "text": "Labdien!",
                "validity": 20,
                "autoconvert": "off",
            }
        ],
        "dlr_url": REPORT_URL,
    }
    signed_in = b64encode(f"college:{PASSWORD}".encode()).decode()
    assert request.headers["Authorization"] == f"Basic {signed_in}"


@responses.activate
@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (
            400,
            refusal("Not a valid phone number.", "to"),
            Refused("number", "Not a valid phone number.", Kind.DATA),
        ),
        (
            400,
            refusal("Recipient is blacklisted", "to"),
            Refused("stopped", "Recipient is blacklisted", Kind.DATA),
        ),
        (
            403,
            refusal("Number is in blacklist", code="102"),
            Refused("stopped", "Number is in blacklist", Kind.DATA),
        ),
        (
            400,
            refusal("Unknown name", "messages.0.sender"),
            Refused("account", "Unknown name", Kind.ACCOUNT),
        ),
        (
            401,
            refusal("Unauthorized", code="103"),
            Refused("account", "Unauthorized", Kind.ACCOUNT),
        ),
        (402, refusal("No balance"), Refused("account", "No balance", Kind.ACCOUNT)),
        (403, {}, Refused("account", "HTTP 403", Kind.ACCOUNT)),
        (404, None, Refused("account", "HTTP 404", Kind.ACCOUNT)),
        (
            400,
            refusal("Text is missing", "messages.0.text"),
            Refused("other", "Text is missing", Kind.DATA),
        ),
    ],
)
def test_a_refusal_says_whose_fault_it_is(status, answer, expected):
    responses.post(SEND, status=status, json=answer)

    assert send() == expected


@responses.activate
def test_too_many_calls_and_no_service_are_surely_not_executed():
    responses.post(SEND, status=429, headers={"Retry-After": "7"})
    responses.post(SEND, status=503)

    assert send() == NotExecuted(Why.THROTTLED, 7)
    assert send() == NotExecuted(Why.SERVER_ERROR, None, "503")


@responses.activate
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (500, "", Unclear(Why.SERVER_ERROR, "500")),
        (502, "", Unclear(Why.SERVER_ERROR, "502")),
        (302, "", Unclear(Why.SERVER_ERROR, "302")),
        (201, "not JSON", Unclear(Why.UNREADABLE)),
        (200, "{}", Unclear(Why.UNREADABLE)),
    ],
)
def test_whatever_may_have_been_executed_is_unclear(status, body, expected):
    responses.post(SEND, status=status, body=body)

    assert send() == expected


def test_where_nobody_listens_nothing_was_executed():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert send(f"http://127.0.0.1:{port}/v1").reason is Why.NO_CONNECTION


@responses.activate
def test_an_answer_that_does_not_come_is_unclear():
    responses.post(SEND, body=requests.ReadTimeout("too slow"))

    assert send() == Unclear(Why.TIMEOUT, "ReadTimeout")


@responses.activate
def test_the_blacklist_is_a_set_of_numbers():
    responses.get(f"{API}/phonebook/blacklist", json={"phoneNumbers": ["+37120000009"]})

    assert client().blacklist() == {"+37120000009"}


@responses.activate
def test_one_number_is_asked_about():
    responses.get(f"{API}/phonebook/blacklist/%2B37120000009", status=204)
    responses.get(f"{API}/phonebook/blacklist/%2B37120000008", status=404, json=refusal("No."))

    assert client().is_blacklisted("+37120000009") is True
    assert client().is_blacklisted("+37120000008") is False


@responses.activate
@pytest.mark.parametrize("answer", [{"status": 401}, {"status": 500}, {"json": {}}, {"json": []}])
def test_a_blacklist_that_cannot_be_read_is_never_an_empty_one(answer):
    responses.get(f"{API}/phonebook/blacklist", **answer)

    with pytest.raises(MessenteError):
        client().blacklist()


@responses.activate
def test_the_state_of_a_message_is_asked_for_by_its_number():
    told = {
        "statuses": [
            {"status": "DELIVRD", "err": 0, "error": None, "timestamp": "2026-03-11T15:45:09"}
        ]
    }
    responses.get(f"{API}/omnimessage/o-1/status", json=told)
    responses.get(f"{API}/omnimessage/o-2/status", status=404, json=refusal("No such message"))

    report = client().report("o-1")

    assert (report.state, report.number, report.code) == ("delivered", "o-1", "DELIVRD")
    assert client().report("o-2") is None


@responses.activate
@pytest.mark.parametrize(
    "failure",
    [
        requests.ConnectionError(f"refused for college:{PASSWORD}"),
        requests.ReadTimeout(PASSWORD),
    ],
)
def test_the_password_shows_up_nowhere(failure, caplog):
    responses.get(f"{API}/phonebook/blacklist", body=failure)

    with caplog.at_level(logging.DEBUG), pytest.raises(MessenteError) as raised:
        client().blacklist()

    texts = [*traceback.format_exception(raised.value), repr(client()), caplog.text]
    assert raised.value.__context__ is None
    assert PASSWORD not in "\n".join(texts)
