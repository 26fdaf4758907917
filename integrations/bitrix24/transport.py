"""HTTP to one portal: one call, its clock, its new address, and the secret kept in."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from integrations.bitrix24.answers import Answer
from integrations.bitrix24.masking import mask_http_loggers
from integrations.bitrix24.webhook import Webhook
from integrations.connections import failure_of, session
from integrations.outcomes import NotExecuted, Unclear

logger = logging.getLogger(__name__)

HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "User-Agent": "smmprocess/1",
}


class Transport:
    """Posts to a webhook and follows it, once, when the portal was renamed."""

    def __init__(
        self,
        webhook: Webhook,
        *,
        connect_timeout: float = 5,
        read_timeout: float = 75,
        on_moved: Callable[[str], None] | None = None,
    ) -> None:
        """Keep `read_timeout` above the 60 s that the portal gives itself: a shorter one makes
        outcomes unclear that were not. `on_moved` is told the new origin, without the secret.
        """
        mask_http_loggers()
        self.webhook = webhook
        self.skew: timedelta | None = None
        self.skew_measured_at = -math.inf
        """By the clock that nobody sets."""

        self._timeouts = (connect_timeout, read_timeout)
        self._on_moved = on_moved

    def __repr__(self) -> str:
        return f"Transport({self.webhook!r})"

    def post(
        self, method: str, body: dict[str, Any], version: int = 2
    ) -> Answer | NotExecuted | Unclear:
        """Post once; whatever goes wrong on the way is an outcome and not an exception."""
        payload = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        try:
            response = session().post(
                self.webhook.url(method, version),
                data=payload,
                headers=HEADERS,
                timeout=self._timeouts,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return failure_of(error)
        self._note_clock(response.headers.get("Date"))
        return Answer(
            status=response.status_code,
            body=_json(response),
            location=response.headers.get("Location", ""),
            retry_after=_seconds(response.headers.get("Retry-After")),
        )

    def move(self, location: str) -> bool:
        """Use the portal's new address from now on, if it is one of Bitrix24's; tell a person."""
        webhook = self.webhook.moved_to(location)
        if webhook is None:
            return False
        logger.error(
            "The Bitrix24 portal %s has moved to %s: change the webhook's address.",
            self.webhook.origin,
            webhook.origin,
        )
        self.webhook = webhook
        if self._on_moved:
            self._on_moved(webhook.origin)
        return True

    def _note_clock(self, date: str | None) -> None:
        try:
            there = parsedate_to_datetime(date or "")
        except ValueError:
            return
        if there.tzinfo is not None:
            self.skew = there - datetime.now(UTC)
            self.skew_measured_at = time.monotonic()


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() else None
