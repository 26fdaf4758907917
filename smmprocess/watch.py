"""The watch: looks from outside whether sending works, and rings by e-mail when it does not.

It is a process of its own and writes straight to the mail server, past the outbox, so that it rings
also while worker, beat, Redis or the database are away, and while Bitrix24 is what does not work.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import DatabaseError
from django.db.models import Q
from django.utils.translation import gettext, override

from accounts.models import Role, User
from events.models import Event
from events.texts import clock, day
from outbox import health

logger = logging.getLogger(__name__)

EVERY = timedelta(seconds=10)
LASTS = timedelta(seconds=30)
"""A fault is told once it has lasted so long: a restart rings for nobody."""

AGAIN = timedelta(hours=2)
"""So long after a letter the same trouble is told once more."""


@dataclass(frozen=True)
class Reader:
    """Who is written to, and in which language."""

    email: str
    language: str


@dataclass
class Watch:
    """What one process has seen and told so far."""

    readers: list[Reader] = field(default_factory=list)
    """Remembered, since the database may be what is away."""

    since: datetime | None = None
    told_at: datetime | None = None
    told: int = 0
    """How many faults the last letter named; one more is news."""

    def look(self, now: datetime) -> bool:
        """Look once, and write if there is news; return whether letters went."""
        found = self._faults(now)
        if not found:
            return self._all_is_well(now)
        self.since = self.since or now
        is_news = self.told_at is None or found > self.told or now - self.told_at >= AGAIN
        if now - self.since < LASTS or not is_news:
            return False
        if went := self._write(lambda: _alarm(now)):
            self.told_at, self.told = now, found
        return went

    def _faults(self, now: datetime) -> int:
        try:
            self.readers = _readers()
            return len(health.faults(now))
        except DatabaseError:
            return 1

    def _all_is_well(self, now: datetime) -> bool:
        was_told = self.told_at is not None
        if was_told and not self._write(_all_clear):
            return False
        self.since = self.told_at = None
        self.told = 0
        return was_told

    def _write(self, letter: Callable[[], tuple[str, str]]) -> bool:
        """Write to each reader in the own language; return whether anybody could be told."""
        went = False
        if not self.readers:
            logger.error("Messages are not going out, and there is nobody to be told by e-mail.")
        for reader in self.readers:
            with override(reader.language):
                subject, body = letter()
            try:
                send_mail(subject, body, None, [reader.email])
                went = True
            except (OSError, SMTPException) as error:
                logger.error("The mail server did not take the alarm: %s", type(error).__name__)
        return went


def _readers() -> list[Reader]:
    """Return the marketing heads and the administrators: who can mend it, and who must know."""
    may_help = Q(role=Role.MARKETING_HEAD) | Q(is_administrator=True)
    people = User.objects.filter(may_help, is_active=True).order_by("pk")
    return [Reader(email, language) for email, language in people.values_list("email", "language")]


def _alarm(now: datetime) -> tuple[str, str]:
    try:
        faults, coming = health.faults(now), _next_event(now)
    except DatabaseError:
        faults, coming = [gettext("The database does not answer: nothing is sent.")], ""
    # None where it was mended between the look and the letter.
    subject = gettext("Messages are not going out: %(fault)s") % {"fault": "".join(faults[:1])}
    lines = "\n".join(f"– {fault}" for fault in faults)
    parts = [lines, coming, f"{settings.SITE_URL}/outbox/"]
    return subject, "\n\n".join(part for part in parts if part)


def _all_clear() -> tuple[str, str]:
    body = gettext("What was wrong with sending is mended. What came too late was not sent.")
    return gettext("Messages are going out again."), f"{body}\n\n{settings.SITE_URL}/outbox/"


def _next_event(now: datetime) -> str:
    """Say what is at stake: the next event, which may be in a few minutes."""
    event = Event.objects.going_ahead().filter(starts_at__gt=now).order_by("starts_at").first()
    if event is None:
        return ""
    sentence = gettext("The next event is %(event)s, on %(day)s at %(time)s.")
    return sentence % {
        "event": event.title,
        "day": day(event.starts_at),
        "time": clock(event.starts_at),
    }
