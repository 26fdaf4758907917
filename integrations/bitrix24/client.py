"""The client: calls and batches under one limiter, each outcome told apart."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Self

from django.conf import settings

from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24Error, Bitrix24OffError
from integrations.bitrix24.limiter import Bucket, Limiter, MemoryLimiter, Place
from integrations.bitrix24.pace import (
    MOST,
    UNKNOWN_READ_SECONDS,
    UNKNOWN_WRITE_SECONDS,
    MemoryPace,
    Pace,
    fitting,
)
from integrations.bitrix24.packing import Packing, Whole
from integrations.bitrix24.requester import Requester, throttled, worth_asking_again
from integrations.bitrix24.shared import shared_by_all
from integrations.bitrix24.transport import Transport
from integrations.bitrix24.webhook import Webhook
from integrations.outcomes import Done, Outcome, Refused

CONNECT_TIMEOUT = 5.0
"""Seconds until a portal that cannot be reached counts as away."""

HURRIED_READ_TIMEOUT, HURRIED_PATIENCE = 6.0, 6.0
"""What a page waits: seconds for an answer, and seconds after which nothing more is asked."""


@dataclass(frozen=True)
class Bitrix24:
    """A portal, reached through an inbound webhook. Safe to use from several threads."""

    requester: Requester
    patience: float = 60.0
    """Seconds to go on trying when the caller gives no deadline."""

    @classmethod
    def at(
        cls,
        webhook_url: str,
        *,
        limiter: Limiter | None = None,
        pace: Pace | None = None,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = 75,
        trusted_hosts: frozenset[str] = frozenset(),
        on_moved: Callable[[str], None] | None = None,
        patience: float = 60.0,
        **timing: Any,
    ) -> Self:
        """Make a client for one webhook; with its own limiter if it is given none.

        `timing` may replace the Requester's clock, sleep and chance.
        """
        transport = Transport(
            Webhook.parse(webhook_url, trusted_hosts),
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            on_moved=on_moved,
        )
        limiter, pace = limiter or MemoryLimiter(), pace or MemoryPace()
        return cls(Requester(transport, limiter, pace, **timing), patience)

    @staticmethod
    def from_settings(on_moved: Callable[[str], None] | None = None) -> Bitrix24:
        """Return this process's client of the portal that the settings name."""
        if not settings.BITRIX24_WEBHOOK_URL:
            raise Bitrix24OffError("Bitrix24 is off: BITRIX24_WEBHOOK_URL is empty.")
        return _of_this_process(
            settings.BITRIX24_WEBHOOK_URL,
            settings.REDIS_URL,
            Bucket(settings.BITRIX24_BURST, settings.BITRIX24_DRAIN_PER_SECOND),
            settings.BITRIX24_READ_TIMEOUT,
            frozenset(getattr(settings, "BITRIX24_TRUSTED_HOSTS", ())),
            on_moved,
        )

    def call(self, command: Command, *, deadline: datetime | None = None) -> Outcome:
        """Carry out one writing call, never twice; start nothing after `deadline`."""
        until = self._until(deadline)
        requester = self.requester
        return requester.again(lambda: requester.once(command, until), throttled, until)

    def batch(
        self,
        commands: Mapping[str, Command],
        *,
        halt: bool = False,
        deadline: datetime | None = None,
    ) -> dict[str, Outcome]:
        """Carry out any number of writing calls, packed into as few requests as is safe.

        When a request fails as a whole, the requests after it are not made. With `halt` nothing
        is executed after the first call that fails.
        """
        until = self._until(deadline)
        return Packing(
            self.requester, commands, until, unknown=UNKNOWN_WRITE_SECONDS, halt=halt
        ).run()

    def batch_size(self, method: str) -> int:
        """Say how many calls of this method go into one request, by what they took so far."""
        return fitting([method] * MOST, self.requester.pace, UNKNOWN_WRITE_SECONDS)

    def reserve(self, patience: float) -> Place | None:
        """Wait for the turn of one request, for what is decided only when it has come."""
        return self.requester.reserve(patience)

    def at_place(self, place: Place | None) -> Bitrix24:
        """Return a client whose next request takes this place."""
        return replace(self, requester=replace(self.requester, place=place))

    def resting(self, method: str) -> float:
        """Return for how many seconds the portal lets this method rest; 0 when it may be called."""
        return self.requester.limiter.pauses([method]).get(method, 0.0)

    def read(self, command: Command, *, deadline: datetime | None = None) -> Done:
        """Ask, patiently and more than once if need be; raise Bitrix24Error without an answer."""
        until = self._until(deadline)
        requester = self.requester
        outcome = requester.again(lambda: requester.once(command, until), worth_asking_again, until)
        if isinstance(outcome, Done):
            return outcome
        raise Bitrix24Error(command.method, outcome)

    def read_batch(
        self, commands: Mapping[str, Command], *, deadline: datetime | None = None
    ) -> dict[str, Done]:
        """Ask many things at once; raise Bitrix24Error if one of them stays without an answer."""
        until = self._until(deadline)
        answers: dict[str, Done] = {}

        def ask_the_rest() -> tuple[str, Whole] | None:
            rest = {key: each for key, each in commands.items() if key not in answers}
            outcomes = Packing(self.requester, rest, until, unknown=UNKNOWN_READ_SECONDS).run()
            answers.update({k: each for k, each in outcomes.items() if isinstance(each, Done)})
            return _worst(outcomes)

        missing = self.requester.again(
            ask_the_rest, lambda worst: worth_asking_again(worst[1]) if worst else None, until
        )
        if missing:
            raise Bitrix24Error(commands[missing[0]].method, missing[1])
        return {key: answers[key] for key in commands}

    def hurried(self) -> Bitrix24:
        """Return a client for somebody who waits at a page: the same limiter, short time-outs."""
        transport = Transport(
            self.requester.transport.webhook, connect_timeout=3, read_timeout=HURRIED_READ_TIMEOUT
        )
        # With a pace of its own: that it gave up early must not make the batches of others small.
        requester = replace(self.requester, transport=transport, pace=MemoryPace())
        return replace(self, requester=requester, patience=HURRIED_PATIENCE)

    def clock_skew(self, *, within: timedelta = timedelta.max) -> timedelta | None:
        """Return how far the portal's clock was ahead of ours; None without an answer `within`."""
        transport = self.requester.transport
        age = time.monotonic() - transport.skew_measured_at
        return transport.skew if age <= within.total_seconds() else None

    def _until(self, deadline: datetime | None) -> float:
        return deadline.timestamp() if deadline else self.requester.clock() + self.patience


@lru_cache
def _of_this_process(
    webhook_url: str,
    redis_url: str,
    bucket: Bucket,
    read_timeout: float,
    trusted_hosts: frozenset[str],
    on_moved: Callable[[str], None] | None,
) -> Bitrix24:
    """Keep one client, so that a new address and the clocks' difference are learnt once."""
    limiter, pace = shared_by_all(
        redis_url, Webhook.parse(webhook_url, trusted_hosts).portal, bucket
    )
    return Bitrix24.at(
        webhook_url,
        limiter=limiter,
        pace=pace,
        read_timeout=read_timeout,
        trusted_hosts=trusted_hosts,
        on_moved=on_moved,
    )


def _worst(outcomes: Mapping[str, Outcome]) -> tuple[str, Whole] | None:
    """Return the first final refusal, or else the first that is not done."""
    missing = [(key, each) for key, each in outcomes.items() if not isinstance(each, Done)]
    refused = [(key, each) for key, each in missing if isinstance(each, Refused)]
    return next(iter([*refused, *missing]), None)
