"""E-mail by SMTP, with Django's e-mail settings: the second route, and the one to staff."""

import smtplib
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from outbox.beginning import begin
from outbox.channels.base import Channel, HandedOver, NotExecuted, Outcome, Unclear
from outbox.channels.smtp_connections import Connections, is_open
from outbox.channels.smtp_refusals import RecipientRefused, judge
from outbox.channels.smtp_sending import (
    Said,
    kind_of,
    not_connected,
    send_one,
    why_not_signed_in,
)
from outbox.lazy_words import filled
from outbox.models import Message
from people.models import Medium

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PER_CONNECTION = 20
AHEAD = 4
"""How many messages for each connection are begun at a time; fewer cost more than they save."""

HURRIED_SECONDS = 6
"""How long somebody who asks whether the server works waits for it."""

SHARE_OF_LEASE = 0.3
"""One more message may take as long again, and all of it has to stay inside the lease."""

GATHER_SECONDS = 0.005

Answer = tuple[Message, Said] | None
"""What became of one message; None where a connection has done its share."""


class SmtpChannel(Channel):
    """Several connections side by side. A repeat carries the same Message-ID."""

    key = "smtp"
    name = _("E-mail by the mail server (SMTP)")
    provider = "smtp"
    medium = Medium.EMAIL
    senders = 1
    begins_in_shares = True

    def __init__(self) -> None:
        super().__init__()
        self._connections = Connections()
        self._threads = ThreadPoolExecutor(settings.SMTP_CONNECTIONS, thread_name_prefix="smtp")
        self._has_taken_any = False

    def trouble(self) -> "StrOrPromise":
        """Connect and sign in, and nothing more."""
        connection = get_connection(fail_silently=False, timeout=HURRIED_SECONDS)
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError as error:
            return why_not_signed_in(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            text = _("The mail server cannot be reached (%(error)s).")
            return filled(text, {"error": kind_of(error)})
        finally:
            connection.close()
        return ""

    def batch_size(self) -> int:
        return settings.SMTP_CONNECTIONS * PER_CONNECTION

    def close(self) -> None:
        self._threads.shutdown()
        self._connections.close()

    def send(self, messages: Sequence[Message]) -> Iterator[tuple[Message, Outcome]]:
        """Share the messages out among the connections; answer for each as it is known.

        What a refused recipient means is known only when the rest of the batch is.
        """
        refused: list[tuple[Message, RecipientRefused]] = []
        failure: DatabaseError | None = None
        try:
            for message, said in self._share_out(messages):
                if isinstance(said, RecipientRefused):
                    refused.append((message, said))
                else:
                    self._has_taken_any |= isinstance(said, HandedOver)
                    yield message, said
        except DatabaseError as error:
            failure = error
        yield from judge(refused, others_accepted=self._has_taken_any)
        if failure:
            raise failure

    def _share_out(self, messages: Sequence[Message]) -> Iterator[tuple[Message, Said]]:
        """Begin a few at a time: only so many are in doubt when the worker is killed.

        Where the database is away no more are begun, but of those that are every answer is given
        before the error is raised.
        """
        count = min(settings.SMTP_CONNECTIONS, len(messages))
        begun: SimpleQueue[Message | None] = SimpleQueue()
        answers: SimpleQueue[Answer] = SimpleQueue()
        crew = _Crew(count)
        threads = [
            self._threads.submit(self._work, begun, answers, crew, get_language())
            for _ in range(count)
        ]
        size = count * AHEAD
        shares = [messages[start : start + size] for start in range(0, len(messages), size)]
        working, unanswered = count, 0
        failure: DatabaseError | None = None
        try:
            while working and (shares or unanswered):
                if shares and unanswered <= size // 2:
                    share = shares.pop(0)
                    try:
                        here = begin(share)
                    except DatabaseError as error:
                        failure = error
                        shares.clear()
                        continue
                    yield from _taken_away(share, here)
                    _put(begun, here)
                    unanswered += len(here)
                    continue
                for answer in _arrived(answers):
                    if answer is None:
                        working -= 1
                    else:
                        unanswered -= 1
                        yield answer
        finally:
            _put(begun, [None] * count)
        for thread in threads:
            thread.result()
        if failure:
            raise failure

    def _work(
        self,
        begun: SimpleQueue[Message | None],
        answers: SimpleQueue[Answer],
        crew: "_Crew",
        language: str | None,
    ) -> None:
        """Send on one connection until None comes; tell by None that this is over, well or not.

        A thread begins without the caller's language, in which problems are said.
        """
        try:
            with override(language), self._connections.one() as connection:
                for answer in self._send_on(connection, begun, crew):
                    answers.put(answer)
        except BaseException:
            # What it had in hand stays without an answer: nobody may wait for one.
            _put(begun, [None] * settings.SMTP_CONNECTIONS)
            raise
        finally:
            answers.put(None)

    def _send_on(
        self, connection: BaseEmailBackend, begun: SimpleQueue[Message | None], crew: "_Crew"
    ) -> Iterator[tuple[Message, Said]]:
        no_connection = None
        last_moment = time.monotonic() + SHARE_OF_LEASE * settings.MESSAGE_LEASE.total_seconds()
        for message in iter(begun.get, None):
            no_connection = no_connection or _not_in_time(last_moment)
            if no_connection is None and (refused := not_connected(connection)):
                if crew.leave():
                    begun.put(message)
                    return
                # A server that is away is asked once: ten time-outs would outlast the lease.
                no_connection = refused
            outcome = no_connection or self.too_late(message) or send_one(message, connection)
            if isinstance(outcome, Unclear) or not is_open(connection):
                # The next message needs a connection that is known to be good.
                connection.close()
            yield message, outcome


class _Crew:
    """The threads that take messages: who has no connection leaves them to those who have.

    The last one stays, and answers for all that nobody can send.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._guard = threading.Lock()

    def leave(self) -> bool:
        """Say whether others are left, which this one then no longer belongs to."""
        with self._guard:
            if self._count == 1:
                return False
            self._count -= 1
            return True


def _put(begun: SimpleQueue[Message | None], messages: Iterable[Message | None]) -> None:
    for message in messages:
        begun.put(message)


def _taken_away(
    share: Sequence[Message], here: Sequence[Message]
) -> Iterator[tuple[Message, Outcome]]:
    """Answer for what was taken for abandoned meanwhile, and is somebody else's by now."""
    if len(here) < len(share):
        mine = {message.pk for message in here}
        for message in share:
            if message.pk not in mine:
                yield message, NotExecuted(gettext("It waits for its turn."), is_failure=False)


def _arrived(answers: SimpleQueue[Answer]) -> list[Answer]:
    """Wait for the next answer and a moment more: waking for each would cost as much as sending."""
    arrived = [answers.get()]
    time.sleep(GATHER_SECONDS)
    while not answers.empty():
        arrived.append(answers.get())
    return arrived


def _not_in_time(last_moment: float) -> Outcome | None:
    """A slow server must not keep a share in hand for longer than it is claimed."""
    if time.monotonic() < last_moment:
        return None
    sentence = gettext("The mail server is slow; it is tried again.")
    return NotExecuted(sentence, is_failure=False)
