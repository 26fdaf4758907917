"""How long it takes to hand over what falls due at one moment, under the provider's limit.

Told while one plans and in the pre-flight: what cannot go out within a minute is no surprise then.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import ngettext_lazy

from events.going_out import Line
from events.texts import clock
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.limiter import Bucket
from outbox import pace
from outbox.channels.base import channel_for, get_channel
from outbox.channels.bitrix24 import Bitrix24Channel
from outbox.lazy_words import filled
from outbox.models import Status
from people.models import Medium

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WINDOW = 60
"""Seconds in which everybody is to have the messages of one moment."""


@dataclass(frozen=True)
class Rush:
    """The messages that fall due at one moment, by medium."""

    at: datetime
    messages: Counter[str]

    @property
    def emails(self) -> int:
        return self.messages[Medium.EMAIL]

    @property
    def sms(self) -> int:
        return self.messages[Medium.SMS]


def seconds_needed(
    messages: int,
    burst: int,
    drain: float,
    batch: int,
    *,
    seconds_each: float = 0.0,
    side_by_side: int = 1,
) -> float:
    """Say how long a limit of `burst` requests and `drain` more a second makes them take.

    `batch` messages go in one request. Where it is known what a message takes, that may be more.
    """
    requests = ceil(messages / batch)
    by_limit = max(0.0, (requests - burst) / drain)
    return max(by_limit, messages * seconds_each / side_by_side)


def biggest_rush(lines: Sequence[Line], now: datetime) -> Rush | None:
    """Return the moment still to come at which most messages go out; None if nothing does."""
    moments: dict[datetime, Counter[str]] = {}
    for line in lines:
        for (medium, status, _reason), count in line.counts.items():
            if line.due_at is not None and line.due_at > now and status == Status.PLANNED:
                moments.setdefault(line.due_at, Counter())[medium] += count
    rushes = [Rush(at, messages) for at, messages in moments.items()]
    return max(rushes, key=lambda rush: rush.messages.total(), default=None)


def seconds_for(rush: Rush) -> float:
    """Say how long a rush takes; the channels of Bitrix24 share one limit, others have none."""
    carried = [(get_channel(channel_for(medium)), count) for medium, count in rush.messages.items()]
    by_bitrix24 = [
        (channel, count) for channel, count in carried if isinstance(channel, Bitrix24Channel)
    ]
    others = [
        pace.seconds_needed(channel, count)
        for channel, count in carried
        if not isinstance(channel, Bitrix24Channel)
    ]
    return max([_seconds_by_bitrix24(by_bitrix24), *others])


def _seconds_by_bitrix24(carried: Sequence[tuple[Bitrix24Channel, int]]) -> float:
    total = sum(count for _channel, count in carried)
    bucket = Bucket(settings.BITRIX24_BURST, settings.BITRIX24_DRAIN_PER_SECOND)
    if total <= bucket.capacity or any(channel.missing() for channel, _count in carried):
        return 0.0
    channels = [channel for channel, _count in carried]
    taken = Bitrix24.from_settings().requester.pace.seconds({each.method for each in channels})
    return seconds_needed(
        total,
        bucket.capacity,
        bucket.drain,
        min(channel.batch_size() for channel in channels),
        seconds_each=max(taken.values(), default=0.0),
        side_by_side=min(channel.senders for channel in channels),
    )


def slow(rush: Rush) -> "StrOrPromise":
    """Say, while one plans, that a rush takes longer than it should; empty if it does not."""
    seconds = seconds_for(rush)
    if seconds <= WINDOW:
        return ""
    text = ngettext_lazy(
        "%(count)s message is due at %(time)s (e-mails: %(emails)s, SMS: %(sms)s). Under the "
        "provider's limit that takes about %(seconds)s s, more than the %(window)s s in which "
        "everybody should have it.",
        "%(count)s messages are due at %(time)s (e-mails: %(emails)s, SMS: %(sms)s). Under the "
        "provider's limit that takes about %(seconds)s s, more than the %(window)s s in which "
        "everybody should have them.",
        "count",
    )
    return filled(text, in_figures(rush, seconds))


def in_figures(rush: Rush, seconds: float) -> dict[str, object]:
    return {
        "count": rush.messages.total(),
        "time": clock(rush.at),
        "emails": rush.emails,
        "sms": rush.sms,
        "seconds": max(1, round(seconds)),
        "window": WINDOW,
    }


def warnings(lines: Sequence[Line], now: datetime) -> list[str]:
    """Say what of this plan takes too long, for the page on which one plans."""
    rush = biggest_rush(lines, now)
    return [str(sentence)] if rush and (sentence := slow(rush)) else []
