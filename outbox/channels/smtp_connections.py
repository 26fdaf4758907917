"""Connections to the mail server, kept from batch to batch: opening one takes longer than a letter.

A connection that was kept is asked whether it still stands before anything is sent on it; a letter
on a dead one would have to be taken for one that may have gone.
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend


class Connections:
    """Those of one turn of sending."""

    def __init__(self) -> None:
        self._free: SimpleQueue[BaseEmailBackend] = SimpleQueue()

    @contextmanager
    def one(self) -> Iterator[BaseEmailBackend]:
        """Give one that stands, or a new one that is not open yet, and keep it afterwards."""
        connection = self._take()
        try:
            yield connection
        except BaseException:
            connection.close()  # who knows in the middle of what
            raise
        self._free.put(connection)

    def close(self) -> None:
        while (kept := self._next()) is not None:
            kept.close()

    def _take(self) -> BaseEmailBackend:
        while (kept := self._next()) is not None:
            if _stands(kept):
                return kept
            kept.close()
        return get_connection(fail_silently=False)

    def _next(self) -> BaseEmailBackend | None:
        try:
            return self._free.get_nowait()
        except Empty:
            return None


def is_open(connection: BaseEmailBackend) -> bool:
    """Say whether neither side has hung up, as far as is known here."""
    session = getattr(connection, "connection", None)
    return not isinstance(session, smtplib.SMTP) or session.sock is not None


def _stands(connection: BaseEmailBackend) -> bool:
    """Ask the server; backends that only write into a file or a list have nobody to ask."""
    session = getattr(connection, "connection", None)
    if not isinstance(session, smtplib.SMTP):
        return True
    try:
        code, _words = session.noop()
    except (OSError, smtplib.SMTPException):
        return False
    return code == 250
