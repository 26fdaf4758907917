"""What an answer of the gateway means: carried out, refused, not executed, or unclear.

Documented are 201 with `omnimessage_id` for what was taken; 400 with a list of `errors`, each with
`title`, `code`, `detail` and the `source`, the field it is about (codes 101 not found, 102
forbidden, 103 unauthorised, 104 internal error, 105 invalid data, 106 missing data, 107 method not
allowed); and for the account 401. Whose fault a refusal is follows from the field, and otherwise
from the words: no code is documented for a number on the blacklist or for an empty account.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import requests

from integrations.outcomes import Done, Kind, NotExecuted, Outcome, Refused, Unclear, Why

MOST_WORDS = 300

ABOUT_THE_MESSAGE = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""Any other refusal is of our key, our rights, or the address we call."""


class Fault(StrEnum):
    """Whose fault it is that an SMS did not go, or did not arrive."""

    NUMBER = "number"
    """The number is wrong, or unknown to the operator."""
    STOPPED = "stopped"
    """The number is on the blacklist: its owner, or somebody for them, said stop."""
    ACCOUNT = "account"
    """Our account: key, credit, sender name. Nothing will pass until a person acts."""
    OTHER = "other"
    """This one message only."""


@dataclass(frozen=True)
class Answer:
    """The status and the JSON of one answer, without what holds the password."""

    status: int
    body: Any
    retry_after: float | None = None

    @classmethod
    def of(cls, response: requests.Response) -> Answer:
        try:
            body = response.json()
        except ValueError:
            body = None
        seconds = response.headers.get("Retry-After", "")
        return cls(response.status_code, body, float(seconds) if seconds.isdecimal() else None)

    def field(self, name: str) -> Any:
        return self.body.get(name) if isinstance(self.body, dict) else None

    @property
    def errors(self) -> list[dict[str, Any]]:
        errors = self.field("errors")
        found = errors if isinstance(errors, list) else []
        return [error for error in found if isinstance(error, dict)]


def outcome_of(answer: Answer) -> Outcome:
    """Judge an answer by its status, a refusal by its words."""
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Done(answer.body)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return NotExecuted(Why.THROTTLED, answer.retry_after)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return NotExecuted(Why.SERVER_ERROR, answer.retry_after, detail=str(status))
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _refusal(answer)
    return Unclear(Why.SERVER_ERROR, str(status))


def _refusal(answer: Answer) -> Refused:
    errors = answer.errors
    fault = _fault(answer.status, errors)
    words = "; ".join(str(error.get("detail") or error.get("title") or "") for error in errors)
    kind = Kind.ACCOUNT if fault is Fault.ACCOUNT else Kind.DATA
    return Refused(fault.value, (words or f"HTTP {answer.status}")[:MOST_WORDS], kind)


def _fault(status: int, errors: list[dict[str, Any]]) -> Fault:
    words = " ".join(str(error.get("detail", "")) for error in errors).casefold()
    sources = {str(error.get("source") or "").rpartition(".")[2] for error in errors}
    if "blacklist" in words:
        return Fault.STOPPED
    if any(word in words for word in ("balance", "credit", "sender")) or "sender" in sources:
        return Fault.ACCOUNT
    if status not in ABOUT_THE_MESSAGE:
        return Fault.ACCOUNT
    if "to" in sources or "phone number" in words:
        return Fault.NUMBER
    return Fault.OTHER
