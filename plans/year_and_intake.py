"""The year and intake that a page is about: the home page, the dashboard of figures."""

from dataclasses import dataclass
from datetime import date

from goals.models import Year
from plans.models import Intake


@dataclass(frozen=True)
class Period:
    """A year with one of its intakes, or with none while none is planned."""

    year: int
    intake: Intake | None = None

    @property
    def key(self) -> str:
        return f"{self.year}-{self.intake.season}" if self.intake else str(self.year)

    def __str__(self) -> str:
        return str(self.intake or self.year)


def all_periods(today: date) -> list[Period]:
    """Give every intake, and the years without one that have goals or are this one; new first."""
    found = [Period(intake.year, intake) for intake in Intake.objects.all()]
    years = {*Year.objects.values_list("year", flat=True), today.year}
    bare = [Period(year) for year in years - {each.year for each in found}]
    return sorted([*found, *bare], key=lambda each: _begins_on(each), reverse=True)


def _begins_on(period: Period) -> date:
    return period.intake.begins_on if period.intake else date(period.year, 1, 1)


def current(periods: list[Period], today: date) -> Period:
    """Give the intake that runs, else the next one, else this year."""
    ahead = [each for each in periods if each.intake and each.intake.ends_on >= today]
    this_year = [each for each in periods if each.year == today.year]
    return min(ahead, key=_begins_on) if ahead else max(this_year, key=_begins_on)


def with_key(key: str) -> Period:
    """Give the period a key stands for, also of an intake that is there no more."""
    year, _dash, season = key.partition("-")
    intake = Intake(year=int(year), season=season) if season else None
    return Period(int(year), intake)


def named(periods: list[Period], key: str) -> Period | None:
    """Give the one of a key; None where there is none."""
    return next((each for each in periods if each.key == key), None)
