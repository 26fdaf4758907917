"""How one indicator does in a stretch of time, by what was measured and what was reported.

What it stands at is read from its series; a check-in that tells of a later day than the newest
measurement comes before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from goals.aim import Aim, Measure, Reached
from goals.models import CheckIn, Indicator, Series, Unit
from kpi import figures
from kpi.adding_up import CENT
from kpi.figures import Figure
from kpi.pace import Light, Month, Pace, forecast, pace
from kpi.periods import DAY, Period

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
    def used_up(self) -> int | None:
        """Of what is to stay small, how many per cent of its target there are; None of the rest."""
        part = self.aim.part(self.reached)
        return round(part * 100) if self.aim.stays_small and part is not None else None

    @property
    def is_exceeded(self) -> bool:
        """Whether there is more already of what is to stay small than it may be at most."""
        part = self.aim.part(self.reached)
        return self.aim.stays_small and part is not None and part > 1

    @property
    def filled(self) -> int:
        """How full the bar is, in per cent: of what is to stay small, full is too much."""
        if self.pace.light == Light.REACHED and not self.aim.stays_small:
            return 100
        return min(max(round((self.aim.part(self.reached) or 0) * 100), 0), 100)


@dataclass
class Window:
    """What was measured in a stretch of time, on the same days a year before, and just before."""

    of: Period
    now: dict[int, Figure] = field(default_factory=dict)
    year_before: dict[int, Figure] = field(default_factory=dict)
    before: dict[int, Figure] = field(default_factory=dict)

    @classmethod
    def at_start(cls, series: Sequence[Series], of: Period, today: date) -> "Window":
        """Read only what was measured just before: where levels start."""
        if today < of.first:
            return cls(of)
        levels = [each for each in series if each.kind == Series.Kind.STOCK]
        first = of.first - LEVEL_LOOKED_FOR
        return cls(of, before=figures.total(levels, first, of.first - DAY, today=today))

    @classmethod
    def read(
        cls, series: list[Series], of: Period, today: date, *, with_year_before: bool = False
    ) -> "Window":
        window = cls.at_start(series, of, today)
        if today < of.first:
            return window
        window.now = figures.total(series, of.first, of.last, today=today)
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
        return before.value if before and _is_whole(before, indicator.series) else None

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
        growth = self.now.get(series.pk)
        return 100 / growth.grew_from if growth and growth.grew_from else None


def _is_whole(figure: Figure, series: Series | None) -> bool:
    """Tell whether no channel is missing in a level; of what adds up, missing days say enough."""
    is_level = series is not None and series.kind == Series.Kind.STOCK
    return not (is_level and figure.is_incomplete)


def _times(value: Decimal | None, factor: Decimal | None) -> Decimal | None:
    return None if value is None or factor is None else value * factor
