"""What the gateway posts to us: delivery reports, and SMS that people write to a rented number.

A delivery report is JSON: `status`, `err`, `error` (words, null if all is well), `timestamp`
(without a zone; read as UTC, which the reference states for the moments it takes), `to`, `sender`,
`message_id`, `omnimessage_id`. It comes at every change of the state, and counts as taken when it
is answered with a status from 200 to 399. Whether it is repeated otherwise, and in which order
reports come, is not documented: they may come twice, late, and in any order.

States: ACK and ACCEPTD, it is on its way; DELIVRD and SEEN, it arrived (in some countries: the
operator took it); UNDELIV, FAILED, REJECTD, DELETED, EXPIRED and NACK, it did not. UNKNOWN, and any
word that is new, proves only that the gateway has the message.

Codes (`err`): 0 none, 1 delivery failed, 2 expired, 3 invalid number, 4 no credit, 5 invalid format
or unknown country, 6 too many identical ones, 7 sender name not allowed, 8 number blacklisted,
9 no route, 10 seen, 999 a temporary error.

Every callback carries `X-Messente-Signature`: HMAC-SHA256 of the body, in hexadecimal as the
example shows, with the password of the API key for reports, and with the shared secret of the
number for inbound SMS.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from integrations.messente.answers import MOST_WORDS, Fault
from integrations.posted_json import NotAnObjectError, object_in

SIGNATURE_HEADER = "X-Messente-Signature"


class NotACallbackError(Exception):
    """The body is not what the gateway posts."""


class State(StrEnum):
    """How far an SMS has come."""

    ON_ITS_WAY = "on its way"
    DELIVERED = "delivered"
    FAILED = "failed"


STATES = {
    **dict.fromkeys(("DELIVRD", "SEEN"), State.DELIVERED),
    **dict.fromkeys(("UNDELIV", "FAILED", "REJECTD", "DELETED", "EXPIRED", "NACK"), State.FAILED),
}
FAULTS = {
    3: Fault.NUMBER,
    4: Fault.ACCOUNT,
    5: Fault.NUMBER,
    7: Fault.ACCOUNT,
    8: Fault.STOPPED,
}


@dataclass(frozen=True)
class Report:
    """What the gateway tells of one SMS."""

    state: State
    number: str
    """The gateway's number of the message, as the answer to sending gave it."""

    code: str
    """Its own word and number, such as "UNDELIV 1"."""

    words: str = ""
    fault: Fault | None = None
    """Whose fault it is; None unless it failed."""

    at: datetime | None = None


@dataclass(frozen=True)
class Inbound:
    """An SMS that somebody wrote to a number of ours."""

    sender: str
    text: str


def is_genuine(body: bytes, *, signed: str, secret: str) -> bool:
    """Say whether the gateway has signed this body; without a secret nobody is believed."""
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(expected.encode(), signed.strip().encode())


def read_report(body: bytes) -> Report:
    """Read a delivery report as it was posted."""
    return report_of(_json(body))


def report_of(told: dict[str, Any]) -> Report:
    """Read the state of one message, told by a report or when asked."""
    status = told.get("status")
    if not isinstance(status, str) or not status:
        raise NotACallbackError
    state = STATES.get(status.upper(), State.ON_ITS_WAY)
    number = str(told.get("err") or "")
    error = int(number) if number.isdecimal() else 0
    return Report(
        state=state,
        number=str(told.get("omnimessage_id") or ""),
        code=f"{status[:12]} {error}" if error else status[:12],
        words=str(told.get("error") or "")[:MOST_WORDS],
        fault=FAULTS.get(error, Fault.OTHER) if state is State.FAILED else None,
        at=_moment(told.get("timestamp")),
    )


def read_inbound(body: bytes) -> Inbound:
    """Read an SMS that somebody wrote."""
    told = _json(body)
    sender, text = told.get("sender"), told.get("text")
    if not isinstance(sender, str) or not isinstance(text, str):
        raise NotACallbackError
    return Inbound(sender, text)


def _json(body: bytes) -> dict[str, Any]:
    try:
        return object_in(body)
    except NotAnObjectError:
        raise NotACallbackError from None


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
