"""What series come to: the rules, one by one."""

from datetime import date
from decimal import Decimal

import pytest

from goals.models import Series
from kpi import figures
from kpi.periods import Span
from tests.factories import make_kpi_channel, make_series, measure

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 10)
MARCH = [date(2026, 3, day) for day in range(1, 32)]


def month(series, day=MARCH[0], **how):
    [figure] = figures.read([series], Span.MONTH, day, day, today=TODAY, **how)[series.pk]
    return figure


def test_a_flow_adds_up():
    series = make_series(kind="flow")
    measure(series, dict.fromkeys(MARCH, 2))

    figure = month(series)

    assert (figure.value, figure.is_so_far, figure.is_incomplete) == (62, False, False)


def test_of_a_stock_the_last_value_counts():
    series = make_series(kind="stock")
    measure(series, {MARCH[3]: 100, MARCH[20]: 120})

    figure = month(series)

    assert (figure.value, figure.is_incomplete, figure.as_of) == (120, False, MARCH[20])


def test_an_average_is_of_the_days_that_have_a_value():
    series = make_series(kind="average")
    measure(series, {MARCH[3]: 1, MARCH[20]: 2, MARCH[21]: 2})

    figure = month(series)

    assert (figure.value, figure.is_incomplete) == (Decimal("1.67"), False)


def test_growth_is_the_last_value_less_the_last_of_the_period_before():
    followers, growth = (Series.objects.get(key=key) for key in ("followers", "followers_growth"))
    measure(followers, {date(2026, 2, 28): 100, MARCH[-1]: 130})

    assert (month(growth).value, month(growth).is_incomplete) == (30, False)


@pytest.mark.parametrize("span", list(Span))
def test_growth_begins_with_the_first_value_there_is_and_that_is_incomplete(span):
    followers, growth = (Series.objects.get(key=key) for key in ("followers", "followers_growth"))
    measure(followers, {date(2026, 1, 5): 90, date(2026, 1, 6): 95, date(2026, 1, 11): 110})

    [first, *_more] = figures.read(
        [growth], span, date(2026, 1, 5), date(2026, 1, 5), today=date(2026, 1, 12)
    )[growth.pk]

    # A single day of which nothing is known before has no growth, and none of nought either.
    expected = (None, False) if span == Span.DAY else (20, True)
    assert (first.value, first.is_incomplete) == expected


def test_growth_is_of_the_channels_that_both_periods_have():
    followers, growth = (Series.objects.get(key=key) for key in ("followers", "followers_growth"))
    facebook, instagram = make_kpi_channel(), make_kpi_channel()
    measure(followers, {date(2026, 2, 28): 10_000}, facebook)
    measure(followers, {date(2026, 2, 28): 4_900, MARCH[-1]: 5_000}, instagram)

    assert (month(growth).value, month(growth).is_incomplete) == (100, True)


def test_a_whole_without_a_channel_is_compared_with_the_whole_of_all_channels():
    followers, growth = (Series.objects.get(key=key) for key in ("followers", "followers_growth"))
    facebook, instagram = make_kpi_channel(), make_kpi_channel()
    measure(followers, {date(2026, 1, 31): 10_000, date(2026, 2, 28): 10_100}, facebook)
    measure(followers, {date(2026, 1, 31): 4_900}, instagram)
    measure(followers, {MARCH[-1]: 15_200})

    assert month(growth).value is None  # Instagram is missing in February
    measure(followers, {date(2026, 2, 28): 5_000}, instagram)
    assert (month(growth).value, month(growth).is_incomplete) == (100, True)


def test_what_was_not_measured_is_missing_and_not_zero():
    series = make_series()
    measure(series, {MARCH[0]: 0})

    read = figures.read([series], Span.DAY, MARCH[0], MARCH[1], today=TODAY)[series.pk]

    assert [each.value for each in read] == [0, None]


def test_the_days_of_a_month_count_when_none_is_missing():
    series = make_series()
    measure(series, dict.fromkeys(MARCH, 2))
    measure(series, {MARCH[0]: 99}, span=Span.MONTH)

    assert month(series).value == 62


def test_what_was_given_for_a_month_counts_when_days_are_missing():
    series = make_series()
    measure(series, dict.fromkeys(MARCH[:-1], 2))
    measure(series, {MARCH[0]: 99}, span=Span.MONTH)

    figure = month(series)

    assert (figure.value, figure.is_incomplete) == (99, False)


