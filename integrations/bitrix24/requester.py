"""One request at a time: wait for its turn, make it, learn from the answer, repeat if allowed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from integrations.bitrix24.answers import REDIRECTS, Answer, outcome_of
from integrations.bitrix24.batch import operating_reset_at, seconds_taken
from integrations.bitrix24.commands import Command
from integrations.bitrix24.limiter import PAUSE_SECONDS, Limiter, Place
from integrations.bitrix24.pace import MemoryPace, Pace
from integrations.bitrix24.transport import Transport
from integrations.outcomes import Done, NotExecuted, Outcome, Unclear, Why

BACK_OFF = (1, 2, 4, 8, 16)
"""Seconds between repeats; each is shortened at random, so that processes do not march in step."""

T = TypeVar("T")


@dataclass(frozen=True)
class Requester:
    """A transport under a limiter. `until` is always a moment in seconds of `clock`."""

    transport: Transport
    limiter: Limiter
    pace: Pace = field(default_factory=MemoryPace)
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    place: Place | None = None
    """A place that was waited for already; the next request takes it."""

    def reserve(self, patience: float) -> Place | None:
        """Wait for a place, and keep it; None if its turn does not come in time."""
        wait = self.limiter.reserve(patience)
        if isinstance(wait, NotExecuted):
            return None
        if wait:
            self.sleep(wait)
        return Place(self.limiter, self.clock())

    def once(self, command: Command, until: float) -> Outcome:
        """Make one single call, without repeating it."""
        resting = self.limiter.pauses([command.method])
        if resting:
            return NotExecuted(Why.METHOD_PAUSED, resting[command.method])
        answer = self.post(command.method, command.body(), until, command.version)
        if not isinstance(answer, Answer):
            return answer
        spent = answer.body.get("time") if isinstance(answer.body, dict) else None
        return self.heed(outcome_of(answer), command.method, spent)

    def post(
        self, method: str, body: dict[str, Any], until: float, version: int = 2
    ) -> Answer | NotExecuted | Unclear:
        """Post when it is our turn; once more, with its body, where the portal has moved to."""
        refusal = self._wait_turn(until)
        if refusal:
            return refusal
        answer = self._timed(method, body, version)
        if (
            isinstance(answer, Answer)
            and answer.status in REDIRECTS
            and self.transport.move(answer.location)
        ):
            return self._wait_turn(until) or self._timed(method, body, version)
        return answer

    def _timed(
        self, method: str, body: dict[str, Any], version: int
    ) -> Answer | NotExecuted | Unclear:
        started = self.clock()
        answer = self.transport.post(method, body, version)
        if isinstance(answer, Answer):
            return replace(answer, seconds=self.clock() - started)
        return answer

    def again(
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

    def heed(self, outcome: Outcome, method: str, spent: Any) -> Outcome:
        """Tell the limiter and the pace what the portal's own answer teaches them."""
        if isinstance(outcome, Done):
            seconds = seconds_taken(spent)
            if seconds is not None:
                self.pace.learn(method, seconds)
        elif isinstance(outcome, NotExecuted) and outcome.reason == Why.THROTTLED:
            self.limiter.throttled()
        elif isinstance(outcome, NotExecuted) and outcome.reason == Why.METHOD_PAUSED:
            return replace(outcome, retry_after=self._pause(method, spent))
        return outcome

    def _pause(self, method: str, spent: Any) -> float:
        reset_at = operating_reset_at(spent) or 0.0
        skew = self.transport.skew.total_seconds() if self.transport.skew else 0.0
        self.limiter.pause(method, max(0.0, reset_at - skew - self.clock()))
        return self.limiter.pauses([method]).get(method, PAUSE_SECONDS)

    def _wait_turn(self, until: float) -> NotExecuted | None:
        patience = until - self.clock()
        if patience <= 0:
            return NotExecuted(Why.OUT_OF_TIME)
        if self.place and self.place.take(self.clock()):
            return None
        wait = self.limiter.reserve(patience)
        if isinstance(wait, NotExecuted):
            return wait
        if wait:
            self.sleep(wait)
        return None


def throttled(outcome: Outcome) -> NotExecuted | None:
    """Pick the only trouble after which a writing call may be repeated at once."""
    if isinstance(outcome, NotExecuted) and outcome.reason == Why.THROTTLED:
        return outcome
    return None


def worth_asking_again(outcome: Outcome) -> NotExecuted | Unclear | None:
    """Pick the trouble after which a question may be asked again."""
    return outcome if isinstance(outcome, (NotExecuted, Unclear)) else None
