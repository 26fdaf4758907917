"""What the two said and decided in a review, as it is kept with the figures they confirmed."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings

from results.spelling import in_language

if TYPE_CHECKING:
    from results.models import Review


def written_down(review: "Review") -> dict[str, Any]:
    """Write down the meeting, the notes and the decisions, with the names of this moment."""
    languages = [language for language, _name in settings.LANGUAGES]
    notes = review.goal_notes.exclude(text="").select_related("goal")
    return {
        "held_on": _iso(review.held_on),
        "summary": review.summary,
        "notes": [
            {"goal": {each: note.goal.label(each) for each in languages}, "text": note.text}
            for note in notes
        ],
        "decisions": [
            {"text": each.text, "owner": str(each.owner or ""), "due_on": _iso(each.due_on)}
            for each in review.decisions.select_related("owner")
        ],
    }


@dataclass(frozen=True)
class Note:
    """What was said of a goal."""

    goal: str
    text: str


@dataclass(frozen=True)
class Decided:
    """What was decided, who was to see to it and by when."""

    text: str
    owner: str
    due_on: date | None


@dataclass(frozen=True)
class Minutes:
    """What was written down of a review, in the language that is active."""

    held_on: date | None
    summary: str
    notes: list[Note]
    decisions: list[Decided]

    @classmethod
    def of_kept(cls, kept: dict[str, Any]) -> Self:
        return cls(
            _day(kept["held_on"]),
            kept["summary"],
            [Note(in_language(each["goal"]), each["text"]) for each in kept["notes"]],
            [
                Decided(each["text"], each["owner"], _day(each["due_on"]))
                for each in kept["decisions"]
            ],
        )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(kept: str | None) -> date | None:
    return None if kept is None else date.fromisoformat(kept)
