"""The state of the sandbox: what it took, its blacklist, its credit, and faults to come."""

import re
import threading
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .reports import Reports, Style

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

UNKNOWN_NUMBERS = "+3710"
"""Numbers that begin so are taken, and reported as unknown to the operator."""


class Fault(StrEnum):
    """What goes wrong with a call that sends."""

    DROP = "execute-then-drop"
    DROP_FIRST = "drop-before-executing"
    ERROR = "500"
    BUSY = "503"
    THROTTLED = "429"
    SLOW = "slow"


@dataclass
class Sms:
    """One SMS the gateway has taken."""

    to: str
    text: str
    sender: str
    report_url: str
    validity: int
    number: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "ACK"
    error: int = 0


class RefusedError(Exception):
    """The call is refused, with a status, one of the gateway's codes, and words."""

    def __init__(self, status: int, code: str, detail: str, source: str | None = None) -> None:
        self.status = status
        self.error = {"title": "Refused", "code": code, "detail": detail, "source": source}
        super().__init__(detail)


class Account:
    """One API key, with everything that was done by it."""

    def __init__(
        self,
        *,
        username: str = "sandbox-user",
        password: str = "sandbox-password",  # noqa: S107
        senders: tuple[str, ...] = ("BVK", "College"),
        style: Style = Style.NORMAL,
        delay: float = 0.5,
    ) -> None:
        self.username, self.password, self.senders = username, password, senders
        self.credit = 100.0
        self.sent: list[Sms] = []
        self.blacklist: set[str] = set()
        self.faults: list[Fault] = []
        self.slow_seconds = 2.0
        self.reports = Reports(password, style, delay)
        self._guard = threading.Lock()

    def next_fault(self) -> Fault | None:
        """Take the fault that is due for this call; each happens once."""
        with self._guard:
            return self.faults.pop(0) if self.faults else None

    def check(self, payload: Any) -> Sms:
        """Read a message as the gateway would, or refuse it."""
        message = _only_message(payload)
        to, text, sender = payload.get("to"), message.get("text"), message.get("sender", "")
        if not isinstance(to, str) or not _E164.fullmatch(to):
            raise RefusedError(400, "105", "Not a valid phone number.", "to")
        if not isinstance(text, str) or not text:
            raise RefusedError(400, "106", "The text is missing.", "messages.0.text")
        if sender not in self.senders:
            raise RefusedError(400, "105", "The sender is not allowed.", "messages.0.sender")
        if to in self.blacklist:
            raise RefusedError(400, "105", "The phone number is blacklisted.", "to")
        if self.credit <= 0:
            raise RefusedError(402, "102", "The balance of the account is used up.")
        url = payload.get("dlr_url") or ""
        return Sms(to, text, sender, url, int(message.get("validity") or 360))

    def take(self, sms: Sms) -> dict[str, Any]:
        """Keep a message, report as set up, and return the answer."""
        with self._guard:
            self.sent.append(sms)
        if sms.to.startswith(UNKNOWN_NUMBERS):
            self.reports.follow(sms, "UNDELIV", 3)
        else:
            self.reports.follow(sms, "DELIVRD", 0)
        part = {"channel": "sms", "message_id": str(uuid.uuid4()), "sender": sms.sender}
        return {"omnimessage_id": sms.number, "to": sms.to, "messages": [part]}

    def find(self, number: str) -> Sms | None:
        return next((sms for sms in self.sent if sms.number == number), None)


def _only_message(payload: Any) -> dict[str, Any]:
    messages = payload.get("messages") if isinstance(payload, dict) else None
    if not isinstance(messages, list) or len(messages) != 1 or not isinstance(messages[0], dict):
        raise RefusedError(400, "105", "One message is wanted.", "messages")
    if messages[0].get("channel") != "sms":
        raise RefusedError(400, "105", "Only SMS here.", "messages.0.channel")
    found: dict[str, Any] = messages[0]
    return found
