"""Tell from an answer what became of the call.

The HTTP status says the most, then the error's code. The old CRM methods leave the code empty
and put everything into the description, whose wording is compared by its beginning only.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from integrations.bitrix24.masking import mask
from integrations.outcomes import Done, Kind, NotExecuted, Outcome, Refused, Unclear, Why

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_THROTTLED = {"QUERY_LIMIT_EXCEEDED"}
_METHOD_PAUSED = {"OPERATION_TIME_LIMIT"}
_NOT_REACHED = {"ERROR_BATCH_LENGTH_EXCEEDED"}
_UNCLEAR = {"INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER"}
_ACCOUNT = {
    "ACCESS_DENIED",
    "ALLOWED_ONLY_INTRANET_USER",
    "APPLICATION_NOT_FOUND",
    "ERROR_BATCH_METHOD_NOT_ALLOWED",
    "ERROR_MANIFEST_IS_NOT_AVAILABLE",
    "ERROR_METHOD_NOT_FOUND",
    "ERROR_OAUTH",
    "ERROR_WRONG_WORKFLOW_ID",
    "EXPIRED_TOKEN",
    "INSUFFICIENT_SCOPE",
    "INVALID_CREDENTIALS",
    "INVALID_REQUEST",
    "INVALID_TOKEN",
    "NO_AUTH_FOUND",
    "OVERLOAD_LIMIT",
    "PAYMENT_REQUIRED",
    "PORTAL_DELETED",
    "USER_ACCESS_ERROR",
}
_ACCOUNT_STATUSES = {401, 402, 403, 404, 405, 410}
_ACCOUNT_DESCRIPTIONS = (
    "access denied",
    "application context required",
    "incorrect document type",
    "template type and document_id mismatch",
    "the custom activity without provider",
    "the field responsible_id is not defined",
    "use crm.activity.configurable.add",
)
_EMAIL_ERROR = "email send error."
_EMAIL_ACCOUNT = ('"from" is not found', "failed to load module")
_EMAIL_UNCLEAR = ("failed to add posting", "failed to update activity", "general error")


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP; `body` is None when it was not JSON."""

    status: int
    body: Any
    location: str = ""
    retry_after: float | None = None
    seconds: float = 0.0
    """What the request took, without the wait for its turn."""


def outcome_of(answer: Answer) -> Outcome:
    """Tell what became of a single call."""
    body = answer.body if isinstance(answer.body, dict) else {}
    if "error" in body:
        return outcome_of_error(body, answer.status, answer.retry_after)
    if 200 <= answer.status < 300 and "result" in body:
        return Done(body["result"], number(body.get("total")), number(body.get("next")))
    said = f"HTTP {answer.status}"
    if answer.status == 429:
        return NotExecuted(Why.THROTTLED, answer.retry_after, said)
    if answer.status >= 500 or answer.status == 408:
        return Unclear(Why.SERVER_ERROR, said)
    if answer.status < 300:
        return Unclear(Why.UNREADABLE, said)
    if answer.status in REDIRECTS:
        text = "The portal's address leads to a host that is not Bitrix24's."
        return Refused(said, text, Kind.ACCOUNT)
    kind = Kind.ACCOUNT if answer.status in _ACCOUNT_STATUSES else Kind.DATA
    return Refused(said, "", kind)


def outcome_of_error(
    error: Any, status: int | None = None, retry_after: float | None = None
) -> Outcome:
    """Tell what an error means; inside a batch it has no HTTP status of its own."""
    code, description = _code_and_description(error)
    name = code.upper()
    said = code or description
    if name in _THROTTLED:
        return NotExecuted(Why.THROTTLED, retry_after, said)
    if name in _METHOD_PAUSED:
        return NotExecuted(Why.METHOD_PAUSED, retry_after, said)
    if name in _NOT_REACHED:
        return NotExecuted(Why.NOT_REACHED, detail=said)
    if name in _ACCOUNT:
        return Refused(code, description, Kind.ACCOUNT)
    if name in _UNCLEAR or status == 408 or (status or 0) >= 500:
        return Unclear(Why.SERVER_ERROR, said)
    if status == 429:
        return NotExecuted(Why.THROTTLED, retry_after, said)
    lines = [line.strip().lower() for line in description.splitlines()]
    for line in lines:
        if line.startswith(_EMAIL_ERROR):
            return _email_error(code, description, line.removeprefix(_EMAIL_ERROR).strip())
    account = status in _ACCOUNT_STATUSES or any(
        line.startswith(_ACCOUNT_DESCRIPTIONS) for line in lines
    )
    return Refused(code, description, Kind.ACCOUNT if account else Kind.DATA)


def number(value: Any) -> int | None:
    """Read a count leniently: portals write it as a number or as text."""
    try:
        return None if value is None else int(value)
    except (TypeError, ValueError):
        return None


def _email_error(code: str, description: str, trouble: str) -> Refused | Unclear:
    """The activity exists by now, though its mail was most likely not queued."""
    if trouble.startswith(_EMAIL_UNCLEAR):
        return Unclear(Why.SERVER_ERROR, description)
    kind = Kind.ACCOUNT if trouble.startswith(_EMAIL_ACCOUNT) else Kind.DATA
    return Refused(code, description, kind, left_record=True)


def _code_and_description(error: Any) -> tuple[str, str]:
    """Read `{"error", "error_description"}`, or the nested form of REST 3.0."""
    if not isinstance(error, dict):
        return "", _clean(error)
    code = error.get("error", "")
    if not isinstance(code, dict):
        return _clean(code), _clean(error.get("error_description"))
    fields = [
        f"{each.get('field')}: {each.get('message')}"
        for each in code.get("validation") or []
        if isinstance(each, dict)
    ]
    return _clean(code.get("code")), _clean("\n".join([str(code.get("message") or ""), *fields]))


def _clean(value: Any) -> str:
    return mask(html.unescape("" if value is None else str(value))).strip()
