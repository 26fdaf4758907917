"""Whose clock is wrong: each worker goes by its machine's, and shows it with its sign of life."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models.functions import Now
from django.utils.translation import ngettext_lazy

from outbox.lazy_words import filled
from outbox.models import Heartbeat

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SKEW = timedelta(seconds=30)
"""How far two clocks may be apart."""

FAR_OFF = timedelta(minutes=5)
"""From here on a worker does not go by its clock any more (outbox/own_clock.py)."""

GONE = timedelta(days=1)
"""A worker that has not shown itself for so long is one that was replaced."""

HEARD = timedelta(seconds=60)
"""What a worker said of its clock counts for so long: it speaks every ten seconds if it lives."""


@dataclass(frozen=True)
class WrongClock:
    """A worker's clock that is far from the database's or the portal's, or from this server's."""

    worker: str
    apart: timedelta
    is_ahead_of_this: bool

    @property
    def sentence(self) -> "StrOrPromise":
        """Say it in minutes where it is minutes: nobody sets a clock by 3725 seconds."""
        seconds = abs(self.apart.total_seconds())
        is_far_off = seconds > FAR_OFF.total_seconds()
        text = self._in_minutes() if is_far_off else self._in_seconds()
        count = round(seconds / 60 if is_far_off else seconds)
        return filled(text, {"worker": self.worker, "count": count})

    def _in_seconds(self) -> "StrOrPromise":
        if self.is_ahead_of_this:
            return ngettext_lazy(
                "The worker %(worker)s showed itself %(count)s second in the future: its clock is "
                "ahead, or that of this server is behind.",
                "The worker %(worker)s showed itself %(count)s seconds in the future: its clock is "
                "ahead, or that of this server is behind.",
                "count",
            )
        return ngettext_lazy(
            "The clock of the worker %(worker)s is %(count)s second away from that of Bitrix24 or "
            "of the database. Set right the one that is wrong.",
            "The clock of the worker %(worker)s is %(count)s seconds away from that of Bitrix24 or "
            "of the database. Set right the one that is wrong.",
            "count",
        )

    def _in_minutes(self) -> "StrOrPromise":
        if self.is_ahead_of_this:
            return ngettext_lazy(
                "The worker %(worker)s showed itself %(count)s minute in the future: its clock is "
                "ahead, or that of this server is behind.",
                "The worker %(worker)s showed itself %(count)s minutes in the future: its clock is "
                "ahead, or that of this server is behind.",
                "count",
            )
        return ngettext_lazy(
            "The clock of the worker %(worker)s is %(count)s minute away from that of Bitrix24 or "
            "of the database. Set right the one that is wrong: unless it is only the database's, "
            "this worker sends nothing until then.",
            "The clock of the worker %(worker)s is %(count)s minutes away from that of Bitrix24 or "
            "of the database. Set right the one that is wrong: unless it is only the database's, "
            "this worker sends nothing until then.",
            "count",
        )

    def __str__(self) -> str:
        return str(self.sentence)


def wrong(beats: Iterable[Heartbeat], now: datetime) -> list[WrongClock]:
    """Return the living workers whose clocks are wrong; the signs of life come with their age.

    Which of them live is not asked of the clocks in question: one that is ahead by hours would
    seem to live for hours after its container was replaced. Beat has no clock of its own here.
    """
    speak = [each for each in beats if each.part == Heartbeat.Part.WORKER and each.age <= HEARD]
    found = []
    for beat in sorted(speak, key=lambda beat: beat.worker):
        skew, ahead = beat.skew or timedelta(), beat.seen_at - now
        if abs(skew) > SKEW:
            found.append(WrongClock(beat.worker, skew, is_ahead_of_this=False))
        elif ahead > SKEW:
            found.append(WrongClock(beat.worker, ahead, is_ahead_of_this=True))
    return found


def forget_a_later_time(worker: str, now: datetime) -> None:
    """Forget what workers of the same machine showed before its clock was set back to `now`."""
    machine, _colon, _process = worker.rpartition(":")
    same = Heartbeat.objects.filter(worker__startswith=f"{machine}:")
    same.filter(seen_at__gt=now + SKEW).delete()


def forget_gone_workers() -> None:
    Heartbeat.objects.filter(written_at__lt=Now() - GONE).delete()
