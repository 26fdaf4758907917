"""Zoom's calls: verified, answered, and read into one small value."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from integrations.posted_json import NotAnObjectError, object_in

TOLERANCE = timedelta(minutes=5)
"""An older call may be one somebody has recorded."""

_PATH = re.compile(r"/(?:j|w|s|wc|wc/join)/(\d{9,12})(?:/.*)?")


class NotASignError(Exception):
    """The body is not what Zoom posts."""


class SignKind(StrEnum):
    JOINED = "joined"
    LEFT = "left"
    ENDED = "ended"


EVENTS = {
    "meeting.participant_joined": SignKind.JOINED,
    "webinar.participant_joined": SignKind.JOINED,
    "meeting.participant_left": SignKind.LEFT,
    "webinar.participant_left": SignKind.LEFT,
    "meeting.ended": SignKind.ENDED,
    "webinar.ended": SignKind.ENDED,
}


@dataclass(frozen=True)
class Sign:
    """Somebody joined or left, or the meeting has ended."""

    kind: SignKind
    meeting_id: str
    meeting_uuid: str
    at: datetime
    participant: str = ""
    """One connection of one person to one meeting."""

    name: str = ""
    email: str = ""
    registrant_id: str = ""
    customer_key: str = ""
    is_host: bool = False


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Sign a body as it came, byte by byte: written anew it would be another."""
    message = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def is_genuine(body: bytes, *, timestamp: str, signed: str, secret: str, now: datetime) -> bool:
    """Say whether Zoom has signed this, and lately; without a secret nobody is believed."""
    if not secret or not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 13:
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    expected = signature(secret, timestamp, body)
    return hmac.compare_digest(expected.encode(), signed.encode())


def read(body: bytes) -> dict[str, Any]:
    """Read the JSON of a call."""
    try:
        found = object_in(body)
    except NotAnObjectError:
        raise NotASignError from None
    if not isinstance(found.get("payload"), dict):
        raise NotASignError
    return found


def validation_answer(call: Mapping[str, Any], secret: str) -> dict[str, str] | None:
    """Return what Zoom wants to hear when it asks whether we know the secret, if it does."""
    if call.get("event") != "endpoint.url_validation":
        return None
    token = call["payload"].get("plainToken")
    if not isinstance(token, str):
        raise NotASignError
    encrypted = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    return {"plainToken": token, "encryptedToken": encrypted}


def sign_of(call: Mapping[str, Any]) -> Sign | None:
    """Read who joined or left; None for an event that says nothing of it."""
    kind = EVENTS.get(str(call.get("event")))
    if kind is None:
        return None
    meeting = call["payload"].get("object")
    if not isinstance(meeting, dict):
        raise NotASignError
    person = meeting.get("participant", {})
    if not isinstance(person, dict) or (kind is not SignKind.ENDED and not person):
        raise NotASignError
    return Sign(
        kind=kind,
        # A number in some calls, text with blanks in others.
        meeting_id="".join(_text(meeting, "id").split()),
        meeting_uuid=_text(meeting, "uuid"),
        at=_moment(kind, call, meeting, person),
        participant=_text(person, "participant_uuid") or _text(person, "user_id"),
        name=_text(person, "user_name"),
        email=_text(person, "email"),
        registrant_id=_text(person, "registrant_id"),
        customer_key=_text(person, "customer_key"),
        is_host=bool(person.get("id")) and person.get("id") == meeting.get("host_id"),
    )


def meeting_id(url: str) -> str:
    """Return the number of the meeting a Zoom link leads to; empty for any other link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = parts.hostname or ""
    found = _PATH.fullmatch(parts.path)
    return found[1] if found and (host == "zoom.us" or host.endswith(".zoom.us")) else ""


def _text(part: Mapping[str, Any], name: str) -> str:
    value = part.get(name)
    return "" if value is None else str(value)[:200]


def _moment(
    kind: SignKind, call: Mapping[str, Any], meeting: Mapping[str, Any], person: Mapping[str, Any]
) -> datetime:
    told = {
        SignKind.JOINED: person.get("join_time"),
        SignKind.LEFT: person.get("leave_time"),
        SignKind.ENDED: meeting.get("end_time"),
    }[kind]
    try:
        if told:
            moment = datetime.fromisoformat(str(told))
            # In UTC there is no such moment where the year is the first or the last there is.
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        return datetime.fromtimestamp(int(call["event_ts"]) / 1000, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise NotASignError from None
