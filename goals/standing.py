"""How indicators stand now, beside what was reached the year before.

What a series measured counts until somebody reports on a later day. How much of the way that is,
and whether the target is reached, is for `goals.aim` to say.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery

from goals.aim import Aim, Reached
from goals.models import CheckIn, Goal, Indicator, Year
from goals.signals import measurements_wanted


@dataclass(frozen=True)
class Measured:
    """What the series of an indicator came to in its year."""

    reached: Reached | None
    start: Decimal | None
    """From where the year goes to its target."""


@dataclass(frozen=True)
class Standing:
    """An indicator with what was reported last, and what was measured."""

    indicator: Indicator
    last: CheckIn | None
    year_before: CheckIn | None
    aim: Aim
    today: date
    measured: Reached | None = None
    """None also where a check-in tells of a later day."""

    @property
    def reached(self) -> Reached | None:
        if self.measured:
            return self.measured
        return Reached(self.last.value, self.last.on) if self.last else None

    @property
    def value(self) -> Decimal | None:
        return self.reached.value if self.reached else None

    @property
    def lacks_channel(self) -> bool:
        """Whether it is a level without one of its channels, of which nothing can be said."""
        return self.reached is not None and not self.reached.is_whole

    @property
    def progress(self) -> int | None:
        return self.aim.share(self.reached)

    @property
    def filled(self) -> int:
        """How full the bar is, in per cent."""
        return min(max(self.progress or 0, 0), 100)

    @property
    def is_reached(self) -> bool:
        return self.aim.is_reached(self.reached, self.today)


def standings_of_year(goals: Iterable[Goal], year: int, today: date) -> dict[int, list[Standing]]:
    """Tell how the indicators of goals of one year stand, by the number of the goal.

    The goals have their indicators prefetched.
    """
    indicators = {goal.pk: list(goal.indicators.all()) for goal in goals}
    wanted = [each for of_goal in indicators.values() for each in of_goal]
    answers: list[tuple[Any, Any]] = measurements_wanted.send(
        Indicator, indicators=wanted, year=year, today=today
    )
    measured: dict[int, Measured] = {}
    for _receiver, found in answers:
        measured |= found
    last = CheckIn.objects.last_of(
        number for each in wanted for number in (each.pk, each.previous_id) if number is not None
    )

    def standing(each: Indicator) -> Standing:
        found = measured.get(each.pk, Measured(None, each.start))
        aim = each.aim(date(year, 1, 1), date(year, 12, 31), target=each.target, start=found.start)
        told, year_before = last.get(each.pk), last.get(each.previous_id or 0)
        is_told_later = found.reached and told and told.on > found.reached.on
        return Standing(
            each, told, year_before, aim, today, None if is_told_later else found.reached
        )

    return {goal: [standing(each) for each in of_goal] for goal, of_goal in indicators.items()}


@dataclass(frozen=True)
class Tally:
    """How many indicators stand how, for one line about a year."""

    on_track: int
    at_risk: int
    off: int
    silent: int


def tally(last: Iterable[str | None]) -> Tally:
    """Count by the confidence that was reported last on each indicator; None: nothing yet."""
    counted = Counter(each or "silent" for each in last)
    return Tally(
        counted[CheckIn.Confidence.ON_TRACK],
        counted[CheckIn.Confidence.AT_RISK],
        counted[CheckIn.Confidence.OFF],
        counted["silent"],
    )


def tallies(years: Sequence[Year]) -> list[Tally]:
    """Count for each of the years; their goals and indicators are not read."""
    newest = CheckIn.objects.newest_of(OuterRef("pk"))
    indicators = Indicator.objects.filter(goal__year__in=years).order_by()
    found = indicators.annotate(confidence=Subquery(newest.values("confidence")[:1]))
    last: dict[int, list[str | None]] = defaultdict(list)
    for year, confidence in found.values_list("goal__year", "confidence"):
        last[year].append(confidence)
    return [tally(last[year.pk]) for year in years]
