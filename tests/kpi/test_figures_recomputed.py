"""Every figure is what a plain recomputation makes of the same numbers, whatever they are."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goals.models import Series
from kpi import figures
from kpi.periods import Span, periods
from kpi.store import Value, write
from tests.factories import make_kpi_channel, make_reading, make_series
from tests.kpi.plain import Plain

pytestmark = pytest.mark.django_db

TURNS = [
    date(2026, 3, 29),  # summer time begins
    date(2026, 10, 25),  # and ends
    date(2026, 12, 31),  # week 53, which ends in the new year
    date(2021, 1, 3),  # the last day of week 53 of 2020
    date(2024, 12, 30),  # the first day of week 1 of 2025
    date(2024, 2, 29),
]
KINDS = ("flow", "stock", "average")
CHANNELS = (None, 1, 2)
amounts = st.decimals(0, 9999, places=2)


@st.composite
def cases(draw):
    """Draw the numbers around a turn of the calendar, and the day they are looked at on."""
    turn = draw(st.sampled_from(TURNS))
    spread = draw(st.sampled_from([3, 10, 45]))
    first, last = turn - timedelta(days=spread), turn + timedelta(days=spread)
    days = st.dates(first, last)
    months = days.map(lambda day: day.replace(day=1))
    keys = st.one_of(
        st.tuples(st.sampled_from(CHANNELS), st.just("day"), days),
        st.tuples(st.sampled_from(CHANNELS), st.just("month"), months),
    )
    numbers = draw(st.dictionaries(keys, amounts, max_size=40))
    for channel in draw(st.sets(st.sampled_from(CHANNELS))):  # and some without a gap
        begin, end = sorted((draw(days), draw(days)))
        amount = draw(amounts)
        for number in range((end - begin).days + 1):
            numbers[channel, "day", begin + timedelta(days=number)] = amount
    newest = max([first, *(day for _channel, _span, day in numbers)])
    today = newest + timedelta(days=draw(st.sampled_from([0, 1, 2, 40])))
    window = sorted((draw(days), draw(days)))
    return numbers, today, first, last, window


def recomputed(plain, of, is_growth):
    compute = plain.growth if is_growth else plain.figure
    return [compute(period.first, period.last, period.span) for period in of]


def shown(read):
    return [(figure.value, figure.is_incomplete) for figure in read]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=cases())
def test_every_figure_is_what_a_plain_recomputation_gives(case):
    numbers, today, first, last, window = case
    with transaction.atomic():
        series = {kind: make_series(kind=kind) for kind in KINDS}
        series["growth"] = make_series(kind="derived", growth_of=series["stock"])
        channels = {None: None, **{number: make_kpi_channel().pk for number in CHANNELS[1:]}}
        fill(series, channels, numbers, today)

        for span in Span:
            of = periods(span, first, last)
            for channel, pk in channels.items():
                read = figures.read(series.values(), span, first, last, channel=pk, today=today)
                for name, each in series.items():
                    plain = Plain(name.replace("growth", "stock"), numbers, today, channel)
                    expected = recomputed(plain, of, name == "growth")
                    assert shown(read[each.pk]) == expected, (span, name, channel)
        totals = figures.total(series.values(), *window, today=today)
        for name, each in series.items():
            plain = Plain(name.replace("growth", "stock"), numbers, today)
            compute = plain.growth if name == "growth" else plain.figure
            assert shown([totals[each.pk]]) == [compute(*window, None)], name
        transaction.set_rollback(True)


def fill(series, channels, numbers, today):
    written = [
        Value(series[kind].pk, channels[channel], span, day, amount)
        for (channel, span, day), amount in numbers.items()
        for kind in KINDS
    ]
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo("Europe/Riga"))
    write(make_reading(), written, at=noon)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(case=cases())
def test_a_flow_measured_by_day_adds_up_to_the_same_however_it_is_cut(case):
    numbers, today, first, last, window = case
    days = {key: amount for key, amount in numbers.items() if key[1] == "day" and key[0] == 1}
    with transaction.atomic():
        flow = make_series()
        fill(dict.fromkeys(KINDS, flow), {1: make_kpi_channel().pk}, days, today)

        whole = sum(days.values())
        for span in Span:
            read = figures.read([flow], span, first, last, today=today)[flow.pk]
            assert sum(figure.value or 0 for figure in read) == whole
        middle = window[0]
        parts = [(first, middle), (middle + timedelta(days=1), last)]
        totals = [figures.total([flow], *each, today=today)[flow.pk] for each in parts]
        assert sum(figure.value or Decimal() for figure in totals) == whole
        transaction.set_rollback(True)


def test_a_week_53_is_a_week_of_its_own():
    growth = Series.objects.get(key="followers_growth")

    of = [
        each.period
        for each in figures.read(
            [growth], Span.WEEK, date(2026, 12, 27), date(2027, 1, 4), today=date(2027, 1, 5)
        )[growth.pk]
    ]

    assert [each.first.isocalendar()[:2] for each in of] == [(2026, 52), (2026, 53), (2027, 1)]
