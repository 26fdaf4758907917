"""What somebody who leaves would leave behind."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from ui.parts import Part
from work.models import Task
from work.rules import can_hand_over


@dataclass(frozen=True)
class LeftBehind:
    """The open tasks of somebody, and whether the one who asks may hand them over."""

    person: User
    open_tasks: int
    can_hand_over: bool


def left_behind(*, person: User, user: User, **_signal: Any) -> Part:
    """Say it where access is taken away, and lead to handing over where one may."""
    open_tasks = Task.objects.open().filter(assignee=person).count()
    panel = LeftBehind(person, open_tasks, can_hand_over(user, person))
    return Part(panel, notice="work/_left_behind.html")
