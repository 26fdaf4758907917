"""The marketing head's page: every indicator against its targets, and what else is measured."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext, pgettext

from goals.models import Goal, Series
from kpi import aims, lately
from kpi.aims import Row
from kpi.export import Table
from kpi.lately import Lately
from kpi.pace import Light
from kpi.periods import Period, Span, period_of
from kpi.progress import Progress
from kpi.words import figure_cell, remark
from plans import year_and_intake


@dataclass(frozen=True)
class OfGoal:
    """A goal with its indicators."""

    goal: Goal
    lines: list[tuple[Row, Lately | None]]
    """The indicators, and how their series went lately."""


@dataclass(frozen=True)
class Dashboard:
    span: Span
    running: Period
    """The day, week, month or year that is not over."""

    goals: list[OfGoal]
    beside: list[Lately]
    """What has no target in this year."""

    @property
    def lines(self) -> list[tuple[Row, Lately | None]]:
        return [line for each in self.goals for line in each.lines]

    @property
    def rows(self) -> list[Row]:
        return [row for row, _lately in self.lines]

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


def read(period: year_and_intake.Period, today: date, span: Span = Span.MONTH) -> Dashboard:
    """Read how a year and its intake do, with a constant number of queries."""
    goals = list(Goal.objects.filter(year__year=period.year).select_related("owner"))
    indicators = aims.indicators_of(goals)
    aimed_at = {each.series.pk: each.series for each in indicators if each.series}
    others = [each for each in Series.objects.on() if each.pk not in aimed_at]
    went = lately.read([*aimed_at.values(), *others], span, today)
    lines: dict[int, list[tuple[Row, Lately | None]]] = {}
    for row in aims.rows_of(indicators, period.year, period.intake, today):
        line = row, went.get(row.indicator.series_id or 0)
        lines.setdefault(row.indicator.goal_id, []).append(line)
    return Dashboard(
        span,
        period_of(span, today),
        [OfGoal(goal, lines[goal.pk]) for goal in goals if goal.pk in lines],
        [went[each.pk] for each in others],
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
        filters=[
            (gettext("Year and intake"), str(period)),
            (gettext("Length of the periods"), str(dashboard.span.label)),
        ],
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
            gettext("%(period)s, so far") % {"period": dashboard.running},
            gettext("The same days a year before"),
            gettext("Remark"),
        ],
        rows=[
            *(
                [*_cells(row, has_intake=bool(period.intake)), *_lately_cells(went)]
                for row, went in dashboard.lines
            ),
            *(
                [*_cells_beside(each, has_intake=bool(period.intake)), *_lately_cells(each)]
                for each in dashboard.beside
            ),
        ],
    )


def _lately_cells(went: Lately | None) -> Sequence[object]:
    if went is None:
        return [None, None, None]
    entry = went.running
    return [
        figure_cell(entry.figure),
        figure_cell(entry.before) if entry.before else None,
        remark(entry.figure),
    ]


def _cells_beside(went: Lately, *, has_intake: bool) -> Sequence[object]:
    """Give the cells of what has no target: those of targets are empty."""
    empty = [None] * (11 if has_intake else 7)
    return [gettext("Also measured"), str(went.series), "", went.series.get_unit_display(), *empty]


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
