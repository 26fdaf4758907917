"""E-mail by SMTP, with Django's e-mail settings: the second route, and the one to staff."""

import smtplib
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.utils import parseaddr
from functools import lru_cache
from queue import SimpleQueue
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from outbox.beginning import begin
from outbox.channels.base import (
    Channel,
    HandedOver,
    NotExecuted,
    Outcome,
    Refused,
    RefusedBecause,
    Unclear,
)
from outbox.channels.smtp_connections import Connections, is_open
from outbox.channels.smtp_exchange import BrokenEarlyError, hand_over
from outbox.channels.smtp_refusals import RETRY_SECONDS, RecipientRefused, judge
from outbox.lazy_words import filled
from outbox.letter import Letter
from outbox.models import Message
from outbox.text_html import as_html
from people.models import Medium

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PER_CONNECTION = 20
AHEAD = 4
"""How many messages for each connection are begun at a time; fewer cost more than they save."""

HURRIED_SECONDS = 6
"""How long somebody who asks whether the server works waits for it."""

SHARE_SECONDS = 45
"""One more message may take as long again, and all of it has to stay inside the lease."""

GATHER_SECONDS = 0.005

Said = Outcome | RecipientRefused
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
            return _why_not_signed_in(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            text = _("The mail server cannot be reached (%(error)s).")
            return filled(text, {"error": _name(error)})
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
        last_moment = time.monotonic() + SHARE_SECONDS
        for message in iter(begun.get, None):
            no_connection = no_connection or _not_in_time(last_moment)
            if no_connection is None and (refused := _not_connected(connection)):
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


def _not_connected(connection: BaseEmailBackend) -> Outcome | None:
    """Open the connection unless it is open; say what became of it only if that fails."""
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        # Django keeps a session that could not sign in, and would send on it as nobody.
        connection.close()
        return _not_signed_in(error)
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        return _not_executed(_name(error))
    return None


def send_one(message: Message, connection: BaseEmailBackend) -> Said:
    """Send one e-mail on an open connection and say what the server made of it."""
    letter = email(message, connection)
    session = getattr(connection, "connection", None)
    try:
        if isinstance(session, smtplib.SMTP):
            hand_over(letter, session)
        else:
            letter.send()  # a backend that writes into a file or a list
    except BrokenEarlyError as error:
        return _not_executed(str(error))
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        if code >= 500:
            return RecipientRefused(code, _text(words))
        return _not_now(code, words)
    except smtplib.SMTPSenderRefused as error:
        return _by_code(error.smtp_code, error.smtp_error, RefusedBecause.ACCOUNT)
    except smtplib.SMTPResponseException as error:
        return _by_code(error.smtp_code, error.smtp_error, RefusedBecause.MESSAGE)
    except (ValueError, smtplib.SMTPNotSupportedError) as error:
        # It cannot be put into words a mail server takes: an address or a header is not valid.
        connection.close()
        return Refused(gettext("It cannot be sent by e-mail (%(e)s).") % {"e": _name(error)})
    except (OSError, smtplib.SMTPException) as error:
        # The connection broke somewhere in the exchange; the server may have taken it.
        return Unclear(_name(error))
    return HandedOver(message_id(message))


def email(message: Message, connection: BaseEmailBackend) -> Letter:
    """Build the e-mail: text, HTML, calendar file, and one-click unsubscribing for offers."""
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = Letter(
        subject=message.subject,
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.address],
        headers=headers,
        connection=connection,
    )
    letter.attach_alternative(as_html(message.body), "text/html")
    if message.attachment:
        letter.attach("event.ics", message.attachment, "text/calendar; method=PUBLISH")
    return letter


def message_id(message: Message) -> str:
    return f"<{message.uid}@{_domain_of(settings.DEFAULT_FROM_EMAIL)}>"


@lru_cache(maxsize=10)
def _domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def _by_code(code: int, words: bytes | str, because: RefusedBecause) -> Outcome:
    """Read the server's answer: 5xx is final, 4xx is for now, and so nothing was taken."""
    if code >= 500:
        return Refused(f"{code} {_text(words)}", because)
    return _not_now(code, words)


def _not_now(code: int, words: bytes | str) -> Outcome:
    return NotExecuted(f"{code} {_text(words)}", retry_after=RETRY_SECONDS)


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _not_signed_in(error: smtplib.SMTPAuthenticationError) -> Outcome:
    sentence = str(_why_not_signed_in(error.smtp_code))
    if error.smtp_code >= 500:
        return Refused(sentence, RefusedBecause.ACCOUNT)
    return NotExecuted(sentence, retry_after=RETRY_SECONDS)


def _why_not_signed_in(code: int) -> "StrOrPromise":
    """Tell a wrong password from a server that is busy: 4xx is for now."""
    if code >= 500:
        return filled(_("The mail server refuses our name or password (%(code)s)."), {"code": code})
    return filled(_("The mail server cannot sign us in just now (%(code)s)."), {"code": code})


def _not_executed(kind: str) -> Outcome:
    sentence = gettext("The mail server cannot be reached (%(error)s).")
    return NotExecuted(sentence % {"error": kind}, retry_after=RETRY_SECONDS)


def _name(error: Exception) -> str:
    """Name the kind of error only: its text may hold addresses or the server's secrets."""
    return type(error).__name__
