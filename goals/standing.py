"""How indicators stand now, beside what was reached the year before.

What a series measured counts until somebody reports on a later day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from goals.models import CheckIn, Goal, Indicator
from goals.signals import measurements_wanted


@dataclass(frozen=True)
class Measured:
    """What the series of an indicator came to."""

    value: Decimal
    on: date
    """The last day that has a value."""


@dataclass(frozen=True)
class Standing:
    """An indicator with what was reported last, and what was measured."""

    indicator: Indicator
    last: CheckIn | None
    year_before: CheckIn | None
    measured: Measured | None = None
    """None also where a check-in tells of a later day."""

    @property
    def value(self) -> Decimal | None:
        if self.measured:
            return self.measured.value
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
    """Tell how the indicators of `goals` stand by what was reported, by the number of the goal.

    The goals have their indicators prefetched.
    """
    return _standings({goal.pk: list(goal.indicators.all()) for goal in goals}, {})


def standings_of_year(goals: Iterable[Goal], year: int, today: date) -> dict[int, list[Standing]]:
    """Tell how the indicators of goals of one year stand, also by what was measured."""
    indicators = {goal.pk: list(goal.indicators.all()) for goal in goals}
    wanted = [each for of_goal in indicators.values() for each in of_goal]
    answers: list[tuple[Any, Any]] = measurements_wanted.send(
        Indicator, indicators=wanted, year=year, today=today
    )
    measured: dict[int, Measured] = {}
    for _receiver, found in answers:
        measured |= found
    return _standings(indicators, measured)


def _standings(
    indicators: Mapping[int, list[Indicator]], measured: Mapping[int, Measured]
) -> dict[int, list[Standing]]:
    last = CheckIn.objects.last_of(
        number
        for of_goal in indicators.values()
        for each in of_goal
        for number in (each.pk, each.previous_id)
        if number is not None
    )
    return {
        goal: [
            _standing(
                each, last.get(each.pk), last.get(each.previous_id or 0), measured.get(each.pk)
            )
            for each in of_goal
        ]
        for goal, of_goal in indicators.items()
    }


def _standing(
    indicator: Indicator,
    last: CheckIn | None,
    year_before: CheckIn | None,
    measured: Measured | None,
) -> Standing:
    is_told_later = measured is not None and last is not None and last.on > measured.on
    return Standing(indicator, last, year_before, None if is_told_later else measured)


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
