"""What is told of a week: how the targets do, the week beside others, alerts, what is to come."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from events.models import Event
from goals.models import Series
from kpi import aims, figures
from kpi.aims import Row
from kpi.figures import Figure
from kpi.models import Alert
from kpi.pace import Light
from kpi.periods import Period, Span, period_of
from plans.local_time import local_moment


@dataclass(frozen=True)
class Line:
    """An indicator: how it does in the year, and the week it had."""

    row: Row
    week: Figure | None
    week_before: Figure | None
    year_before: Figure | None


@dataclass(frozen=True)
class Report:
    """What is told of a week."""

    week: Period
    lines: list[Line]
    alerts: list[Alert]
    events: list[Event]

    @property
    def lights(self) -> Counter[Light]:
        return Counter(line.row.year.pace.light for line in self.lines)


def read(monday: date) -> Report:
    """Read what is told on a Monday: of the week before it, and of what is to come."""
    week = period_of(Span.WEEK, monday).before
    indicators = aims.indicators_of_year(monday.year)
    rows = aims.rows_of(indicators, monday.year, None, monday)
    series = list({row.series.pk: row.series for row in rows if row.series}.values())
    weeks = _weeks(series, week, monday)
    return Report(
        week,
        [_line(row, weeks) for row in rows],
        list(
            Alert.objects.open().not_muted(monday).select_related("indicator", "series", "channel")
        ),
        _events(monday),
    )


def _weeks(series: list[Series], week: Period, today: date) -> list[dict[int, Figure]]:
    """Give the figures of the week, of the one before and of the one a year before."""
    read = figures.read(series, Span.WEEK, week.before.first, week.last, today=today)
    found = [
        {number: of_each[-1] for number, of_each in read.items()},
        {number: of_each[-2] for number, of_each in read.items()},
    ]
    earlier = week.year_before
    if earlier is None:
        return [*found, {}]
    year_before = figures.read(series, Span.WEEK, earlier.first, earlier.last, today=today)
    return [*found, {number: of_each[-1] for number, of_each in year_before.items()}]


def _line(row: Row, weeks: Iterable[dict[int, Figure]]) -> Line:
    number = row.series.pk if row.series else 0
    return Line(row, *(of_week.get(number) for of_week in weeks))


def _events(monday: date) -> list[Event]:
    first, last = local_moment(monday, time()), local_moment(monday + timedelta(days=7), time())
    coming = Event.objects.going_ahead().filter(starts_at__gte=first, starts_at__lt=last)
    return list(coming.order_by("starts_at", "pk"))
