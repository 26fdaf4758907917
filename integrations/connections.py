"""Connections to providers: kept open in each thread, and failures on the way told apart."""

from __future__ import annotations

import os
import ssl
import threading
import time
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3.exceptions

from integrations.outcomes import NotExecuted, Unclear, Why

IDLE_SECONDS = 30.0


class _Local(threading.local):
    session: requests.Session | None = None
    process: int = 0
    used_at: float = 0.0


_local = _Local()


def session() -> requests.Session:
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
        # Cookies would tie our calls to one session of the provider's, which answers one at a time.
        _local.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    _local.used_at = now
    return _local.session


def failure_of(error: requests.RequestException) -> NotExecuted | Unclear:
    """Decide whether the request can have reached the provider at all."""
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
