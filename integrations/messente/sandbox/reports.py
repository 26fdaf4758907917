"""Delivery reports as the gateway posts them: in order, early, twice, late, or in disorder."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import threading
import urllib.error
import urllib.request
import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .account import Sms

logger = logging.getLogger(__name__)

WORDS = {
    1: "Delivery failure",
    2: "Sending message expired",
    3: "Invalid number",
    4: "Error crediting account",
    7: "Sender name not allowed",
    8: "Number is blacklisted",
}


class Style(StrEnum):
    """When and how often the gateway reports by itself."""

    NORMAL = "normal"
    EARLY = "early"
    """Before it has answered the call that sends."""
    TWICE = "twice"
    DISORDER = "disorder"
    """The last state first."""
    NONE = "none"
    """Never, unless it is told to."""


class Reports:
    """Posts to the addresses that messages name."""

    def __init__(self, password: str, style: Style, delay: float) -> None:
        self.style, self.delay = style, delay
        self.answers: list[int] = []
        """The status each report was answered with; 0 where nobody answered."""

        self._password = password
        self._timers: list[threading.Timer] = []

    def follow(self, sms: Sms, last_status: str, error: int) -> None:
        """Report a message that was just taken, in the manner that is set up."""
        steps = [("ACK", 0), (last_status, error)]
        if self.style is Style.NONE or not sms.report_url:
            return
        if self.style is Style.EARLY:
            for status, number in steps:
                self.post(sms, status, number)
            return
        if self.style is Style.TWICE:
            steps = [step for step in steps for _time in range(2)]
        elif self.style is Style.DISORDER:
            steps.reverse()
        timer = threading.Timer(self.delay, self._post_all, (sms, steps))
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def post(self, sms: Sms, status: str, error: int = 0) -> int:
        """Report one state; return the status it was answered with."""
        sms.status, sms.error = status, error
        body = json.dumps(state_of(sms)).encode()
        signature = hmac.new(self._password.encode(), body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(  # noqa: S310
            sms.report_url,
            data=body,
            headers={"Content-Type": "application/json", "X-Messente-Signature": signature},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
                answer = int(response.status)
        except urllib.error.HTTPError as error_answer:
            answer = error_answer.code
        except OSError as failure:
            # Without the address, in which a secret stands.
            logger.warning("Nobody took a delivery report (%s).", type(failure).__name__)
            answer = 0
        self.answers.append(answer)
        return answer

    def stop(self) -> None:
        """Post nothing more, and wait for what is being posted."""
        for timer in self._timers:
            timer.cancel()
        for timer in self._timers:
            timer.join()

    def _post_all(self, sms: Sms, steps: list[tuple[str, int]]) -> None:
        for status, error in steps:
            self.post(sms, status, error)


def state_of(sms: Sms) -> dict[str, object]:
    """Tell the state of one message, as reports and answers do."""
    return {
        "status": sms.status,
        "err": sms.error,
        "error": WORDS.get(sms.error),
        "to": sms.to,
        "sender": sms.sender,
        "channel": "sms",
        "message_id": str(uuid.uuid5(uuid.UUID(sms.number), "sms")),
        "omnimessage_id": sms.number,
        "timestamp": datetime.now(UTC).replace(tzinfo=None).isoformat(),
    }
