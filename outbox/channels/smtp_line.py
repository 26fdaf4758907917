"""One connection to the mail server, and the letter that is under way on it."""

import smtplib
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Self, cast

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from outbox.channels.smtp_answers import Answers
from outbox.channels.smtp_exchange import BrokenEarlyError, Say
from outbox.channels.smtp_sending import Said, Sending, not_executed, send_at_once, sending
from outbox.models import Message

AT_MOST = 65536


class TakeAnotherError(Exception):
    """An old connection turned out to be dead; the letter has not gone and may go on another."""


class Line:
    """Carries letters, one after the other, without waiting for the server.

    Only a server that does not read makes it wait, and that not before a letter has filled the
    connection's buffer.
    """

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.message: Message | None = None
        """What is under way."""

        self.until = 0.0
        """How long an answer is waited for, on the monotonic clock."""

        self.session: smtplib.SMTP | None = None
        """What is open to the server; None for backends that write into a file or a list."""

        self._backend = backend
        self._sending: Sending
        self._answers = Answers()
        self._wanted = 0
        self._has_served = False

    @classmethod
    def opened(cls, seconds: float | None = None) -> Self:
        """Connect and sign in, which may take a while; raises what that raises.

        The server may take `seconds` for each answer, or EMAIL_TIMEOUT.
        """
        backend = get_connection(fail_silently=False, timeout=seconds)
        line = cls(backend)
        try:
            backend.open()
            session = getattr(backend, "connection", None)
            if isinstance(session, smtplib.SMTP):
                session.ehlo_or_helo_if_needed()
                line.session = session
        except BaseException:
            # Django keeps a session that could not sign in.
            line.take_leave()
            raise
        return line

    @property
    def can_serve(self) -> bool:
        """Say whether neither side has hung up, as far as is known here."""
        return self.session is None or self.session.sock is not None

    @property
    def number(self) -> int | None:
        """Return by which number the system knows it; None if it is closed, or none at all."""
        return self.session.sock.fileno() if self.session and self.session.sock else None

    def begin(self, message: Message) -> Said | None:
        """Begin a letter; answer if that was all."""
        if self.session is None:
            return send_at_once(message, self._backend)
        self.message = message
        self._sending = sending(message, self._backend, self.session)
        return self._go_on(partial(next, self._sending))

    def hear(self) -> Said | None:
        """Take in what has arrived; answer for the letter if it ends with that.

        Like all that goes on with a letter it raises TakeAnotherError if a connection that had
        been good broke before the text.
        """
        try:
            self._answers.hear(self._received())
        except OSError:
            return self.give_up()
        return self._told() if len(self._answers.complete) >= self._wanted else None

    def give_up(self) -> Said | None:
        """Hang up on a server that has hung up or does not answer, and answer for the letter."""
        self.hang_up()
        return self._told() if self._answers.complete else self._lost()

    def hang_up(self) -> None:
        if self.session:
            self.session.close()

    def take_leave(self) -> None:
        # Whatever the server says to that, the connection is closed.
        with suppress(smtplib.SMTPException):
            self._backend.close()

    def _received(self) -> bytes:
        sock = self.session.sock if self.session else None
        if sock is None or not (arrived := sock.recv(AT_MOST)):
            raise smtplib.SMTPServerDisconnected
        while isinstance(sock, ssl.SSLSocket) and sock.pending():
            arrived += sock.recv(AT_MOST)
        return arrived

    def _told(self) -> Said | None:
        heard = self._answers.complete
        told = [heard.popleft() for _ in range(min(self._wanted, len(heard)))]
        return self._go_on(partial(self._sending.send, told))

    def _lost(self) -> Said | None:
        return self._go_on(partial(self._sending.throw, smtplib.SMTPServerDisconnected()))

    def _go_on(self, step: Callable[[], Say]) -> Said | None:
        """Say what comes next, or answer for the letter if nothing does."""
        try:
            say = step()
        except StopIteration as end:
            self._end()
            self._has_served = True
            return cast("Said", end.value)
        except BrokenEarlyError as error:
            self._end()
            if self._has_served:
                raise TakeAnotherError from None
            return not_executed(error.__cause__ or error)
        return None if self._has_said(say) else self._lost()

    def _has_said(self, say: Say) -> bool:
        sock = self.session.sock if self.session else None
        if sock is None:
            return False
        try:
            sock.sendall(say.words)
        except OSError:
            self.hang_up()
            return False
        self._wanted = say.answers
        self.until = time.monotonic() + settings.EMAIL_TIMEOUT
        return True

    def _end(self) -> None:
        self.message = None
        if not self._answers.is_between:
            # What it says now would be taken for the answer to what it is told next.
            self.hang_up()
