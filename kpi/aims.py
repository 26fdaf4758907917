"""How indicators do against the targets of their year and of an intake.

How one does is in `kpi.progress`. An indicator without a series has its check-ins only: in an
intake the last one of its days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from goals.models import CheckIn, Goal, Indicator, Series
from goals.standing import Measured
from kpi import figures
from kpi.figures import Figure
from kpi.pace import MONTHS_LOOKED_AT, Pace
from kpi.periods import Period, Span, period_of
from kpi.progress import Progress, Window
from plans.models import Intake, IntakeTarget


@dataclass(frozen=True)
class Row:
    """An indicator with how it does in its year, and in the intake if that has a part of it."""

    indicator: Indicator
    year: Progress
    intake: Progress | None
    told: CheckIn | None = None
    """The last check-in in the intake's days, of an indicator that nothing measures."""

    measured: Figure | None = None
    """What its series came to in the intake's days, whether it has a part of the target or not."""

    @property
    def series(self) -> Series | None:
        return self.indicator.series


def rows_of(
    indicators: Sequence[Indicator],
    year: int,
    intake: Intake | None,
    today: date,
    *,
    is_for_show: bool = True,
) -> list[Row]:
    """Tell how indicators of one year do; they come with their series.

    Unless it is for show, forecast and year before are left out.
    """
    series = {each.series_id: each.series for each in indicators if each.series}
    measured = list(series.values())
    whole = Window.read(measured, _days_of(year), today, with_year_before=is_for_show)
    part = intake and Window.read(measured, Period(intake.begins_on, intake.ends_on), today)
    shares = _shares(intake, indicators)
    months = _last_months(measured, today) if is_for_show else {}
    last = CheckIn.objects.select_related("by").last_of(each.pk for each in indicators)
    told = _told(intake, indicators)
    found = []
    for each in indicators:
        own, of_part = months.get(each.series_id or 0, []), told.get(each.pk)
        in_year = whole.progress(each, each.target, own, last.get(each.pk), today)
        in_intake = None
        if part and each.pk in shares:
            in_intake = part.progress(each, shares[each.pk], own, of_part, today)
        of_series = part.now.get(each.series_id or 0) if part else None
        found.append(Row(each, in_year, in_intake, of_part, of_series))
    return found


def measured_of(indicators: Sequence[Indicator], year: int, today: date) -> dict[int, Measured]:
    """Tell what the series of indicators of one year came to, for the pages of goals."""
    series = {each.series_id: each.series for each in indicators if each.series}
    whole = Window.read(list(series.values()), _days_of(year), today)
    return {each.pk: Measured(whole.reached(each, today), whole.start(each)) for each in indicators}


@dataclass(frozen=True)
class Told:
    """An indicator with a target, how it does in its year, and of when the newest value is."""

    indicator: Indicator
    pace: Pace
    on: date | None


def told_of(year: int, today: date) -> list[Told]:
    """Tell how the targets of a year do, without what is only for looking at."""
    indicators = list(
        Indicator.objects.filter(goal__year__year=year, target__isnull=False)
        .select_related("owner", "series__growth_of")
        .in_order()
    )
    series = {each.series_id: each.series for each in indicators if each.series}
    whole = Window.read(list(series.values()), _days_of(year), today)
    last = CheckIn.objects.last_of(each.pk for each in indicators)
    found = []
    for each in indicators:
        progress = whole.progress(each, each.target, [], last.get(each.pk), today)
        on = progress.reached.on if progress.reached else None
        found.append(Told(each, progress.pace, on))
    return found


def _days_of(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def indicators_of(goals: Iterable[Goal]) -> list[Indicator]:
    """Give the indicators of goals in their order, with their series and owners."""
    found = Indicator.objects.filter(goal__in=list(goals)).select_related(
        "goal", "owner", "series__growth_of"
    )
    return list(found.in_order())


def indicators_of_year(year: int) -> list[Indicator]:
    found = Indicator.objects.filter(goal__year__year=year)
    return list(found.select_related("goal", "owner", "series__growth_of").in_order())


def _last_months(series: list[Series], today: date) -> dict[int, list[Figure]]:
    """Give the complete months that a forecast looks at."""
    last = period_of(Span.MONTH, today).before
    first = last
    for _number in range(MONTHS_LOOKED_AT - 1):
        first = first.before
    return figures.read(series, Span.MONTH, first.first, last.last, today=today)


def _shares(intake: Intake | None, indicators: Iterable[Indicator]) -> dict[int, Decimal]:
    if intake is None:
        return {}
    targets = IntakeTarget.objects.filter(intake=intake, indicator__in=list(indicators))
    return dict(targets.values_list("indicator", "target"))


def _told(intake: Intake | None, indicators: Iterable[Indicator]) -> dict[int, CheckIn]:
    if intake is None:
        return {}
    in_its_days = CheckIn.objects.standing().filter(
        indicator__in=[each.pk for each in indicators if each.series_id is None],
        on__range=(intake.begins_on, intake.ends_on),
    )
    in_order = in_its_days.select_related("by").order_by("on", "at", "pk")
    return {each.indicator_id: each for each in in_order}
