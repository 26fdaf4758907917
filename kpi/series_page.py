"""What the page of a series shows: its line with what happened, its table, whose target it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext, pgettext

from accounts.models import User
from goals.aim import Aim
from goals.models import Indicator, Series
from kpi import figures
from kpi.aims import Row, rows_of
from kpi.asked import Asked
from kpi.charts import Chart, Line, is_flow
from kpi.export import Table
from kpi.marks import marks_of
from kpi.models import Note
from kpi.pace import expected_on
from kpi.periods import Period
from kpi.progress import Window
from kpi.rules import can_remove_note
from kpi.words import figure_cell, remark, value_words
from kpi.year_before import Entry, beside
from plans.models import Intake


def entries(series: Series, asked: Asked, today: date) -> list[Entry]:
    """Give the periods in their order, the first first."""
    read = partial(figures.read, [series], channel=asked.channel_number, today=today)
    total = partial(figures.total, [series], channel=asked.channel_number, today=today)
    found = read(asked.span, asked.first, asked.last)
    return beside(found, read, total, today)[series.pk]


def targets_of(series: Series) -> QuerySet[Indicator]:
    """Give the indicators that are read from a series and have a target, by year."""
    return (
        Indicator.objects.filter(series=series)
        .select_related("goal__year", "owner", "series__growth_of")
        .order_by("goal__year__year", "goal__position", "position", "pk")
    )


def target_line(
    series: Series, indicators: Sequence[Indicator], periods: Sequence[Period], today: date
) -> list[float | None]:
    """Give what each period has to bring, or what has to be there at its end."""
    shown = range(periods[0].first.year, periods[-1].last.year + 1)
    aims: dict[int, Aim] = {}
    for each in indicators:
        year = each.goal.year.year
        if year in shown and each.target is not None and each.unit == series.unit:
            aims[year] = aims.get(year) or _aim(each, series, today)
    due_in = _sum_due_in if is_flow(series) else _level_due_in
    return [due_in(period, aims) for period in periods]


def _aim(indicator: Indicator, series: Series, today: date) -> Aim:
    year = indicator.goal.year.year
    of = Period(date(year, 1, 1), date(year, 12, 31))
    # As the dashboard: where its goal says, else from the level measured just before.
    start = Window.at_start([series], of, today).start(indicator)
    return indicator.aim(of.first, of.last, target=indicator.target, start=start)


def _level_due_in(period: Period, aims: dict[int, Aim]) -> float | None:
    aim = aims.get(period.last.year)
    if aim is None or aim.base is None:
        return None
    return float(expected_on(aim, period.last))


def _sum_due_in(period: Period, aims: dict[int, Aim]) -> float | None:
    """Share a sum out evenly over the days; a week across New Year takes its part of both."""
    due = 0.0
    for year in range(period.first.year, period.last.year + 1):
        aim = aims.get(year)
        if aim is None or aim.target is None:
            return None
        days = (min(period.last, aim.last) - max(period.first, aim.first)).days + 1
        due += float(aim.target) * days / aim.days
    return due


def chart_of(
    series: Series,
    found: Sequence[Entry],
    indicators: Sequence[Indicator],
    asked: Asked,
    today: date,
) -> Chart:
    periods = [each.figure.period for each in found]
    lines = [
        Line(gettext("Measured"), [each.figure.value for each in found]),
        Line(
            gettext("A year before"),
            [each.before.value if each.before else None for each in found],
            "before",
        ),
    ]
    if all(value is None for value in lines[1].values):
        lines.pop()
    return Chart(
        name=str(series),
        periods=periods,
        lines=lines,
        description=described(series, found, asked),
        is_flow=is_flow(series),
        target=[] if asked.channel else target_line(series, indicators, periods, today),
        marks=marks_of(series, periods[0].first, periods[-1].last),
        is_so_far=found[-1].figure.is_so_far,
    )


def described(series: Series, found: Sequence[Entry], asked: Asked) -> str:
    """Say in words what the line shows, for who does not see it."""
    known = [each.figure for each in found if each.figure.value is not None]
    if not known:
        return gettext("%(name)s, %(period)s: no data.") % {"name": series, "period": asked}
    low = min(known, key=lambda figure: figure.value or Decimal())
    high = max(known, key=lambda figure: figure.value or Decimal())
    words = {
        "name": series.label(get_language() or ""),
        "period": asked,
        "low": value_words(series.unit, low.value),
        "low_when": low.period,
        "high": value_words(series.unit, high.value),
        "high_when": high.period,
        "last": value_words(series.unit, known[-1].value),
        "last_when": known[-1].period,
        "gaps": len(found) - len(known),
    }
    return (
        gettext(
            "%(name)s, %(period)s: lowest %(low)s (%(low_when)s), highest %(high)s (%(high_when)s),"
            " last %(last)s (%(last_when)s); periods without data: %(gaps)s."
        )
        % words
    )


def standings(series: Series, indicators: Sequence[Indicator], today: date) -> list[Row]:
    """Tell how the indicators of this year that are read from the series do."""
    current = [each for each in indicators if each.goal.year.year == today.year]
    intake = Intake.objects.current(today)
    part = intake if intake and intake.year == today.year else None
    return rows_of(current, today.year, part, today)


@dataclass(frozen=True)
class ShownNote:
    """A note, and whether the one who looks may take it out."""

    note: Note
    can_remove: bool


def notes_of(series: Series, periods: Sequence[Period], user: User) -> list[ShownNote]:
    """Give the notes of these periods, the newest first."""
    days = (periods[0].first, periods[-1].last)
    found = Note.objects.of(series).filter(day__range=days).select_related("by")
    return [ShownNote(each, can_remove_note(user, each)) for each in found.order_by("-day", "-pk")]


def table(series: Series, found: Sequence[Entry], asked: Asked) -> Table:
    """Give the page's figures for a file, the first period first."""
    return Table(
        title=str(series),
        filters=[
            (gettext("Period"), str(asked)),
            (pgettext("length of the periods", "By"), str(asked.span.label)),
            (gettext("Channel"), str(asked.channel or gettext("All channels"))),
        ],
        headers=[
            gettext("Period"),
            gettext("First day"),
            gettext("Last day"),
            gettext("Value"),
            gettext("A year before"),
            gettext("Remark"),
        ],
        rows=[
            [
                each.figure.period.label,
                each.figure.period.first,
                each.figure.period.last,
                figure_cell(each.figure),
                figure_cell(each.before) if each.before else None,
                remark(each.figure),
            ]
            for each in found
        ],
    )
