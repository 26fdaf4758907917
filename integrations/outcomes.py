"""What became of a call to a provider: exactly one of four things, each with what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Whose fault a refusal is."""

    DATA = "data"
    """This record or this address; the next message may well pass."""
    ACCOUNT = "account"
    """Our account: key, rights, plan, credit. Nothing will pass until a person acts."""


class Why(StrEnum):
    """Why a call was not executed, or why nobody can tell whether it was."""

    THROTTLED = "throttled"
    METHOD_PAUSED = "method paused"
    OUT_OF_TIME = "out of time"
    NO_CONNECTION = "no connection"
    NOT_REACHED = "not reached"
    """The batch stopped before this command."""
    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection lost"
    SERVER_ERROR = "server error"
    UNREADABLE = "unreadable answer"


@dataclass(frozen=True)
class Done:
    """Carried out; `total` and `next` come with lists only."""

    result: Any
    total: int | None = None
    next: int | None = None


@dataclass(frozen=True)
class Refused:
    """Refused for good; repeating it without a change is of no use."""

    code: str
    description: str
    kind: Kind
    left_record: bool = False
    """A record was made all the same (a mail activity whose mail never left): delete it."""


@dataclass(frozen=True)
class NotExecuted:
    """Surely not carried out, so it is safe to try again, after `retry_after` seconds if known."""

    reason: Why
    retry_after: float | None = None
    detail: str = ""


@dataclass(frozen=True)
class Unclear:
    """May have been carried out; look it up before it is repeated."""

    reason: Why
    detail: str = ""


Outcome = Done | Refused | NotExecuted | Unclear