def test_the_days_of_all_channels_win_over_what_was_given_for_the_month_without_a_channel():
    series, one, other = make_series(), make_kpi_channel(), make_kpi_channel()
    measure(series, dict.fromkeys(MARCH, 2), one)
    measure(series, dict.fromkeys(MARCH[:-1], 3), other)
    measure(series, {MARCH[0]: 99}, span=Span.MONTH)

    assert (month(series).value, month(series).is_incomplete) == (99, False)
    measure(series, {MARCH[-1]: 3}, other)
    assert (month(series).value, month(series).is_incomplete) == (155, False)


def test_of_levels_the_latest_day_wins_unless_a_channel_is_missing():
    series, one, other = make_series(kind="stock"), make_kpi_channel(), make_kpi_channel()
    measure(series, {date(2026, 2, 28): 50}, one)
    measure(series, {date(2026, 2, 28): 50}, other)
    measure(series, {MARCH[2]: 103})
    measure(series, {MARCH[-1]: 60}, one)

    assert (month(series).value, month(series).as_of) == (103, MARCH[2])
    measure(series, {MARCH[-1]: 55}, other)
    assert (month(series).value, month(series).as_of) == (115, MARCH[-1])
    measure(series, {MARCH[-1]: 120})
    assert (month(series).value, month(series).as_of) == (120, MARCH[-1])


def test_the_days_there_are_make_an_incomplete_month():
    series = make_series()
    measure(series, dict.fromkeys(MARCH[:-1], 2))

    figure = month(series)

    assert (figure.value, figure.is_incomplete) == (60, True)


def test_the_running_month_is_complete_when_it_has_every_day_up_to_yesterday():
    series = make_series()
    april = [date(2026, 4, day) for day in range(1, 10)]
    measure(series, dict.fromkeys(april, 3))

    figure = month(series, april[0])

    assert (figure.value, figure.is_so_far, figure.is_incomplete) == (27, True, False)


def test_what_was_measured_without_a_channel_wins_over_the_sum_of_channels_on_the_same_day():
    series, one, other = make_series(), make_kpi_channel(), make_kpi_channel()
    measure(series, {MARCH[0]: 1, MARCH[1]: 1}, one)
    measure(series, {MARCH[0]: 2, MARCH[1]: 2}, other)
    measure(series, {MARCH[1]: 10})

    read = figures.read([series], Span.DAY, MARCH[0], MARCH[1], today=TODAY)[series.pk]

    assert [each.value for each in read] == [3, 10]
    assert month(series).value == 13
    assert month(series, channel=other.pk).value == 4


def test_stocks_of_channels_add_up_and_show_that_one_is_missing():
    series = make_series(kind="stock")
    one, other = make_kpi_channel(), make_kpi_channel()
    measure(series, {date(2026, 2, 28): 100, MARCH[-1]: 110}, one)
    measure(series, {date(2026, 2, 27): 50}, other)

    february, march = month(series, date(2026, 2, 1)), month(series)

    assert (february.value, february.is_incomplete) == (150, False)
    assert (march.value, march.is_incomplete) == (110, True)


def test_any_days_are_made_of_whole_months_and_the_days_around_them():
    series = make_series()
    measure(series, {date(2026, 1, 30): 1, date(2026, 1, 31): 2, date(2026, 3, 1): 4})
    measure(series, {date(2026, 2, 1): 100}, span=Span.MONTH)

    window = figures.total([series], date(2026, 1, 31), MARCH[0], today=TODAY)[series.pk]

    assert (window.value, window.is_incomplete) == (106, False)


def test_each_channel_stands_beside_all_of_them():
    series, one, other = make_series(), make_kpi_channel(), make_kpi_channel()
    measure(series, {MARCH[0]: 1}, one)
    measure(series, {MARCH[1]: 2}, other)

    read = figures.by_channel([series], Span.MONTH, MARCH[0], MARCH[-1], today=TODAY)[series.pk]

    assert {channel: each.value for channel, [each] in read.items()} == {
        None: 3,
        one.pk: 1,
        other.pk: 2,
    }


@pytest.mark.parametrize("span", list(Span))
def test_more_series_and_channels_take_no_more_queries(span, django_assert_num_queries):
    all_series = [make_series() for _ in range(3)]
    for series in all_series:
        for _ in range(2):
            measure(series, {MARCH[0]: 1}, make_kpi_channel())

    with django_assert_num_queries(1):
        figures.read(all_series[:1], span, MARCH[0], MARCH[-1], today=TODAY)
    with django_assert_num_queries(1):
        figures.read(all_series, span, MARCH[0], MARCH[-1], today=TODAY)
