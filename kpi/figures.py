"""What series come to in days, weeks, months, years and any other days: the one computation.

How values add up is in `kpi.adding_up`, how they are fetched in `kpi.known`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import prefetch_related_objects

from goals.models import Series
from kpi.adding_up import ALL, Channel, Part, began_at, growth
from kpi.known import Known, fetch
from kpi.periods import Period, Span, periods


@dataclass(frozen=True, slots=True)
class Figure:
    """What a series came to in a period."""

    period: Period
    value: Decimal | None
    """None: nothing was measured; never a zero that nobody counted."""

    is_so_far: bool
    """The period is not over."""

    is_incomplete: bool
    """Days are missing, or a channel is that was there before."""

    as_of: date | None
    """The last day something is known of."""

    channels: frozenset[Channel] = frozenset()
    """Those that count in it; None: what was measured without one."""

    grew_from: Decimal | None = None
    """Of a growth: the level it is counted from, on the channels that count in it."""


def read(
    series: Iterable[Series],
    span: Span,
    first: date,
    last: date,
    *,
    channel: Channel = ALL,
    today: date,
) -> dict[int, list[Figure]]:
    """Give each series' figures, by its number, of the whole periods that touch these days."""
    return _read(list(series), periods(span, first, last), channel, today)


def total(
    series: Iterable[Series],
    first: date,
    last: date,
    *,
    channel: Channel = ALL,
    today: date,
) -> dict[int, Figure]:
    """Give one figure of any days for each series: of an intake, of two periods to compare."""
    found = _read(list(series), [Period(first, last)], channel, today)
    return {number: figure for number, [figure] in found.items()}


def total_by_channel(
    series: Iterable[Series], first: date, last: date, *, today: date
) -> dict[int, dict[Channel, Figure]]:
    """Give one figure of any days for each series and every channel that has any."""
    found = _by_channel(list(series), [Period(first, last)], today)
    return {
        number: {channel: figure for channel, [figure] in channels.items()}
        for number, channels in found.items()
    }


def by_channel(
    series: Iterable[Series], span: Span, first: date, last: date, *, today: date
) -> dict[int, dict[Channel, list[Figure]]]:
    """Give each series' figures of every channel that has any; None is all of them together."""
    return _by_channel(list(series), periods(span, first, last), today)


def growth_begins(
    series: Series, of: Period, *, channel: Channel = ALL, today: date
) -> dict[Channel, date]:
    """Say on which day growth in a period begins, by the channels that count in it."""
    source = _sources([series])[series.pk]
    known = fetch([source], [series], [of], channel)
    now = known.part(source, of, today)
    began = began_at(known.part(source, of.before, today), now) if now else {}
    return {each: day for each, (day, _level) in began.items()}


def _by_channel(
    wanted: list[Series], of: list[Period], today: date
) -> dict[int, dict[Channel, list[Figure]]]:
    sources = _sources(wanted)
    known = fetch(sources.values(), wanted, of, ALL)
    return {
        each.pk: {
            channel: _figures(each, of, known.only(channel, sources[each.pk].pk), sources, today)
            for channel in [ALL, *sorted(known.channels(sources[each.pk].pk))]
        }
        for each in wanted
    }


def _read(
    series: list[Series], of: list[Period], channel: Channel, today: date
) -> dict[int, list[Figure]]:
    sources = _sources(series)
    known = fetch(sources.values(), series, of, channel)
    return {each.pk: _figures(each, of, known, sources, today) for each in series}


def _sources(series: list[Series]) -> dict[int, Series]:
    """Give, for each series, the one that is measured: itself, or the one it is the growth of."""
    prefetch_related_objects(series, "growth_of")
    return {each.pk: each.growth_of or each for each in series}


def _figures(
    series: Series,
    of: list[Period],
    known: Known,
    sources: Mapping[int, Series],
    today: date,
) -> list[Figure]:
    source = sources[series.pk]
    if series.kind != Series.Kind.DERIVED:
        return [_figure(each, source, known.part(source, each, today), today) for each in of]
    found = []
    for each in of:
        now = known.part(source, each, today)
        found.append(_growth(each, source, known.part(source, each.before, today), now, today))
    return found


def _figure(period: Period, series: Series, part: Part | None, today: date) -> Figure:
    is_so_far = period.first <= today <= period.last
    if part is None:
        return Figure(period, None, is_so_far, False, None)
    # An average is of the days that have a value: no events, no attendance.
    is_incomplete = not part.is_complete and series.kind != Series.Kind.AVERAGE
    value = part.value(series.kind)
    return Figure(period, value, is_so_far, is_incomplete, part.as_of, part.channels)


def _growth(
    period: Period, series: Series, before: Part | None, now: Part | None, today: date
) -> Figure:
    end = _figure(period, series, now, today)
    grown = growth(before, now) if now else None
    if now is None or grown is None:
        return Figure(period, None, end.is_so_far, False, None)
    is_comparable = before and before.is_complete and before.channels == now.channels
    return Figure(
        period,
        grown.value,
        end.is_so_far,
        not (is_comparable and now.is_complete),
        end.as_of,
        grew_from=grown.start,
    )
