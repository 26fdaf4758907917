"""What the gateway posts: states and codes as documented, and what is no callback."""

import json
from datetime import UTC, datetime

import pytest

from integrations.messente.answers import Fault
from integrations.messente.callbacks import (
    Inbound,
    NotACallbackError,
    Report,
    State,
    is_genuine,
    read_inbound,
    read_report,
)

BODY = {
    "status": "DELIVRD",
    "sender": "BVK",
    "err": 0,
    "message_id": "m-1",
    "to": "+37120000001",
    "channel": "sms",
    "error": None,
    "omnimessage_id": "o-1",
    "timestamp": "2026-03-11T15:45:09.389630",
}


def read(**changes):
    return read_report(json.dumps(BODY | changes).encode())


@pytest.mark.parametrize("timestamp", ["0001-01-01T00:00:00+02:00", "yesterday", "", 1])
def test_a_moment_that_is_none_is_left_out(timestamp):
    assert read(timestamp=timestamp).at is None


def test_an_sms_to_us_is_read_without_what_no_database_takes():
    body = json.dumps({"sender": "+37120000001\ud800", "text": "ST\0OP"}).encode()

    assert read_inbound(body) == Inbound("+37120000001", "STOP")


def test_a_report_says_what_when_and_of_which_message():
    at = datetime(2026, 3, 11, 15, 45, 9, 389630, tzinfo=UTC)

    assert read() == Report(State.DELIVERED, "o-1", "DELIVRD", "", None, at)


@pytest.mark.parametrize(
    ("status", "error", "state", "fault"),
    [
        ("ACK", 0, State.ON_ITS_WAY, None),
        ("ACCEPTD", 0, State.ON_ITS_WAY, None),
        ("UNKNOWN", 999, State.ON_ITS_WAY, None),
        ("SOMETHING_NEW", 0, State.ON_ITS_WAY, None),
        ("SEEN", 10, State.DELIVERED, None),
        ("UNDELIV", 1, State.FAILED, Fault.OTHER),
        ("EXPIRED", 2, State.FAILED, Fault.OTHER),
        ("FAILED", 3, State.FAILED, Fault.NUMBER),
        ("REJECTD", 4, State.FAILED, Fault.ACCOUNT),
        ("FAILED", "005", State.FAILED, Fault.NUMBER),
        ("REJECTD", 7, State.FAILED, Fault.ACCOUNT),
        ("REJECTD", 8, State.FAILED, Fault.STOPPED),
        ("NACK", None, State.FAILED, Fault.OTHER),
    ],
)
def test_states_and_codes_are_read_as_documented(status, error, state, fault):
    report = read(status=status, err=error)

    assert (report.state, report.fault) == (state, fault)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"no JSON", b"{}", b'{"status": null}', b'{"status": 7}', b"\xff"]
)
def test_anything_else_is_no_report(body):
    with pytest.raises(NotACallbackError):
        read_report(body)


def test_a_moment_that_cannot_be_read_is_left_out():
    assert read(timestamp="yesterday").at is None


def test_a_signature_is_of_this_body_by_this_secret():
    # Made by `printf '{"text":"STOP"}' | openssl dgst -sha256 -hmac secret`.
    signed = "67ed67604f267f188373864f835ee6cba392724ba4dd2843b0f736154c6f2351"
    body = b'{"text":"STOP"}'

    assert is_genuine(body, signed=signed, secret="secret") is True
    assert is_genuine(body + b" ", signed=signed, secret="secret") is False
    assert is_genuine(body, signed=signed, secret="other") is False
    assert is_genuine(body, signed="", secret="") is False


def test_an_sms_that_somebody_wrote_is_read():
    body = json.dumps({"sender": "+37120000001", "text": "STOP", "recipient": "1234"})

    assert read_inbound(body.encode()) == Inbound("+37120000001", "STOP")
    with pytest.raises(NotACallbackError):
        read_inbound(b'{"text": "STOP"}')
