"""Many calls in one request, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from integrations.bitrix24.answers import Answer, number, outcome_of, outcome_of_error
from integrations.bitrix24.commands import Command
from integrations.outcomes import (
    Done,
    Kind,
    NotExecuted,
    Outcome,
    Refused,
    Unclear,
    Why,
)

SECTIONS = ("result", "result_error", "result_total", "result_next", "result_time")


@dataclass(frozen=True)
class BatchAnswer:
    """The sections of a batch's answer; a key of ours is in one of the first two, or in neither."""

    result: dict[str, Any]
    result_error: dict[str, Any]
    result_total: dict[str, Any]
    result_next: dict[str, Any]
    result_time: dict[str, Any]
    average_seconds: float
    """What a command took, where the portal does not say it of each."""

    def outcome(self, name: str) -> Outcome:
        if name in self.result_error:
            return outcome_of_error(self.result_error[name])
        if name in self.result:
            total, following = self.result_total.get(name), self.result_next.get(name)
            return Done(self.result[name], number(total), number(following))
        return NotExecuted(Why.NOT_REACHED)

    def seconds(self, name: str) -> float:
        """Return how long one command took."""
        taken = seconds_taken(self.result_time.get(name))
        return self.average_seconds if taken is None else taken


def body(commands: Mapping[str, Command], *, halt: bool) -> dict[str, Any]:
    """Write the request. Names must not be numbers, or the sections come back as lists."""
    return {
        # A number: any text but "0" counts as yes.
        "halt": 1 if halt else 0,
        "cmd": {name: command.query() for name, command in commands.items()},
    }


def read_answer(
    answer: Answer | NotExecuted | Unclear, *, commands: int
) -> BatchAnswer | Refused | NotExecuted | Unclear:
    """Take the answer apart, or say what became of the request as a whole.

    `commands` is how many were asked.
    """
    outcome = outcome_of(answer) if isinstance(answer, Answer) else answer
    if isinstance(outcome, Refused):
        # A batch as a whole is refused because of us, never because of one record in it.
        return replace(outcome, kind=Kind.ACCOUNT)
    if not isinstance(outcome, Done):
        return outcome
    parts = outcome.result if isinstance(outcome.result, dict) else {}
    sections = {name: _section(parts.get(name, [])) for name in SECTIONS}
    result, errors = sections["result"], sections["result_error"]
    if result is None or errors is None or "result" not in parts:
        return Unclear(Why.UNREADABLE, "the sections of the batch")
    return BatchAnswer(
        result,
        errors,
        sections["result_total"] or {},
        sections["result_next"] or {},
        sections["result_time"] or {},
        answer.seconds / commands if isinstance(answer, Answer) else 0.0,
    )


def seconds_taken(time: Any) -> float | None:
    """Read a `time` object's duration, leniently: its keys differ between portals."""
    duration = time.get("duration") if isinstance(time, dict) else None
    return float(duration) if isinstance(duration, (int, float)) else None


def operating_reset_at(time: Any) -> float | None:
    """Read when a method may be called again: Unix seconds, in places ISO text."""
    value = time.get("operating_reset_at") if isinstance(time, dict) else None
    if isinstance(value, (int, float)):
        return float(value)
    try:
        return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else None
    except ValueError:
        return None


def _section(value: Any) -> dict[str, Any] | None:
    """Read a section: an object, or an empty list when it holds nothing."""
    if isinstance(value, dict):
        return value
    return {} if value == [] else None
