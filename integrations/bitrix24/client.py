"""The client: calls and batches under one limiter, each outcome told apart."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.conf import settings

from integrations.bitrix24 import batch as batches
from integrations.bitrix24.answers import REDIRECTS, Answer, outcome_of
from integrations.bitrix24.batch import BatchAnswer
from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24Error, Bitrix24OffError
from integrations.bitrix24.limiter import PAUSE_SECONDS, Bucket, Limiter, MemoryLimiter
from integrations.bitrix24.outcomes import Done, NotExecuted, Outcome, Refused, Unclear, Why
from integrations.bitrix24.pace import (
    REQUEST_SECONDS,
    UNKNOWN_READ_SECONDS,
    UNKNOWN_WRITE_SECONDS,
    MemoryPace,
    Pace,
    fitting,
)
from integrations.bitrix24.shared import shared_by_all
from integrations.bitrix24.transport import Transport
from integrations.bitrix24.webhook import Webhook

BACK_OFF = (1, 2, 4, 8, 16)
"""Seconds between repeats; each is shortened at random, so that processes do not march in step."""

Whole = Refused | NotExecuted | Unclear
T = TypeVar("T")


@dataclass(frozen=True)
class Bitrix24:
    """A portal, reached through an inbound webhook. Safe to use from several threads."""

    transport: Transport
    limiter: Limiter
    pace: Pace = field(default_factory=MemoryPace)
    patience: float = 60.0
    """Seconds to go on trying when the caller gives no deadline."""
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    @classmethod
    def at(
        cls,
        webhook_url: str,
        *,
        limiter: Limiter | None = None,
        pace: Pace | None = None,
        connect_timeout: float = 5,
        read_timeout: float = 75,
        trusted_hosts: frozenset[str] = frozenset(),
        on_moved: Callable[[str], None] | None = None,
        **options: Any,
    ) -> Self:
        """Make a client for one webhook; alone with its own limiter if it is given none."""
        transport = Transport(
            Webhook.parse(webhook_url, trusted_hosts),
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            on_moved=on_moved,
        )
        return cls(transport, limiter or MemoryLimiter(), pace or MemoryPace(), **options)

    @classmethod
    def from_settings(cls, on_moved: Callable[[str], None] | None = None) -> Self:
        """Make the client that the settings describe; cheap enough to do for every use."""
        if not settings.BITRIX24_WEBHOOK_URL:
            raise Bitrix24OffError("Bitrix24 is off: BITRIX24_WEBHOOK_URL is empty.")
        trusted = frozenset(getattr(settings, "BITRIX24_TRUSTED_HOSTS", ()))
        bucket = Bucket(settings.BITRIX24_BURST, settings.BITRIX24_DRAIN_PER_SECOND)
        portal = Webhook.parse(settings.BITRIX24_WEBHOOK_URL, trusted).portal
        limiter, pace = shared_by_all(settings.REDIS_URL, portal, bucket)
        return cls.at(
            settings.BITRIX24_WEBHOOK_URL,
            limiter=limiter,
            pace=pace,
            read_timeout=settings.BITRIX24_READ_TIMEOUT,
            trusted_hosts=trusted,
            on_moved=on_moved,
        )

    # Writing -------------------------------------------------------------------------------------

    def call(self, command: Command, *, deadline: datetime | None = None) -> Outcome:
        """Carry out one writing call, never twice; start nothing after `deadline`."""
        until = self._until(deadline)
        return self._again(lambda: self._once(command, until), _throttled, until)

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
        return self._batch(commands, self._until(deadline), UNKNOWN_WRITE_SECONDS, halt=halt)

    def batch_size(self, method: str) -> int:
        """Say how many calls of this method go into one request, by what they took so far."""
        return fitting([method] * 50, self.pace, UNKNOWN_WRITE_SECONDS)

    # Reading -------------------------------------------------------------------------------------

    def read(self, command: Command, *, deadline: datetime | None = None) -> Done:
        """Ask, patiently and more than once if need be; raise Bitrix24Error without an answer."""
        until = self._until(deadline)
        outcome = self._again(lambda: self._once(command, until), _worth_asking_again, until)
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
            outcomes = self._batch(rest, until, UNKNOWN_READ_SECONDS)
            answers.update({k: each for k, each in outcomes.items() if isinstance(each, Done)})
            return _worst(outcomes)

        missing = self._again(
            ask_the_rest, lambda worst: _worth_asking_again(worst[1]) if worst else None, until
        )
        if missing:
            raise Bitrix24Error(commands[missing[0]].method, missing[1])
        return {key: answers[key] for key in commands}

    def clock_skew(self) -> timedelta | None:
        """Return how far the portal's clock is ahead of ours, once it has answered."""
        return self.transport.skew

    # How it is done ------------------------------------------------------------------------------

    def _until(self, deadline: datetime | None) -> float:
        return deadline.timestamp() if deadline else self.clock() + self.patience

    def _again(
        self,
        attempt: Callable[[], T],
        trouble: Callable[[T], NotExecuted | Unclear | None],
        until: float,
    ) -> T:
        """Repeat the attempt, ever more slowly, while its trouble is worth it and time is left."""
        result = attempt()
        for delay in BACK_OFF:
            problem = trouble(result)
            if problem is None:
                break
            pause = delay * (1 + self.chance()) / 2
            if isinstance(problem, NotExecuted) and problem.retry_after:
                pause = max(pause, problem.retry_after)
            if self.clock() + pause >= until:
                break
            self.sleep(pause)
            result = attempt()
        return result

    def _once(self, command: Command, until: float) -> Outcome:
        resting = self.limiter.pauses([command.method])
        if resting:
            return NotExecuted(Why.METHOD_PAUSED, resting[command.method])
        answer = self._post(command.method, command.body(), until, command.version)
        if not isinstance(answer, Answer):
            return answer
        spent = answer.body.get("time") if isinstance(answer.body, dict) else None
        return self._heed(outcome_of(answer), command.method, spent)

    def _batch(
        self, commands: Mapping[str, Command], until: float, unknown: float, *, halt: bool = False
    ) -> dict[str, Outcome]:
        if any(command.version != 2 for command in commands.values()):
            raise ValueError("A batch carries calls of REST 2 only.")
        outcomes: dict[str, Outcome] = {}
        rest: Outcome = NotExecuted(Why.NOT_REACHED)
        waiting = list(commands)
        while waiting:
            resting = self.limiter.pauses({commands[key].method for key in waiting})
            paused = [key for key in waiting if commands[key].method in resting]
            for key in paused:
                seconds = resting[commands[key].method]
                outcomes[key] = NotExecuted(Why.METHOD_PAUSED, seconds)
            if halt and paused:
                waiting = waiting[: waiting.index(paused[0])]
            waiting = [key for key in waiting if key not in outcomes]
            size = fitting([commands[key].method for key in waiting], self.pace, unknown)
            group = {key: commands[key] for key in waiting[:size]}
            waiting = waiting[size:]
            if not group:
                break
            whole = self._group(group, until, outcomes, halt=halt)
            if whole is not None:
                rest = whole if isinstance(whole, NotExecuted) else rest
                break
            if halt and not all(isinstance(outcomes[key], Done) for key in group):
                break
        return {key: outcomes.get(key, rest) for key in commands}

    def _group(
        self,
        group: Mapping[str, Command],
        until: float,
        outcomes: dict[str, Outcome],
        *,
        halt: bool,
    ) -> Whole | None:
        """Make one request and note its outcomes; return what failed it as a whole, if so."""
        # Our own names: whatever the caller's keys look like, these are never numbers.
        names = {key: f"m_{index}" for index, key in enumerate(group)}
        named = {names[key]: command for key, command in group.items()}
        answer = self._again(
            lambda: self._batch_once(named, until, halt=halt),
            lambda each: None if isinstance(each, BatchAnswer) else _throttled(each),
            until,
        )
        if not isinstance(answer, BatchAnswer):
            outcomes.update(dict.fromkeys(group, answer))
            return answer
        for key, name in names.items():
            spent = answer.result_time.get(name)
            outcomes[key] = self._heed(answer.outcome(name), group[key].method, spent)
        return None

    def _batch_once(
        self, named: Mapping[str, Command], until: float, *, halt: bool
    ) -> BatchAnswer | Whole:
        started = self.clock()
        answer = self._post("batch", batches.body(named, halt=halt), until)
        parsed = batches.read_answer(answer)
        if isinstance(answer, Answer) and not isinstance(parsed, BatchAnswer):
            self._heed(parsed, "batch", None)
        if isinstance(parsed, Unclear) and self.clock() - started > REQUEST_SECONDS / 2:
            # Too much for one request: the next one will be smaller.
            for method in {command.method for command in named.values()}:
                self.pace.learn(method, REQUEST_SECONDS / len(named))
        return parsed

    def _post(
        self, method: str, body: dict[str, Any], until: float, version: int = 2
    ) -> Answer | NotExecuted | Unclear:
        refusal = self._wait_turn(until)
        if refusal:
            return refusal
        answer = self.transport.post(method, body, version)
        if (
            isinstance(answer, Answer)
            and answer.status in REDIRECTS
            and self.transport.move(answer.location)
        ):
            return self._wait_turn(until) or self.transport.post(method, body, version)
        return answer

    def _wait_turn(self, until: float) -> NotExecuted | None:
        patience = until - self.clock()
        if patience <= 0:
            return NotExecuted(Why.OUT_OF_TIME)
        wait = self.limiter.reserve(patience)
        if isinstance(wait, NotExecuted):
            return wait
        if wait:
            self.sleep(wait)
        return None

    def _heed(self, outcome: Outcome, method: str, spent: Any) -> Outcome:
        """Tell the limiter and the pace what the portal's own answer teaches them."""
        if isinstance(outcome, Done):
            seconds = batches.seconds_taken(spent)
            if seconds is not None:
                self.pace.learn(method, seconds)
        elif isinstance(outcome, NotExecuted) and outcome.reason == Why.THROTTLED:
            self.limiter.throttled()
        elif isinstance(outcome, NotExecuted) and outcome.reason == Why.METHOD_PAUSED:
            reset_at = batches.operating_reset_at(spent) or 0.0
            skew = self.transport.skew.total_seconds() if self.transport.skew else 0.0
            self.limiter.pause(method, max(0.0, reset_at - skew - self.clock()))
            left = self.limiter.pauses([method]).get(method, PAUSE_SECONDS)
            return replace(outcome, retry_after=left)
        return outcome


def _throttled(outcome: Outcome) -> NotExecuted | None:
    """The only trouble after which a writing call may be repeated at once."""
    if isinstance(outcome, NotExecuted) and outcome.reason == Why.THROTTLED:
        return outcome
    return None


def _worth_asking_again(outcome: Outcome) -> NotExecuted | Unclear | None:
    return outcome if isinstance(outcome, (NotExecuted, Unclear)) else None


def _worst(outcomes: Mapping[str, Outcome]) -> tuple[str, Whole] | None:
    """Return the first final refusal, or else the first that is not done."""
    missing = [(key, each) for key, each in outcomes.items() if not isinstance(each, Done)]
    refused = [(key, each) for key, each in missing if isinstance(each, Refused)]
    return next(iter([*refused, *missing]), None)
