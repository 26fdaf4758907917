"""Figures by channel: all series of one channel, and one series on all its channels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, pgettext

from goals.models import Series
from kpi import figures, lately
from kpi.adding_up import ALL
from kpi.adding_up import Channel as Where
from kpi.asked import Asked
from kpi.charts import Chart, Line, is_flow
from kpi.export import Table
from kpi.figures import Figure
from kpi.lately import Lately
from kpi.models import Channel
from kpi.periods import Period, Span, period_of
from kpi.words import figure_cell, remark
from kpi.year_before import Entry, beside

MOST_LINES = 6
"""More lines than that cannot be told apart."""


def on_channel(channel: Channel, span: Span, today: date) -> list[Lately]:
    """Give the series that were measured on a channel lately."""
    series = list(Series.objects.on().select_related("growth_of"))
    found = lately.read(series, span, today, channel=channel.pk, compared=2)
    return [went for went in found.values() if any(each.value is not None for each in went.found)]


def channel_table(channel: Channel, span: Span, today: date, rows: Sequence[Lately]) -> Table:
    running = period_of(span, today)
    return Table(
        title=gettext("Figures of %(channel)s") % {"channel": channel},
        filters=[(gettext("Length of the periods"), str(span.label))],
        headers=[
            gettext("Series"),
            pgettext("of an amount", "Unit"),
            running.before.label,
            gettext("A year before"),
            gettext("Remark"),
            gettext("%(period)s, so far") % {"period": running},
            gettext("The same days a year before"),
            gettext("Remark"),
        ],
        rows=[
            [
                str(row.series),
                row.series.get_unit_display(),
                *_cells(row.complete),
                *_cells(row.running),
            ]
            for row in rows
        ],
    )


def _cells(entry: Entry) -> list[object]:
    before = figure_cell(entry.before) if entry.before else None
    return [figure_cell(entry.figure), before, remark(entry.figure)]


@dataclass(frozen=True)
class ByChannel:
    """A series on its channels, period by period."""

    periods: list[Period]
    channels: list[Channel]
    columns: list[list[Entry]]
    together: list[Entry]

    @property
    def rows(self) -> list[tuple[Entry, list[tuple[Channel, Entry]]]]:
        """Give each period with all channels together and each of them, the newest first."""
        named = list(zip(self.channels, self.columns, strict=True))
        return [
            (entry, [(channel, column[at]) for channel, column in named])
            for at, entry in reversed(list(enumerate(self.together)))
        ]


def by_channel(series: Series, asked: Asked, today: date) -> ByChannel:
    def read(span: Span, first: date, last: date) -> dict[Where, list[Figure]]:
        return figures.by_channel([series], span, first, last, today=today)[series.pk]

    def total(first: date, last: date) -> dict[Where, Figure]:
        return figures.total_by_channel([series], first, last, today=today)[series.pk]

    found = beside(read(asked.span, asked.first, asked.last), read, total, today)
    together = found.pop(ALL)
    names = Channel.objects.in_bulk(each for each in found if each is not None)
    channels = sorted(names.values(), key=lambda each: (each.position, each.pk))
    return ByChannel(
        [entry.figure.period for entry in together],
        channels,
        [found[channel.pk] for channel in channels],
        together,
    )


def chart_of(series: Series, found: ByChannel, asked: Asked) -> Chart:
    """Draw a line for each channel, of the largest ones."""
    lines = [
        Line(str(channel), [entry.figure.value for entry in column], "part")
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
        is_so_far=found.together[-1].figure.is_so_far,
    )


def series_table(series: Series, found: ByChannel, asked: Asked) -> Table:
    names = [*(str(channel) for channel in found.channels), gettext("All channels")]
    return Table(
        title=gettext("%(series)s by channel") % {"series": series},
        filters=[(gettext("Period"), str(asked))],
        headers=[
            gettext("Period"),
            *(
                header
                for name in names
                for header in (name, gettext("%(channel)s, a year before") % {"channel": name})
            ),
            gettext("Remark"),
        ],
        rows=[_row(entry, of_each) for entry, of_each in reversed(found.rows)],
    )


def _row(entry: Entry, of_each: Sequence[tuple[Channel, Entry]]) -> list[object]:
    shown = [*(each for _channel, each in of_each), entry]
    return [
        entry.figure.period.label,
        *(
            cell
            for each in shown
            for cell in (
                figure_cell(each.figure),
                figure_cell(each.before) if each.before else None,
            )
        ),
        remark(*(each.figure for each in shown)),
    ]
