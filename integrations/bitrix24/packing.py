"""Pack many calls into as few requests as is safe, and unpack what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

from integrations.bitrix24 import batch
from integrations.bitrix24.answers import Answer
from integrations.bitrix24.batch import BatchAnswer
from integrations.bitrix24.commands import Command
from integrations.bitrix24.pace import REQUEST_SECONDS, SAFETY, fitting
from integrations.bitrix24.requester import Requester, throttled
from integrations.outcomes import Done, NotExecuted, Outcome, Refused, Unclear, Why

Whole = Refused | NotExecuted | Unclear


class Packing:
    """One run through a set of calls, in their order, request by request.

    When a request fails as a whole, the requests after it are not made. With `halt` nothing is
    executed after the first call that fails.
    """

    def __init__(
        self,
        requester: Requester,
        commands: Mapping[str, Command],
        until: float,
        *,
        unknown: float,
        halt: bool = False,
    ) -> None:
        if any(command.version != 2 for command in commands.values()):
            raise ValueError("A batch carries calls of REST 2 only.")
        self.requester = requester
        self.commands = commands
        self.until = until
        self.unknown = unknown
        self.halt = halt
        self.outcomes: dict[str, Outcome] = {}

    def run(self) -> dict[str, Outcome]:
        waiting = list(self.commands)
        rest: Outcome = NotExecuted(Why.NOT_REACHED)
        while waiting := self._without_resting(waiting):
            methods = [self.commands[key].method for key in waiting]
            size = fitting(methods, self.requester.pace, self.unknown)
            group, waiting = waiting[:size], waiting[size:]
            whole = self._request(group)
            if whole is not None:
                rest = whole if isinstance(whole, NotExecuted) else rest
                break
            if self.halt and not all(isinstance(self.outcomes[key], Done) for key in group):
                break
        return {key: self.outcomes.get(key, rest) for key in self.commands}

    def _without_resting(self, waiting: list[str]) -> list[str]:
        """Leave out the calls whose method rests; with `halt`, also all after the first."""
        methods = {self.commands[key].method for key in waiting}
        resting = self.requester.limiter.pauses(methods)
        ready = []
        for key in waiting:
            seconds = resting.get(self.commands[key].method)
            if seconds is None:
                ready.append(key)
                continue
            self.outcomes[key] = NotExecuted(Why.METHOD_PAUSED, seconds)
            if self.halt:
                break
        return ready

    def _request(self, group: list[str]) -> Whole | None:
        """Make one request and note its outcomes; return what failed it as a whole, if so."""
        # Our own names: whatever the caller's keys look like, these are never numbers.
        names = {key: f"m_{index}" for index, key in enumerate(group)}
        named = {name: self.commands[key] for key, name in names.items()}
        answer = self.requester.again(
            lambda: self._attempt(named),
            lambda each: None if isinstance(each, BatchAnswer) else throttled(each),
            self.until,
        )
        if not isinstance(answer, BatchAnswer):
            self.outcomes.update(dict.fromkeys(group, answer))
            return answer
        self._note(names, answer)
        return None

    def _note(self, names: Mapping[str, str], answer: BatchAnswer) -> None:
        """Keep each outcome; the limiter and the pace learn once per method, not per command."""
        seconds: dict[str, list[float]] = {}
        heeded: dict[tuple[str, Why], Outcome] = {}
        for key, name in names.items():
            method, outcome = self.commands[key].method, answer.outcome(name)
            if isinstance(outcome, NotExecuted):
                place = (method, outcome.reason)
                if place not in heeded:
                    spent = answer.result_time.get(name)
                    heeded[place] = self.requester.heed(outcome, method, spent)
                outcome = heeded[place]
            elif isinstance(outcome, Done):
                seconds.setdefault(method, []).append(answer.seconds(name))
            self.outcomes[key] = outcome
        for method, taken in seconds.items():
            self.requester.pace.learn(method, fmean(taken))

    def _attempt(self, named: Mapping[str, Command]) -> BatchAnswer | Whole:
        requester = self.requester
        answer = requester.post("batch", batch.body(named, halt=self.halt), self.until)
        parsed = batch.read_answer(answer, commands=len(named))
        if isinstance(answer, Answer) and not isinstance(parsed, BatchAnswer):
            requester.heed(parsed, "batch", None)
        if isinstance(parsed, Unclear) and _took_too_long(answer, parsed):
            # Too much for one request: the next one will be smaller.
            for method in {command.method for command in named.values()}:
                requester.pace.learn(method, REQUEST_SECONDS / len(named))
        return parsed


def _took_too_long(answer: Answer | NotExecuted | Unclear, parsed: Unclear) -> bool:
    if isinstance(answer, Answer):
        return answer.seconds > REQUEST_SECONDS / SAFETY
    return parsed.reason == Why.TIMEOUT
