"""Writing measurements: once, again, changed, taken back, and never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from threading import Barrier

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Count

from goals.models import Series
from kpi.models import EarlierValue, Measurement, MonthTotal
from kpi.periods import Span
from kpi.store import Counts, Scope, Value, ValuesRefusedError, write
from tests.factories import make_kpi_channel, make_reading, make_series, riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 4, 2, 7)
DAY = date(2026, 3, 29)


def number(amount):
    return None if amount is None else Decimal(amount)


def value(series, amount, *, day=DAY, channel=None, span=Span.DAY, row=None):
    return Value(series.pk, channel and channel.pk, span, day, number(amount), row)


def test_values_are_written_with_where_they_came_from():
    series, channel, reading = make_series(), make_kpi_channel(), make_reading()

    counts = write(reading, [value(series, 12, channel=channel, row=5)], at=NOW)

    assert counts == Counts(new=1)
    measurement = Measurement.objects.get()
    assert (measurement.series, measurement.channel, measurement.day) == (series, channel, DAY)
    assert (measurement.value, measurement.row) == (Decimal(12), 5)
    assert (measurement.reading, measurement.read_at) == (reading, NOW)


def test_the_same_values_again_change_nothing():
    series, first = make_series(), make_reading()
    values = [value(series, 12), value(series, 300, day=date(2026, 3, 1), span=Span.MONTH)]
    write(first, values, at=NOW)

    assert write(make_reading(), values, at=NOW) == Counts(same=2)

    assert {each.reading for each in Measurement.objects.all()} == {first}
    assert not EarlierValue.objects.exists()


def test_a_later_reading_replaces_the_value_and_keeps_the_old_one():
    series, first, second = make_series(), make_reading(), make_reading(source="hand")
    write(first, [value(series, 12, row=7)], at=NOW)
    later = riga(2026, 4, 3, 7)

    assert write(second, [value(series, 14)], at=later) == Counts(changed=1)

    measurement = Measurement.objects.get()
    assert (measurement.value, measurement.reading, measurement.row) == (14, second, None)
    earlier = measurement.earlier.get()
    assert (earlier.value, earlier.reading, earlier.row) == (12, first, 7)
    assert (earlier.read_at, earlier.replaced_at) == (NOW, later)


def test_a_value_taken_back_stands_among_the_earlier_ones():
    series = make_series()
    write(make_reading(), [value(series, 12)], at=NOW)

    assert write(make_reading(), [value(series, None)], at=NOW) == Counts(gone=1)

    measurement = Measurement.objects.get()
    assert measurement.value is None
    assert [each.value for each in measurement.earlier.all()] == [12]
    assert not MonthTotal.objects.exists()


def test_taking_back_what_is_not_there_leaves_no_trace():
    series = make_series()

    assert write(make_reading(), [value(series, None)], at=NOW) == Counts(same=1)

    assert not Measurement.objects.exists()


def test_what_a_source_does_not_give_any_more_is_taken_back_and_nothing_else():
    series, other = make_series(), make_series()
    before, after = date(2026, 3, 27), date(2026, 3, 30)
    days = [before, date(2026, 3, 28), DAY, after]
    write(
        make_reading(),
        [value(each, 5, day=day) for each in (series, other) for day in days],
        at=NOW,
    )
    write(make_reading(source="hand"), [value(series, 6, day=date(2026, 3, 28))], at=NOW)
    scope = Scope(frozenset({series.pk}), date(2026, 3, 28), DAY)

    counts = write(make_reading(), [], at=NOW, replace=scope)

    assert counts == Counts(gone=1)
    left = Measurement.objects.filter(series=series).order_by("day")
    assert [each.value for each in left] == [5, 6, None, 5]
    assert Measurement.objects.filter(series=other, value=5).count() == 4


def test_of_two_values_for_the_same_day_the_last_one_holds():
    series = make_series()

    assert write(make_reading(), [value(series, 1), value(series, 2)], at=NOW) == Counts(new=1)

    assert Measurement.objects.get().value == 2


def test_a_day_to_come_cannot_have_been_measured():
    series = make_series()
    today, tomorrow = date(2026, 4, 2), date(2026, 4, 3)

    with pytest.raises(ValuesRefusedError):
        write(make_reading(), [value(series, 1, day=today), value(series, 1, day=tomorrow)], at=NOW)

    assert not Measurement.objects.exists()
    assert write(make_reading(), [value(series, 1, day=today)], at=NOW) == Counts(new=1)


def test_midnight_in_riga_decides_what_is_still_to_come():
    series = make_series()
    just_after = riga(2026, 3, 29, 0, 30)  # 28 March, 22:30 UTC

    assert write(make_reading(), [value(series, 1)], at=just_after) == Counts(new=1)


def test_what_is_calculated_is_not_written():
    growth = Series.objects.get(key="followers_growth")

    with pytest.raises(ValuesRefusedError):
        write(make_reading(), [value(growth, 1)], at=NOW)


def test_a_month_is_added_up_as_its_days_are_written():
    series, channel = make_series(), make_kpi_channel()
    march = date(2026, 3, 1)
    write(make_reading(), [value(series, 5, channel=channel)], at=NOW)
    write(make_reading(), [value(series, 7, day=march, channel=channel)], at=NOW)
    write(make_reading(), [value(series, 99, day=march, span=Span.MONTH)], at=NOW)
    write(make_reading(), [value(series, 6, channel=channel)], at=NOW)

    by_channel = MonthTotal.objects.get(channel=channel)
    assert (by_channel.month, by_channel.total, by_channel.days) == (march, 13, 2)
    assert (by_channel.last_day, by_channel.last_value, by_channel.given) == (DAY, 6, None)
    assert (by_channel.first_day, by_channel.first_value) == (march, 7)
    without = MonthTotal.objects.get(channel=None)
    assert (without.total, without.days, without.given) == (None, 0, 99)


def test_months_added_up_before_they_had_a_first_value_get_it():
    series, channel = make_series(), make_kpi_channel()
    first, later = date(2026, 3, 4), date(2026, 3, 9)
    for of in (channel, None):
        values = [value(series, 5, day=first, channel=of), value(series, 6, day=later, channel=of)]
        write(make_reading(), values, at=NOW)
    write(make_reading(), [value(series, None, day=first)], at=NOW)
    MonthTotal.objects.update(first_day=None, first_value=None)

    import_module("kpi.migrations.0008_month_first_value").fill(apps, None)

    assert set(MonthTotal.objects.values_list("channel", "first_day", "first_value")) == {
        (channel.pk, first, 5),
        (None, later, 6),
    }


def test_months_nobody_wrote_to_are_left_alone():
    series = make_series()
    write(make_reading(), [value(series, 5, day=date(2026, 1, 5))], at=NOW)
    write(make_reading(), [value(series, 5, day=date(2026, 2, 5))], at=NOW)
    february = MonthTotal.objects.get(month=date(2026, 2, 1))

    write(
        make_reading(),
        [value(series, 6, day=date(2026, 1, 5)), value(series, 6, day=date(2026, 3, 5))],
        at=NOW,
    )

    totals = MonthTotal.objects.order_by("month")
    assert [each.total for each in totals] == [6, 5, 6]
    assert totals[1] == february


def test_values_are_kept_to_the_cent():
    series = make_series()
    write(make_reading(), [value(series, "3.14159")], at=NOW)

    assert Measurement.objects.get().value == Decimal("3.14")
    assert write(make_reading(), [value(series, "3.14159")], at=NOW) == Counts(same=1)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "100000000000000"])
def test_what_is_no_number_or_too_large_is_refused(amount):
    with pytest.raises(ValuesRefusedError):
        write(make_reading(), [value(make_series(), amount)], at=NOW)

    assert not Measurement.objects.exists()


def test_what_a_person_corrected_stands_while_the_source_repeats_itself():
    series, hand = make_series(), make_reading(source="hand")
    write(make_reading(), [value(series, 100)], at=NOW)
    write(hand, [value(series, 120)], at=NOW)

    assert write(make_reading(), [value(series, 100)], at=NOW) == Counts(same=1)
    assert (Measurement.objects.get().value, EarlierValue.objects.count()) == (120, 1)

    assert write(make_reading(), [value(series, 101)], at=NOW) == Counts(changed=1)
    assert Measurement.objects.get().value == 101


def test_a_list_a_person_imports_replaces_what_was_typed_in():
    series = make_series()
    write(make_reading(source="list"), [value(series, 100)], at=NOW)
    write(make_reading(source="hand"), [value(series, 120)], at=NOW)

    assert write(make_reading(source="list"), [value(series, 100)], at=NOW) == Counts(changed=1)


def test_more_values_than_are_held_at_once_come_to_the_same(monkeypatch):
    monkeypatch.setattr("kpi.store.BATCH", 7)
    series, other, channel = make_series(), make_series(), make_kpi_channel()
    days = [date(2026, 3, 1) + timedelta(days=number) for number in range(30)]
    values = [
        value(each, number, day=day, channel=where)
        for number, day in enumerate(days)
        for each in (series, other)
        for where in (None, channel)
    ]
    scope = Scope(frozenset({series.pk}), days[0], days[-1])

    assert write(make_reading(), iter(values), at=NOW) == Counts(new=120)
    assert write(make_reading(), iter(values), at=NOW, replace=scope) == Counts(same=120)
    assert write(make_reading(), iter(values[40:]), at=NOW, replace=scope) == Counts(
        same=80, gone=20
    )

    totals = MonthTotal.objects.order_by("series", "channel").values_list("total", "days")
    assert sorted(totals) == [(390, 20), (390, 20), (435, 30), (435, 30)]


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_neither_lose_nor_double_anything():
    series, other = make_series(), make_series()
    days = [date(2026, 2, 1) + timedelta(days=number) for number in range(50)]
    readings = [make_reading(source=source) for source in ("ga4", "list", "bitrix24", "own")]
    start = Barrier(len(readings))

    def work(number):
        try:
            start.wait()
            both = (series, other) if number % 2 else (other, series)
            for _ in range(3):
                values = [value(each, number, day=day) for day in days for each in both]
                write(readings[number], values, at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(readings)) as pool:
        list(pool.map(work, range(len(readings))))

    measured = Measurement.objects.all()
    assert measured.count() == 100
    [last] = set(measured.values_list("value", flat=True))
    # Whoever came last has the word; each of the others is there once for every day.
    replaced = EarlierValue.objects.values_list("value").annotate(count=Count("pk"))
    assert {amount: count % 100 for amount, count in replaced} == {
        amount: 0 for amount, _count in replaced
    }
    assert {amount for amount, _count in replaced} >= {0, 1, 2, 3} - {last}
    totals = MonthTotal.objects.values_list("month__month", "total", "days")
    assert sorted(totals) == [
        *[(2, 28 * last, 28)] * 2,
        *[(3, 22 * last, 22)] * 2,
    ]


def test_writing_takes_as_many_queries_for_many_values_as_for_few(django_assert_max_num_queries):
    series = make_series()
    days = [date(2026, 3, 1) + timedelta(days=number) for number in range(30)]
    with django_assert_max_num_queries(99) as few:
        write(make_reading(), [value(series, 1, day=days[0])], at=NOW)

    with django_assert_max_num_queries(len(few)):
        write(make_reading(), [value(series, 2, day=day) for day in days[1:]], at=NOW)
