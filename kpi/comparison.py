"""Two stretches of time side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from goals.models import Series
from kpi import figures
from kpi.adding_up import ALL
from kpi.asked import day_in
from kpi.export import Table
from kpi.figures import Figure
from kpi.models import Channel
from kpi.periods import DAY, Period, Span, period_of
from kpi.words import figure_cell, remark
from plans.models import Intake


@dataclass(frozen=True)
class Compared:
    """A series in both."""

    series: Series
    first: Figure
    second: Figure

    @property
    def difference(self) -> Decimal | None:
        if self.first.value is None or self.second.value is None:
            return None
        return self.second.value - self.first.value

    @property
    def change(self) -> Decimal | None:
        """Give by how many per cent the second is more than the first."""
        if self.difference is None or not self.first.value:
            return None
        return self.difference / abs(self.first.value) * 100


@dataclass(frozen=True)
class Pair:
    """The two stretches of time, the earlier one first, with the name of the choice."""

    first: Period
    second: Period
    label: str = ""


def asked_in(query: QueryDict, today: date) -> Pair:
    """Read two stretches from the address; the last two months that are over, if there are none."""
    days = [day_in(query, name) for name in ("a_first", "a_last", "b_first", "b_last")]
    if all(days):
        a_first, a_last, b_first, b_last = (day for day in days if day)
        if a_first <= a_last and b_first <= b_last:
            return Pair(Period(a_first, a_last), Period(b_first, b_last))
    return usual(today)[0]


def usual(today: date) -> list[Pair]:
    """Give the pairs one asks for most, up to yesterday where something runs."""
    month = period_of(Span.MONTH, today).before
    week = period_of(Span.WEEK, today).before
    yesterday = today - DAY
    pairs = [
        Pair(month.before, month, gettext("Last month and the one before")),
        Pair(week.before, week, gettext("Last week and the one before")),
        _with_year_before(month, gettext("Last month and a year before")),
        _with_year_before(
            Period(date(yesterday.year, 1, 1), yesterday), gettext("This year and the last so far")
        ),
    ]
    return [*pairs, *_of_intake(yesterday)]


def _with_year_before(period: Period, label: str) -> Pair:
    before = period.year_before
    assert before is not None
    return Pair(before, period, label)


def _of_intake(yesterday: date) -> list[Pair]:
    """Give the intake that runs beside the same season before, day by day."""
    intake = Intake.objects.current(yesterday)
    if intake is None or intake.begins_on > yesterday:
        return []
    before = Intake.objects.filter(season=intake.season, year=intake.year - 1).first()
    if before is None:
        return []
    last = min(intake.ends_on, yesterday)
    same_last = min(before.ends_on, before.begins_on + (last - intake.begins_on))
    return [
        Pair(
            Period(before.begins_on, same_last),
            Period(intake.begins_on, last),
            gettext("This intake and the one a year before so far"),
        )
    ]


def compared(pair: Pair, channel: Channel | None, today: date) -> list[Compared]:
    series = list(Series.objects.on().select_related("growth_of"))
    number = channel.pk if channel else ALL
    first, second = (
        figures.total(series, each.first, each.last, channel=number, today=today)
        for each in (pair.first, pair.second)
    )
    return [Compared(each, first[each.pk], second[each.pk]) for each in series]


def table(found: Sequence[Compared], pair: Pair, channel: Channel | None) -> Table:
    return Table(
        title=gettext("Two periods compared"),
        filters=[
            (gettext("Periods"), f"{pair.first.label} / {pair.second.label}"),
            (gettext("Channel"), str(channel or gettext("All channels"))),
        ],
        headers=[
            gettext("Series"),
            pgettext("of an amount", "Unit"),
            pair.first.label,
            pair.second.label,
            gettext("Difference"),
            gettext("Change, %"),
            gettext("Remark"),
        ],
        rows=[
            [
                str(each.series),
                each.series.get_unit_display(),
                figure_cell(each.first),
                figure_cell(each.second),
                each.difference,
                None if each.change is None else round(each.change, 1),
                remark(each.first, each.second),
            ]
            for each in found
        ],
    )
