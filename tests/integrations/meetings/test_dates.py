"""Dates, times and durations as reports write them."""

from datetime import datetime, time

import pytest

from integrations.meetings.dates import (
    DayOrder,
    possible_orders,
    read_clock,
    read_duration,
    read_moment,
)

DAY_FIRST, MONTH_FIRST = DayOrder


@pytest.mark.parametrize(
    ("text", "orders", "moment"),
    [
        ("7/20/23, 4:16:29 PM", [MONTH_FIRST], datetime(2023, 7, 20, 16, 16, 29)),
        ("7/20/23, 4:16:29\u202fPM", [MONTH_FIRST], datetime(2023, 7, 20, 16, 16, 29)),
        ("21/10/22 12:00:00", [DAY_FIRST], datetime(2022, 10, 21, 12)),
        ("11.02.2026, 16:00:00", [DAY_FIRST, MONTH_FIRST], datetime(2026, 2, 11, 16)),
        ("11.02.2026. 16:00", [DAY_FIRST, MONTH_FIRST], datetime(2026, 2, 11, 16)),
        ("2026-02-11 16:00:00", [DAY_FIRST, MONTH_FIRST], datetime(2026, 2, 11, 16)),
        ("2026-02-11T16:00:00Z", [DAY_FIRST, MONTH_FIRST], datetime(2026, 2, 11, 16)),
        ("Feb 11, 2026 12:05:00 AM", [DAY_FIRST, MONTH_FIRST], datetime(2026, 2, 11, 0, 5)),
        ("11 okt. 2026, 12:05 PM", [DAY_FIRST, MONTH_FIRST], datetime(2026, 10, 11, 12, 5)),
        ("31/31/26 10:00", [], None),
        ("02/11/26", [], None),
        ("02/11/26 25:00", [], None),
        ("Anna Ozola", [], None),
        ("--", [], None),
        ("", [], None),
    ],
)
def test_moments(text, orders, moment):
    assert possible_orders([text]) == orders
    assert {read_moment(text, order) for order in orders or DayOrder} == {moment}


def test_03_02_26_has_two_readings():
    text = "03/02/26 18:00"

    assert [read_moment(text, order) for order in possible_orders([text])] == [
        datetime(2026, 2, 3, 18),
        datetime(2026, 3, 2, 18),
    ]


def test_one_date_with_a_day_above_twelve_settles_all():
    assert possible_orders(["03/02/26 18:00", "13/02/26 18:00"]) == [DAY_FIRST]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h 13m 42s", 4422),
        ("55m", 3300),
        ("1 hr 2 min", 3720),
        ("58 min", 3480),
        ("1 st. 2 min. 3 s", 3723),
        ("1 godz. 2 min. 3 sek.", 3723),
        ("01:02:03", 3723),
        ("12 km", None),
        ("12", None),
        ("Anna 5 min", None),
        ("", None),
    ],
)
def test_durations(text, seconds):
    assert read_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("23:50", time(23, 50)),
        ("11:50 PM", time(23, 50)),
        ("12:10\u202fAM", time(0, 10)),
        ("6:01 p.m.", time(18, 1)),
        ("24:10", None),
        ("18", None),
        ("11.03.2026 18:00", None),
    ],
)
def test_clocks(text, clock):
    assert read_clock(text) == clock
