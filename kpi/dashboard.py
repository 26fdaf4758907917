"""The marketing head's page: every indicator against its targets, and what else is measured."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext, pgettext

from goals.models import Goal, Series
from kpi import aims
from kpi.aims import Progress, Row
from kpi.export import Table
from kpi.figures import Figure
from kpi.pace import Light
from kpi.sparkline import Sparkline, sparkline
from plans import year_and_intake


@dataclass(frozen=True)
class OfGoal:
    """A goal with its indicators."""

    goal: Goal
    rows: list[Row]


@dataclass(frozen=True)
class Beside:
    """A series without a target in this year."""

    series: Series
    months: list[Figure]

    @property
    def sparkline(self) -> Sparkline | None:
        return sparkline([each.value for each in self.months])

    @property
    def now(self) -> Figure:
        return self.months[-1]

    @property
    def year_before(self) -> Figure:
        return self.months[0]


@dataclass(frozen=True)
class Dashboard:
    goals: list[OfGoal]
    beside: list[Beside]

    @property
    def rows(self) -> list[Row]:
        return [row for each in self.goals for row in each.rows]

    @property
    def tally(self) -> list[tuple[Light, int]]:
        """Count the lights of the year, the worst first."""
        counted = Counter(row.year.pace.light for row in self.rows)
        order = (
            Light.MISSED,
            Light.FAR_BEHIND,
            Light.BEHIND,
            Light.ON_PACE,
            Light.REACHED,
            Light.NO_VALUE,
            Light.INCOMPLETE,
            Light.NO_TARGET,
        )
        return [(light, counted[light]) for light in order if counted[light]]


def read(period: year_and_intake.Period, today: date) -> Dashboard:
    """Read how a year and its intake do, with a constant number of queries."""
    goals = list(Goal.objects.filter(year__year=period.year).select_related("owner"))
    indicators = aims.indicators_of(goals)
    rows: dict[int, list[Row]] = {}
    for row in aims.rows_of(indicators, period.year, period.intake, today):
        rows.setdefault(row.indicator.goal_id, []).append(row)
    aimed_at = {each.series_id for each in indicators}
    others = [each for each in Series.objects.on() if each.pk not in aimed_at]
    months = aims.recent_months(others, today)
    return Dashboard(
        [OfGoal(goal, rows[goal.pk]) for goal in goals if goal.pk in rows],
        [Beside(each, months[each.pk]) for each in others],
    )


def table(dashboard: Dashboard, period: year_and_intake.Period) -> Table:
    """Give the page's figures for a file."""
    of_intake = [
        gettext("Intake: value"),
        gettext("Intake: target"),
        gettext("Intake: pace"),
        gettext("Intake: forecast"),
    ]
    return Table(
        title=gettext("Indicators against their targets"),
        filters=[(gettext("Year and intake"), str(period))],
        headers=[
            gettext("Goal"),
            gettext("Indicator"),
            gettext("Owner"),
            pgettext("of an amount", "Unit"),
            gettext("Year: value"),
            gettext("As of"),
            gettext("Year: same days a year before"),
            gettext("Year: target"),
            gettext("Year: expected by now"),
            gettext("Year: pace"),
            gettext("Year: forecast"),
            *(of_intake if period.intake else []),
        ],
        rows=[_cells(row, has_intake=bool(period.intake)) for row in dashboard.rows],
    )


def _cells(row: Row, *, has_intake: bool) -> Sequence[object]:
    language, indicator, year = get_language() or "", row.indicator, row.year
    return [
        indicator.goal.label(language),
        indicator.label(language),
        str(indicator.owner or ""),
        indicator.get_unit_display(),
        _value(year),
        year.reached.on if year.reached else None,
        year.year_before,
        year.aim.target,
        _cents(year.pace.expected),
        str(year.pace.light.label),
        _cents(year.forecast),
        *(_intake_cells(row.intake) if has_intake else []),
    ]


def _intake_cells(intake: Progress | None) -> Sequence[object]:
    if intake is None:
        return [None, None, None, None]
    return [
        _value(intake),
        intake.aim.target,
        str(intake.pace.light.label),
        _cents(intake.forecast),
    ]


def _value(progress: Progress) -> object:
    return _cents(progress.reached.value) if progress.reached else gettext("no data")


def _cents(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 2)
