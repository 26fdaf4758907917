"""HTTP to one portal: connections kept open, failures told apart, the secret kept in."""

from __future__ import annotations

import json
import logging
import os
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import urllib3.exceptions

from integrations.bitrix24.answers import Answer
from integrations.bitrix24.masking import mask_http_loggers
from integrations.bitrix24.outcomes import NotExecuted, Unclear, Why
from integrations.bitrix24.webhook import Webhook

logger = logging.getLogger(__name__)

IDLE_SECONDS = 30.0
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
            response = _session().post(
                self.webhook.url(method, version),
                data=payload,
                headers=HEADERS,
                timeout=self._timeouts,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return _failure(error)
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


class _Local(threading.local):
    session: requests.Session | None = None
    process: int = 0
    used_at: float = 0.0


_local = _Local()


def _session() -> requests.Session:
    """Return this thread's session, with its open connection unless that has been idle.

    A firewall forgets idle connections without a word, and a call sent into one would be unclear.
    A forked process must not write into its parent's connections.
    """
    now, process = time.monotonic(), os.getpid()
    if _local.session is not None and _local.process == process:
        if now - _local.used_at > IDLE_SECONDS:
            _local.session.close()
    else:
        _local.session, _local.process = requests.Session(), process
        # Cookies would tie our calls to one PHP session, which answers one at a time.
        _local.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    _local.used_at = now
    return _local.session


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() else None


def _failure(error: requests.RequestException) -> NotExecuted | Unclear:
    """Decide whether the request can have reached the portal at all."""
    kind = type(error).__name__
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, urllib3.exceptions.ProxyError):
        reason = reason.original_error
    never_connected = isinstance(error, requests.ConnectTimeout) or isinstance(
        reason,
        (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError),
    )
    if never_connected or _is_bad_certificate(reason):
        return NotExecuted(Why.NO_CONNECTION, detail=kind)
    if isinstance(error, requests.Timeout) or _is_read_timeout(error):
        return Unclear(Why.TIMEOUT, kind)
    return Unclear(Why.CONNECTION_LOST, kind)


def _is_bad_certificate(reason: object) -> bool:
    return isinstance(reason, urllib3.exceptions.SSLError) and any(
        isinstance(each, ssl.SSLCertVerificationError) for each in reason.args
    )


def _is_read_timeout(error: requests.RequestException) -> bool:
    """A time-out while the body comes in is wrapped as a lost connection."""
    return any(isinstance(each, urllib3.exceptions.ReadTimeoutError) for each in error.args)
