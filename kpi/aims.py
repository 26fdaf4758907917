"""How indicators do against the targets of their year and of an intake.

What an indicator stands at is read from its series; a check-in that tells of a later day than the
newest measurement comes before it. An indicator without a series has its check-ins only: in an
intake the last one of its days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from goals.aim import Aim, Measure, Reached
from goals.models import CheckIn, Goal, Indicator, Series, Unit
from goals.standing import Measured
from kpi import figures
from kpi.adding_up import CENT
from kpi.figures import Figure
from kpi.pace import MONTHS_LOOKED_AT, Light, Month, Pace, forecast, pace
from kpi.periods import DAY, Period, Span, period_of
from plans.models import Intake, IntakeTarget

LEVEL_LOOKED_FOR = timedelta(days=62)
"""So far before the first day is looked for the level something starts from."""


@dataclass(frozen=True)
class Progress:
    """How an indicator does in a stretch of time."""

    aim: Aim
    reached: Reached | None
    pace: Pace
    forecast: Decimal | None = None
    year_before: Decimal | None = None
    """What it was on the same days of the year before."""

    is_incomplete: bool = False
    check_in: CheckIn | None = None
    """The check-in that what is reached comes from, if it does not come from the series."""

    @property
    def came_from(self) -> Period | None:
        """The days whose measurements it comes from; None where somebody reported it."""
        if self.reached is None or self.check_in is not None:
            return None
        if self.aim.measure == Measure.STOCK:
            return Period(self.reached.on, self.reached.on)
        return Period(self.aim.first, self.aim.last)

    @property
    def share(self) -> int | None:
        return self.aim.share(self.reached)

    @property
    def filled(self) -> int:
        """How full the bar is, in per cent."""
        if self.pace.light == Light.REACHED:
            return 100
        return min(max(round((self.aim.part(self.reached) or 0) * 100), 0), 100)


@dataclass(frozen=True)
class Row:
    """An indicator with how it does in its year, and in the intake if that has a part of it."""

    indicator: Indicator
    year: Progress
    intake: Progress | None
    told: CheckIn | None = None
    """The last check-in in the intake's days, of an indicator that nothing measures."""

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
    whole = _Window.read(measured, _days_of(year), today, with_year_before=is_for_show)
    part = intake and _Window.read(measured, Period(intake.begins_on, intake.ends_on), today)
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
        found.append(Row(each, in_year, in_intake, of_part))
    return found


def measured_of(indicators: Sequence[Indicator], year: int, today: date) -> dict[int, Measured]:
    """Tell what the series of indicators of one year came to, for the pages of goals."""
    series = {each.series_id: each.series for each in indicators if each.series}
    whole = _Window.read(list(series.values()), _days_of(year), today)
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
    whole = _Window.read(list(series.values()), _days_of(year), today)
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


@dataclass
class _Window:
    """What was measured in a stretch of time, on the same days a year before, and just before."""

    of: Period
    now: dict[int, Figure] = field(default_factory=dict)
    year_before: dict[int, Figure] = field(default_factory=dict)
    before: dict[int, Figure] = field(default_factory=dict)

    @classmethod
    def read(
        cls, series: list[Series], of: Period, today: date, *, with_year_before: bool = False
    ) -> "_Window":
        if today < of.first:
            return cls(of)
        sources = {each.pk: each for each in series}
        sources |= {each.growth_of.pk: each.growth_of for each in series if each.growth_of}
        wanted = list(sources.values())
        levels = [each for each in wanted if each.kind == Series.Kind.STOCK]
        window = cls(
            of,
            now=figures.total(wanted, of.first, of.last, today=today),
            before=figures.total(levels, of.first - LEVEL_LOOKED_FOR, of.first - DAY, today=today),
        )
        passed = Period(of.first, max(of.first, min(of.last, today - DAY)))
        if with_year_before and (earlier := passed.year_before):
            window.year_before = figures.total(series, earlier.first, earlier.last, today=today)
        return window

    def progress(
        self,
        indicator: Indicator,
        target: Decimal | None,
        months: Sequence[Figure],
        check_in: CheckIn | None,
        today: date,
    ) -> Progress:
        series = indicator.series
        figure = self.now.get(series.pk) if series else None
        factor = self._factor(indicator)
        reached = self.reached(indicator, today)
        is_told = check_in is not None and (reached is None or check_in.on > reached.on)
        if check_in is not None and is_told:
            reached = Reached(check_in.value, check_in.on)
        aim = indicator.aim(self.of.first, self.of.last, target=target, start=self.start(indicator))
        complete = [
            Month(
                each.period.first,
                each.period.last,
                _times(each.value if _is_whole(each, series) else None, factor),
            )
            for each in months
        ]
        earlier = self.year_before.get(series.pk) if series else None
        return Progress(
            aim,
            reached,
            pace(aim, reached, today),
            forecast(aim, reached, complete) if today <= self.of.last else None,
            None if factor is None or factor != 1 or earlier is None else earlier.value,
            bool(figure and figure.is_incomplete and not is_told),
            check_in if is_told else None,
        )

    def reached(self, indicator: Indicator, today: date) -> Reached | None:
        """Give what was measured, in the indicator's unit."""
        figure, factor = self.now.get(indicator.series_id or 0), self._factor(indicator)
        if figure is None or figure.value is None or figure.as_of is None or factor is None:
            return None
        # Here, so that pages, files and what is kept of them have the same number.
        value = (figure.value * factor).quantize(CENT, ROUND_HALF_UP)
        return Reached(value, min(figure.as_of, today), _is_whole(figure, indicator.series))

    def start(self, indicator: Indicator) -> Decimal | None:
        """Give where a level starts: in a year where its goal says so, else as it was before.

        What nothing measures starts where its goal says, also in an intake.
        """
        is_year = (self.of.first.month, self.of.last.month) == (1, 12)
        if indicator.series is None or (is_year and indicator.start is not None):
            return indicator.start
        before = self.before.get(indicator.series_id or 0)
        return before.value if before else None

    def _factor(self, indicator: Indicator) -> Decimal | None:
        """Give what turns the series' unit into the indicator's: growth may be asked for in %.

        None where it cannot be told.
        """
        series = indicator.series
        is_share = (
            series is not None
            and series.growth_of_id is not None
            and indicator.unit == Unit.PERCENT != series.unit
        )
        if series is None or not is_share:
            return Decimal(1)
        growth, level = self.now.get(series.pk), self.now.get(series.growth_of_id or 0)
        if growth is None or level is None or growth.value is None or level.value is None:
            return None
        start = level.value - growth.value
        return 100 / start if start else None


def _is_whole(figure: Figure, series: Series | None) -> bool:
    """Tell whether no channel is missing in a level; of what adds up, missing days say enough."""
    is_level = series is not None and series.kind == Series.Kind.STOCK
    return not (is_level and figure.is_incomplete)


def _times(value: Decimal | None, factor: Decimal | None) -> Decimal | None:
    return None if value is None or factor is None else value * factor
