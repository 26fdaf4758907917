"""Figures by channel: all series of one channel, and one series on all its channels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, pgettext

from goals.models import Series
from kpi import figures
from kpi.asked import Asked
from kpi.charts import Chart, Line, is_flow
from kpi.export import Table
from kpi.figures import Figure
from kpi.models import Channel
from kpi.periods import DAY, Period, Span, period_of
from kpi.sparkline import Sparkline, sparkline

PERIODS_SHOWN = {Span.DAY: 30, Span.WEEK: 13, Span.MONTH: 13, Span.YEAR: 5}
MOST_LINES = 6
"""More lines than that cannot be told apart."""


@dataclass(frozen=True)
class OnChannel:
    """A series on a channel: the running period, the one before, and how it went."""

    series: Series
    found: list[Figure]

    @property
    def running(self) -> Figure:
        return self.found[-1]

    @property
    def complete(self) -> Figure:
        """The last period that is over."""
        return self.found[-2]

    @property
    def sparkline(self) -> Sparkline | None:
        return sparkline([each.value for each in self.found])


def on_channel(channel: Channel, span: Span, today: date) -> list[OnChannel]:
    """Give the series that were measured on a channel lately."""
    first = period_of(span, today).first
    for _number in range(PERIODS_SHOWN[span] - 1):
        first = period_of(span, first - DAY).first
    series = list(Series.objects.on().select_related("growth_of"))
    found = figures.read(series, span, first, today, channel=channel.pk, today=today)
    rows = [OnChannel(each, found[each.pk]) for each in series]
    return [row for row in rows if any(figure.value is not None for figure in row.found)]


def channel_table(channel: Channel, span: Span, rows: Sequence[OnChannel]) -> Table:
    running = rows[0].running.period.label if rows else gettext("Value")
    complete = rows[0].complete.period.label if rows else gettext("Value")
    return Table(
        title=gettext("Figures of %(channel)s") % {"channel": channel},
        filters=[(gettext("Length of the periods"), str(span.label))],
        headers=[gettext("Series"), pgettext("of an amount", "Unit"), complete, running],
        rows=[
            [
                str(row.series),
                row.series.get_unit_display(),
                row.complete.value,
                row.running.value,
            ]
            for row in rows
        ],
    )


@dataclass(frozen=True)
class ByChannel:
    """A series on its channels, period by period."""

    periods: list[Period]
    channels: list[Channel]
    columns: list[list[Figure]]
    together: list[Figure]

    @property
    def rows(self) -> list[tuple[Figure, list[tuple[Channel, Figure]]]]:
        """Give each period with all channels together and each of them, the newest first."""
        named = list(zip(self.channels, self.columns, strict=True))
        return [
            (figure, [(channel, column[at]) for channel, column in named])
            for at, figure in reversed(list(enumerate(self.together)))
        ]


def by_channel(series: Series, asked: Asked, today: date) -> ByChannel:
    found = figures.by_channel([series], asked.span, asked.first, asked.last, today=today)
    of_each = found[series.pk]
    together = of_each.pop(figures.ALL)
    names = Channel.objects.in_bulk(each for each in of_each if each is not None)
    channels = sorted(names.values(), key=lambda each: (each.position, each.pk))
    return ByChannel(
        [figure.period for figure in together],
        channels,
        [of_each[channel.pk] for channel in channels],
        together,
    )


def chart_of(series: Series, found: ByChannel, asked: Asked) -> Chart:
    """Draw a line for each channel, of the largest ones."""
    lines = [
        Line(str(channel), [figure.value for figure in column], "part")
        for channel, column in zip(found.channels, found.columns, strict=True)
    ]
    known = [line for line in lines if any(value is not None for value in line.values)]
    words = {"name": series, "period": asked, "channels": ", ".join(each.name for each in known)}
    return Chart(
        name=str(series),
        periods=found.periods,
        lines=known[:MOST_LINES],
        description=gettext("%(name)s, %(period)s, by channel: %(channels)s.") % words,
        is_flow=is_flow(series),
        is_so_far=found.together[-1].is_so_far,
    )


def series_table(series: Series, found: ByChannel, asked: Asked) -> Table:
    return Table(
        title=gettext("%(series)s by channel") % {"series": series},
        filters=[(gettext("Period"), str(asked))],
        headers=[
            gettext("Period"),
            *(str(channel) for channel in found.channels),
            gettext("All channels"),
        ],
        rows=[
            [figure.period.label, *(each.value for _channel, each in of_each), figure.value]
            for figure, of_each in reversed(found.rows)
        ],
    )
