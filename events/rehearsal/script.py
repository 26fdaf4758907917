"""What may happen on the pretended evening, besides the clock going on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class Act(StrEnum):
    REGISTER = "register"
    JOIN = "join"
    CANCEL = "cancel"
    OPEN_ROOM = "open_room"
    RELEASE = "release"
    START_LATE = "start_late"
    MOVE = "move"
    CALL_OFF = "call_off"


OF_A_PERSON = (Act.REGISTER, Act.JOIN, Act.CANCEL)


@dataclass(frozen=True)
class Deed:
    """One thing that happens at one pretended moment."""

    at: datetime
    act: Act
    who: str = ""
    """A character's key, for what a person does."""

    starts_at: datetime | None = None
    """The new start, for a move."""

    def stored(self) -> dict[str, Any]:
        starts_at = self.starts_at and self.starts_at.isoformat()
        return {
            "at": self.at.isoformat(),
            "act": self.act.value,
            "who": self.who,
            "starts_at": starts_at,
        }

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> Self:
        return cls(
            datetime.fromisoformat(stored["at"]),
            Act(stored["act"]),
            stored["who"],
            stored["starts_at"] and datetime.fromisoformat(stored["starts_at"]),
        )
