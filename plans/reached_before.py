"""What an earlier intake reached, beside the targets of a new one: those above know it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from plans.models import Intake
from plans.signals import targets_shown


@dataclass(frozen=True)
class Before:
    """The earlier intake with its page, and in words what it reached, by the new indicator."""

    intake: Intake
    address: str
    reached: dict[int, str]


def reached_before(intake: Intake, *, user: User, now: datetime) -> Before | None:
    """Ask what may stand beside the targets of an intake; None where nobody can tell."""
    answers: list[tuple[Any, Any]] = targets_shown.send(Intake, intake=intake, user=user, now=now)
    return next((before for _receiver, before in answers if before is not None), None)
