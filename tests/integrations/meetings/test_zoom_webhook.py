"""Zoom's calls: signed, answered and read."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.meetings import zoom_webhook
from integrations.meetings.intervals import paired
from integrations.meetings.zoom_webhook import NotASignError, Sign, SignKind

SECRET = "secret-token"
NOW = datetime(2026, 3, 11, 16, 0, 30, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
BODY = b'{"event":"meeting.participant_joined"}'


def is_genuine(body=BODY, timestamp=STAMP, signed=None, secret=SECRET, now=NOW):
    signed = zoom_webhook.signature(SECRET, timestamp, body) if signed is None else signed
    return zoom_webhook.is_genuine(body, timestamp=timestamp, signed=signed, secret=secret, now=now)


def test_the_signature_is_the_one_openssl_makes():
    # printf 'v0:1700000000:{"a":1}' | openssl dgst -sha256 -hmac secret-token
    assert (
        zoom_webhook.signature(SECRET, "1700000000", b'{"a":1}')
        == "v0=f1960ee1f5254072e927eab4485022188bb72934605b2889b3f9eba5853fc926"
    )


def test_a_signature_holds_for_its_own_body_secret_and_moment():
    assert is_genuine()
    assert not is_genuine(body=BODY + b" ", signed=zoom_webhook.signature(SECRET, STAMP, BODY))
    assert not is_genuine(secret="another")
    assert not is_genuine(secret="", signed=zoom_webhook.signature("", STAMP, BODY))
    assert not is_genuine(signed="")
    assert not is_genuine(signed="ā")


@pytest.mark.parametrize(("minutes", "genuine"), [(-6, False), (-4, True), (4, True), (6, False)])
def test_a_call_is_believed_for_five_minutes(minutes, genuine):
    assert is_genuine(now=NOW + timedelta(minutes=minutes)) is genuine


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "9" * 400, "²"])
def test_a_moment_that_is_no_number_is_not_believed(timestamp):
    assert not is_genuine(timestamp=timestamp)


def test_the_question_for_the_secret_is_answered():
    call = {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}

    # printf qgg8vlvZRS6UYooatFL8Aw | openssl dgst -sha256 -hmac secret-token
    assert zoom_webhook.validation_answer(call, SECRET) == {
        "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
        "encryptedToken": "5b72bd117f184f54093c1c3c11499c1d13e6d56dc0d96e6b78fbfecedc953b75",
    }


def call(event="meeting.participant_joined", person=None, **meeting):
    person = {"user_id": "16778240", "user_name": "Anna Ozola", **(person or {})}
    meeting = {"id": 81234567890, "uuid": "uuid==", "host_id": "host", **meeting}
    return {
        "event": event,
        "event_ts": 1773244800000,
        "payload": {"account_id": "a", "object": {**meeting, "participant": person}},
    }


def test_a_joining_is_read():
    person = {"join_time": "2026-03-11T16:00:00Z", "email": "anna@example.org"}
    person |= {"registrant_id": "nEYsGXRmQ", "customer_key": "k3Yf0rAnna"}

    assert zoom_webhook.sign_of(call(person=person)) == Sign(
        kind=SignKind.JOINED,
        meeting_id="81234567890",
        meeting_uuid="uuid==",
        at=datetime(2026, 3, 11, 16, tzinfo=UTC),
        participant="16778240",
        name="Anna Ozola",
        email="anna@example.org",
        registrant_id="nEYsGXRmQ",
        customer_key="k3Yf0rAnna",
    )


def test_the_number_of_a_meeting_may_be_text_and_the_time_that_of_the_call():
    sign = zoom_webhook.sign_of(call(id="812 3456 7890", person={"participant_uuid": "P1"}))

    assert (sign.meeting_id, sign.participant, sign.at) == (
        "81234567890",
        "P1",
        datetime(2026, 3, 11, 16, tzinfo=UTC),
    )


def test_the_host_is_known():
    assert zoom_webhook.sign_of(call(person={"id": "host"})).is_host


def test_other_events_say_nothing():
    assert zoom_webhook.sign_of(call(event="meeting.sharing_started")) is None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"payload":[]}', b"\xff", b'{"event":"meeting.ended"}']
)
def test_what_is_not_zooms_is_refused(body):
    with pytest.raises(NotASignError):
        zoom_webhook.read(body)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"object": 5},
        {"object": {"participant": []}},
        {"object": {"participant": {"user_id": "1", "join_time": "yesterday"}}},
    ],
)
def test_a_joining_without_its_parts_is_refused(payload):
    with pytest.raises(NotASignError):
        zoom_webhook.sign_of({"event": "meeting.participant_joined", "payload": payload})


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda part: st.dictionaries(
            st.sampled_from(
                ["event", "payload", "object", "participant", "join_time", "event_ts", "id"]
            ),
            part,
        ),
    )
)
def test_whatever_json_comes_only_one_kind_of_error_follows(part):
    body = json.dumps({"event": "meeting.participant_joined", "payload": part}).encode()
    try:
        sign = zoom_webhook.sign_of(zoom_webhook.read(body))
    except NotASignError:
        return
    assert sign.kind is SignKind.JOINED


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://us02web.zoom.us/j/81234567890?pwd=abc", "81234567890"),
        ("https://zoom.us/w/81234567890", "81234567890"),
        ("https://college.zoom.us/s/812345678#success", "812345678"),
        ("https://app.zoom.us/wc/81234567890/join", "81234567890"),
        ("https://evilzoom.us/j/81234567890", ""),
        ("https://zoom.us.example.org/j/81234567890", ""),
        ("https://zoom.us/j/12", ""),
        ("https://zoom.us/my/college", ""),
        ("https://[/j/81234567890", ""),
        ("", ""),
    ],
)
def test_the_number_stands_in_the_link(url, number):
    assert zoom_webhook.meeting_id(url) == number


def at(minute):
    return datetime(2026, 3, 11, 16, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("signs", "stays"),
    [
        ([(0, True), (0, True), (0, True)], [(0, None)]),
        ([(5, False), (0, True)], [(0, 5)]),
        ([(0, True), (5, False), (7, True)], [(0, 5), (7, None)]),
        ([(5, False)], []),
        ([(0, True), (2, True), (5, False), (6, False)], [(0, 5)]),
    ],
)
def test_signs_become_stays_in_whatever_order_they_come(signs, stays):
    found = paired((at(minute), is_joining) for minute, is_joining in signs)

    assert found == [(at(a), None if b is None else at(b)) for a, b in stays]
