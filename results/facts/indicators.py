"""The goals of the year: what an intake reached of its targets, and on which channels.

How an indicator stands is computed where step 6 shows it (kpi.aims), so both pages agree.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from goals.aim import Reached
from goals.models import Indicator, Series
from goals.models import Unit as GoalUnit
from goals.models.indicator import IndicatorQuerySet
from kpi import aims, figures
from kpi.adding_up import ALL
from kpi.models import Channel
from kpi.pace import Light, pace
from kpi.progress import Progress
from results.facts import lines
from results.facts.scope import Scope
from results.facts.table import Column, Named, Row, Table, Unit

COLUMNS = (
    Column("target", _("Target of the intake"), Unit.FIGURE, is_compared=False),
    Column("reached", _("Reached"), Unit.FIGURE),
    Column("progress", _("Of the target"), Unit.PERCENT),
    Column("year_target", _("Target of the year"), Unit.FIGURE, is_compared=False),
    Column("year_reached", _("Reached in the year"), Unit.FIGURE, is_compared=False),
)
NEW_LEADS = "new_leads"


@dataclass(frozen=True)
class Goals:
    """What is known of the goals: their tables, and the new leads of the intake."""

    tables: list[Table]
    new_leads: figures.Figure | None


def read(scope: Scope) -> Goals:
    series = list(Series.objects.on().select_related("growth_of"))
    measured = figures.total_by_channel(series, scope.first, scope.last, today=scope.today)
    leads = next((measured[each.pk][ALL] for each in series if each.key == NEW_LEADS), None)
    return Goals([of_goals(scope), _channels(series, measured)], leads)


def reached_by_indicator(scope: Scope) -> dict[int, Row]:
    """Give the row of each indicator of the intake's year, by the indicator's number."""
    return {row.extra["indicator"]: row for row in of_goals(scope).rows}


def with_series(indicators: IndicatorQuerySet) -> IndicatorQuerySet:
    """Read along what a row tells of an indicator."""
    return indicators.select_related("goal", "series__growth_of").in_order()


def of_goals(scope: Scope) -> Table:
    """Tell what the intake reached of every target of its year."""
    of_year = Indicator.objects.filter(goal__year__year=scope.intake.year)
    return read_of(scope, list(with_series(of_year)))


def read_of(scope: Scope, indicators: list[Indicator]) -> Table:
    """Tell what the intake reached of the targets of some indicators of its year."""
    intake = scope.intake
    standing = aims.rows_of(indicators, intake.year, intake, scope.today, is_for_show=False)
    drawn, keys = lines.read(scope, indicators), keys_of(indicators)
    rows = []
    for row in standing:
        indicator = row.indicator
        if row.intake is not None:
            found = _of_target(row.intake)
        elif indicator.series is None:
            found = _of_check_in(scope, row)
        else:
            found = _of_series(indicator, indicator.series, row.measured)
        rows.append(_row(row, found, keys[indicator.pk], drawn[indicator.pk]))
    return Table(
        "goals",
        _("Targets and what was reached"),
        COLUMNS,
        rows,
        note=_(
            "An indicator that nothing measures is told of by its last check-in in the days of the"
            " intake. Where the intake has no target of its own, the target of the year counts."
        ),
    )


@dataclass(frozen=True)
class _Reached:
    """What an intake reached of an indicator's target."""

    target: Decimal | None
    value: Decimal | None
    progress: int | None
    light: Light
    is_incomplete: bool = False


def _of_target(part: Progress) -> _Reached:
    """Take what step 6 says of the part of the target that the intake has."""
    value = part.reached.value if part.reached else None
    return _Reached(part.aim.target, value, part.share, part.pace.light, part.is_incomplete)


def _of_check_in(scope: Scope, row: aims.Row) -> _Reached:
    """Take what was told in the intake, which is of the year: only its end can miss the target."""
    if row.told is None:
        return _Reached(None, None, None, Light.NO_VALUE)
    told = Reached(row.told.value, row.told.on)
    light = pace(row.year.aim, told, scope.today).light
    is_settled = light in (Light.REACHED, Light.MISSED)
    return _Reached(
        None, told.value, row.year.aim.share(told), light if is_settled else Light.NO_TARGET
    )


def _of_series(indicator: Indicator, series: Series, measured: figures.Figure | None) -> _Reached:
    """Take what was measured, where the intake has no part of the target."""
    if measured is None or indicator.unit == GoalUnit.PERCENT != series.unit:
        return _Reached(None, None, None, Light.NO_TARGET)
    return _Reached(None, measured.value, None, Light.NO_TARGET, measured.is_incomplete)


def _row(row: aims.Row, found: _Reached, key: str, line: list[Decimal | None]) -> Row:
    indicator, reached = row.indicator, row.year.reached
    incomplete = {"reached": found.is_incomplete, "year_reached": row.year.is_incomplete}
    return Row(
        key,
        Named(indicator.label("lv"), indicator.label("en")),
        {
            "target": found.target,
            "reached": found.value,
            "progress": found.progress,
            "year_target": indicator.target,
            "year_reached": reached.value if reached else None,
        },
        unit=GoalUnit(indicator.unit),
        extra={
            "indicator": indicator.pk,
            "goal": {"lv": indicator.goal.label("lv"), "en": indicator.goal.label("en")},
            "light": found.light.value,
            "stays_small": row.year.aim.stays_small,
            "progress": found.progress,
            "line": line,
            "incomplete": [key for key, is_so in incomplete.items() if is_so],
        },
    )


def keys_of(indicators: list[Indicator]) -> dict[int, str]:
    """Name each indicator so that the same one of another year has the same name.

    By its series, where it is the only one of the year that is read from it; else by the first
    indicator it was copied from over the years.
    """
    previous = dict(Indicator.objects.values_list("pk", "previous"))
    used = Counter(each.series_id for each in indicators if each.series_id)

    def root(number: int) -> int:
        seen = {number}
        while (before := previous.get(number)) and before not in seen:
            seen.add(before)
            number = before
        return number

    return {
        each.pk: f"series-{each.series.key}"
        if each.series and used[each.series.pk] == 1
        else f"indicator-{root(each.pk)}"
        for each in indicators
    }


def _channels(series: list[Series], found: dict[int, dict[Any, figures.Figure]]) -> Table:
    """Tell what was measured on each channel in the days of the intake."""
    there = {channel for by_channel in found.values() for channel in by_channel if channel}
    channels = list(Channel.objects.filter(pk__in=there))
    columns = [
        *(
            Column(each.key, Named(each.label("lv"), each.label("en")), Unit.FIGURE)
            for each in channels
        ),
        Column("all", _("All together"), Unit.FIGURE),
    ]
    rows = [_of_channels(each, _by_channel(found[each.pk], channels)) for each in series]
    # What came to nought was measured, too.
    known = [row for row in rows if any(value is not None for value in row.values.values())]
    return Table("channels", _("Measured on the channels"), columns, known)


def _of_channels(series: Series, by_channel: dict[str, figures.Figure]) -> Row:
    return Row(
        series.key,
        Named(series.label("lv"), series.label("en")),
        {key: figure.value for key, figure in by_channel.items()},
        GoalUnit(series.unit),
        {"incomplete": [key for key, figure in by_channel.items() if figure.is_incomplete]},
    )


def _by_channel(
    found: dict[Any, figures.Figure], channels: list[Channel]
) -> dict[str, figures.Figure]:
    by_channel = {each.key: found[each.pk] for each in channels if each.pk in found}
    return {**by_channel, "all": found[ALL]}
