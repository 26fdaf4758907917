"""What the page of a rehearsal shows: what has happened, what comes next, what went wrong."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import override

from events import attendance, preflight_checks
from events.models import Event, Rehearsal, ReminderRule
from events.rehearsal.cast import Character
from events.rehearsal.findings import findings
from events.rehearsal.play import Step, play
from events.rehearsal.stage import Stage
from events.rehearsal.timeline import Moment, Person, moment_of, people_of


@dataclass(frozen=True)
class Scene:
    """A rehearsal played through, and where its clock stands in it."""

    rehearsal: Rehearsal
    event: Event
    steps: list[Step]

    @property
    def past(self) -> list[Step]:
        return [step for step in self.steps if step.at <= self.rehearsal.clock]

    @property
    def moments(self) -> list[Moment]:
        """Return what has happened, the latest first."""
        return [moment_of(step, self.rehearsal.sent) for step in reversed(self.past)]

    @property
    def coming(self) -> Moment | None:
        step = next((step for step in self.steps if step.at > self.rehearsal.clock), None)
        return moment_of(step, []) if step else None

    @property
    def ends_at(self) -> datetime:
        return self.steps[-1].at

    @property
    def is_over(self) -> bool:
        return self.rehearsal.clock >= self.ends_at

    @property
    def stage(self) -> Stage | None:
        """Return how things stand now; None before the first has registered."""
        past = self.past
        return past[-1].stage if past else None

    @property
    def asks_moderator(self) -> bool:
        now = self.rehearsal.clock
        return self.stage is not None and attendance.asks_moderator(self.stage.event, now)

    @property
    def people(self) -> list[Person]:
        cast = [Character.from_stored(each) for each in self.rehearsal.cast]
        return people_of(self.past, cast)

    @property
    def problems(self) -> list[str]:
        """Return what would go wrong: as the evening shows it, and as the checks found it."""
        checked = [f"{each['name']}: {each['sentence']}" for each in self.rehearsal.red_checks()]
        return [*findings(self.event, self.past), *checked]

    def moment(self, key: str) -> Moment | None:
        return next((each for each in self.moments if each.key == key), None)


def scene(rehearsal: Rehearsal, event: Event) -> Scene:
    """Play a rehearsal of an event that was read as the worker would see it."""
    prefetch_related_objects([event], "offer__lines")
    rules = list(ReminderRule.objects.for_kind(event.kind).prefetch_related("texts"))
    return Scene(rehearsal, event, play(rehearsal, event, rules))


def check_at_the_end(found: Scene, now: datetime) -> None:
    """Once the end is reached, look at everything the real evening needs, and keep the result."""
    if not found.is_over:
        return
    checks = preflight_checks.look(found.event, now)
    words = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words[language] = [check.in_words() for check in checks]
    found.rehearsal.checks, found.rehearsal.checked_at = words, now
    found.rehearsal.save(update_fields=["checks", "checked_at"])
