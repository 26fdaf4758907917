"""What the pages and files of an intake's results show: what is frozen, or else what is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from plans.models import Intake
from results import page
from results.facts.forms_of_content import in_form_of_today
from results.models import Confirmation, Decision, GoalNote, Review, Snapshot


@dataclass(frozen=True)
class Shown:
    """The results of an intake at a moment, with what was said of them."""

    intake: Intake
    review: Review | None
    snapshot: Snapshot | None
    now: datetime

    @classmethod
    def of(cls, intake: Intake, now: datetime) -> "Shown":
        review = Review.objects.filter(intake=intake).first()
        return cls(intake, review, review.snapshot if review else None, now)

    @property
    def closed_at(self) -> datetime | None:
        return self.review.closed_at if self.review else None

    @cached_property
    def content(self) -> dict[str, Any]:
        """The figures; raises UnreadableError where a newer version has frozen them."""
        if self.snapshot is None:
            return page.read(self.intake, self.now)
        return in_form_of_today(self.snapshot.content)

    def drawn(self) -> page.Page:
        """Put the figures into words, in the language that is active."""
        return page.draw(self.content)

    @property
    def confirmations(self) -> Iterable[Confirmation]:
        return self.review.confirmations.values() if self.review else ()

    @property
    def notes(self) -> Iterable[GoalNote]:
        if self.review is None:
            return ()
        return self.review.goal_notes.exclude(text="").select_related("goal")

    @property
    def decisions(self) -> Iterable[Decision]:
        return self.review.decisions.select_related("owner") if self.review else ()
