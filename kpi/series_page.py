"""What the page of a series shows: its line with what happened, its table, whose target it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext, pgettext

from accounts.models import User
from goals.models import Indicator, Series
from kpi import figures
from kpi.aims import MEASURES, Row, rows_of
from kpi.asked import Asked
from kpi.charts import Chart, Line, is_flow
from kpi.export import Table
from kpi.figures import Figure
from kpi.marks import marks_of
from kpi.models import Note
from kpi.pace import Aim, Measure, expected_on
from kpi.periods import DAY, Period, Span
from kpi.rules import can_remove_note
from kpi.words import value_words
from plans.models import Intake


@dataclass(frozen=True)
class Entry:
    """A line of the table: what there was in a period, and a year before."""

    figure: Figure
    before: Figure | None
    """None: there was no such period; while the period runs, the same days of it."""

    @property
    def change(self) -> Decimal | None:
        """Give by how many per cent it is more than a year before."""
        if self.before is None or not self.before.value or self.figure.value is None:
            return None
        return (self.figure.value / self.before.value - 1) * 100


def entries(series: Series, asked: Asked, today: date) -> list[Entry]:
    """Give the periods in their order, the first first."""
    found = figures.read(
        [series], asked.span, asked.first, asked.last, channel=asked.channel_number, today=today
    )[series.pk]
    earlier = _year_before([each.period for each in found], series, asked, today)
    return [Entry(figure, earlier.get(figure.period.first)) for figure in found]


def _year_before(
    periods: Sequence[Period], series: Series, asked: Asked, today: date
) -> dict[date, Figure]:
    """Give the figures of a year before, by the first day of the period they stand beside."""
    pairs = [(each, before) for each in periods if (before := each.year_before)]
    if not pairs:
        return {}
    first, last = pairs[0][1].first, max(before.last for _period, before in pairs)
    found = figures.read(
        [series], asked.span, first, last, channel=asked.channel_number, today=today
    )[series.pk]
    known = {figure.period.first: figure for figure in found}
    earlier = {period.first: known[before.first] for period, before in pairs}
    running = periods[-1]
    if running.first < today <= running.last and (same := _same_days(running, today)):
        earlier[running.first] = figures.total(
            [series], same.first, same.last, channel=asked.channel_number, today=today
        )[series.pk]
    return earlier


def _same_days(running: Period, today: date) -> Period | None:
    """Give those days of a year before that are over in the running period."""
    over = Period(running.first, today - DAY)
    if running.span != Span.WEEK:
        return over.year_before
    before = running.year_before
    return before and Period(before.first, before.first + (over.last - over.first))


def targets_of(series: Series) -> QuerySet[Indicator]:
    """Give the indicators that are read from a series and have a target, by year."""
    return (
        Indicator.objects.filter(series=series)
        .select_related("goal__year", "owner", "series__growth_of")
        .order_by("goal__year__year", "goal__position", "position", "pk")
    )


def target_line(
    series: Series, indicators: Sequence[Indicator], periods: Sequence[Period]
) -> list[float | None]:
    """Give what each period has to bring, or what has to be there at its end."""
    aims: dict[int, Aim] = {}
    for each in indicators:
        if each.target is not None and each.unit == series.unit:
            aims.setdefault(each.goal.year.year, _aim(each, series))
    due_in = _sum_due_in if is_flow(series) else _level_due_in
    return [due_in(period, aims) for period in periods]


def _aim(indicator: Indicator, series: Series) -> Aim:
    year = indicator.goal.year.year
    return Aim(
        MEASURES[Series.Kind(series.kind)],
        date(year, 1, 1),
        date(year, 12, 31),
        indicator.target,
        indicator.start,
    )


def _level_due_in(period: Period, aims: dict[int, Aim]) -> float | None:
    aim = aims.get(period.last.year)
    if aim is None or (aim.measure == Measure.STOCK and aim.start is None):
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
        target=[] if asked.channel else target_line(series, indicators, periods),
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
                _shown(each.figure),
                each.before.value if each.before else None,
                ", ".join(remarks(each.figure)),
            ]
            for each in found
        ],
    )


def remarks(figure: Figure) -> list[str]:
    said = [
        (figure.is_so_far, gettext("so far")),
        (figure.is_incomplete, gettext("incomplete")),
    ]
    return [words for is_so, words in said if is_so]


def _shown(figure: Figure) -> object:
    return gettext("no data") if figure.value is None else figure.value
