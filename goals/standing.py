"""How indicators stand now, beside what was reached the year before; one query for any number."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from goals.models import CheckIn, Goal, Indicator


@dataclass(frozen=True)
class Standing:
    """An indicator with what was reported last."""

    indicator: Indicator
    last: CheckIn | None
    year_before: CheckIn | None

    @property
    def value(self) -> Decimal | None:
        return self.last.value if self.last else None

    @property
    def progress(self) -> int | None:
        return self.indicator.progress(self.value)

    @property
    def filled(self) -> int:
        """How full the bar is, in per cent."""
        return min(max(self.progress or 0, 0), 100)

    @property
    def is_reached(self) -> bool:
        return self.indicator.is_reached(self.value)


def standings(goals: Iterable[Goal]) -> dict[int, list[Standing]]:
    """Tell how the indicators of `goals` stand, by the number of the goal.

    The goals have their indicators prefetched.
    """
    indicators = {goal.pk: list(goal.indicators.all()) for goal in goals}
    last = CheckIn.objects.last_of(
        number
        for of_goal in indicators.values()
        for each in of_goal
        for number in (each.pk, each.previous_id)
        if number is not None
    )
    return {
        goal: [
            Standing(each, last.get(each.pk), last.get(each.previous_id or 0)) for each in of_goal
        ]
        for goal, of_goal in indicators.items()
    }


@dataclass(frozen=True)
class Tally:
    """How many indicators stand how, for one line about a year."""

    on_track: int
    at_risk: int
    off: int
    silent: int


def tally(standing: Iterable[Standing]) -> Tally:
    counted = Counter(each.last.confidence if each.last else "silent" for each in standing)
    return Tally(
        counted[CheckIn.Confidence.ON_TRACK],
        counted[CheckIn.Confidence.AT_RISK],
        counted[CheckIn.Confidence.OFF],
        counted["silent"],
    )
