"""E-mail by SMTP, with Django's e-mail settings: the second route, and the one to staff."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outbox.beginning import begin
from outbox.channels.base import Channel, HandedOver, NotExecuted, Outcome
from outbox.channels.smtp_line import Line
from outbox.channels.smtp_lines import Lines, Veto
from outbox.channels.smtp_refusals import RecipientRefused, depends_on_others, judge
from outbox.channels.smtp_sending import Said, what_is_wrong
from outbox.models import Message
from people.models import Medium

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PER_CONNECTION = 40
"""So many are claimed for each: at the end of a batch all connections rest for a moment."""

AHEAD = 4
"""How many messages for each connection are begun at a time; fewer cost more than they save."""

HURRIED_SECONDS = 6
"""How long somebody who asks whether the server works waits for it."""

SHARE_OF_LEASE = 0.3
"""So long messages are begun; the last one takes its time, and all has to stay inside the lease."""

ANSWERS = 5
"""So many a letter waits for at most: sender, recipient, text announced, text, and reset."""


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
        self._lines = Lines()
        self._has_taken_any = False

    def trouble(self) -> "StrOrPromise":
        """Connect and sign in, and nothing more."""
        try:
            Line.opened(seconds=HURRIED_SECONDS).take_leave()
        except Exception as error:  # whatever it is, no letter would go
            return what_is_wrong(error)
        return ""

    def longest_call(self) -> timedelta:
        one_letter = ANSWERS * timedelta(seconds=settings.EMAIL_TIMEOUT)
        return SHARE_OF_LEASE * settings.MESSAGE_LEASE + one_letter

    def batch_size(self) -> int:
        return settings.SMTP_CONNECTIONS * PER_CONNECTION

    def close(self) -> None:
        self._lines.close()

    def send(self, messages: Sequence[Message]) -> Iterator[tuple[Message, Outcome]]:
        """Share the messages out among the connections; answer for each as it is known.

        What some refusals mean is known only when the server has taken a letter, or none at all.
        """
        doubtful: list[tuple[Message, RecipientRefused]] = []
        failure: Exception | None = None
        try:
            for message, said in self._share_out(messages):
                if not isinstance(said, RecipientRefused):
                    self._has_taken_any |= isinstance(said, HandedOver)
                    yield message, said
                elif self._has_taken_any or not depends_on_others(said):
                    yield from judge([(message, said)], others_accepted=self._has_taken_any)
                else:
                    doubtful.append((message, said))
                if doubtful and self._has_taken_any:
                    yield from judge(doubtful, others_accepted=True)
                    doubtful = []
        except Exception as error:  # whatever it is, the refused letters have not gone
            failure = error
        yield from judge(doubtful, others_accepted=self._has_taken_any)
        if failure:
            raise failure

    def _share_out(self, messages: Sequence[Message]) -> Iterator[tuple[Message, Said]]:
        """Begin a few at a time: only so many are in doubt when the worker is killed.

        Where the database is away no more are begun, but of those that are every answer is given
        before the error is raised.
        """
        size = settings.SMTP_CONNECTIONS * AHEAD
        shares = deque(messages[start : start + size] for start in range(0, len(messages), size))
        share_seconds = SHARE_OF_LEASE * settings.MESSAGE_LEASE.total_seconds()
        veto = self._veto(until=time.monotonic() + share_seconds)
        begun: deque[Message] = deque()
        unanswered = 0
        failure: DatabaseError | None = None
        self._lines.begin_batch()
        try:
            while shares or unanswered:
                if shares and unanswered <= size // 2:
                    share = shares.popleft()
                    try:
                        here = begin(share)
                    except DatabaseError as error:
                        failure = error
                        shares.clear()
                        # Not handed over, although it may have been noted that they begin.
                        yield from _taken_away(share, [])
                        continue
                    yield from _taken_away(share, here)
                    begun += here
                    unanswered += len(here)
                for answer in self._lines.go_on(begun, veto):
                    unanswered -= 1
                    yield answer
        finally:
            self._lines.end_batch()
        if failure:
            raise failure

    def _veto(self, until: float) -> Veto:
        """A slow server must not keep a share in hand for longer than it is claimed."""

        def veto(message: Message) -> Outcome | None:
            if time.monotonic() < until:
                return self.too_late(message)
            sentence = gettext("The mail server is slow; it is tried again.")
            return NotExecuted(sentence, is_failure=False)

        return veto


def _taken_away(
    share: Sequence[Message], here: Sequence[Message]
) -> Iterator[tuple[Message, Outcome]]:
    """Answer for what is not to go now: somebody else has it by now, or it could not be noted."""
    if len(here) < len(share):
        mine = {message.pk for message in here}
        for message in share:
            if message.pk not in mine:
                yield message, NotExecuted(gettext("It waits for its turn."), is_failure=False)
