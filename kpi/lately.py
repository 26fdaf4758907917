"""How series went lately, by days, weeks, months or years: up to the running period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from goals.models import Series
from kpi import figures
from kpi.adding_up import ALL, Channel
from kpi.figures import Figure
from kpi.periods import DAY, Span, period_of
from kpi.sparkline import Sparkline, sparkline
from kpi.year_before import Entry, beside

PERIODS_SHOWN = {Span.DAY: 30, Span.WEEK: 13, Span.MONTH: 13, Span.YEAR: 5}


@dataclass(frozen=True)
class Lately:
    """A series in the last periods, and the last of them beside the year before."""

    series: Series
    found: list[Figure]
    entries: list[Entry]

    @property
    def running(self) -> Entry:
        """The running period, so far."""
        return self.entries[-1]

    @property
    def complete(self) -> Entry:
        """The last period that is over."""
        return self.entries[-2]

    @property
    def sparkline(self) -> Sparkline | None:
        return sparkline([each.value for each in self.found])


def read(
    series: Sequence[Series],
    span: Span,
    today: date,
    *,
    channel: Channel = ALL,
    compared: int = 1,
) -> dict[int, Lately]:
    """Tell by their numbers how series went; the last `compared` periods beside the year before."""
    first = period_of(span, today).first
    for _number in range(PERIODS_SHOWN[span] - 1):
        first = period_of(span, first - DAY).first
    found = figures.read(series, span, first, today, channel=channel, today=today)
    entries = beside(
        {number: of_each[-compared:] for number, of_each in found.items()},
        partial(figures.read, series, channel=channel, today=today),
        partial(figures.total, series, channel=channel, today=today),
        today,
    )
    return {each.pk: Lately(each, found[each.pk], entries[each.pk]) for each in series}
