"""The one rule of how much of a target there is, and of when it is reached."""

from datetime import date
from decimal import Decimal

import pytest

from goals.aim import Reached
from goals.models import Indicator, Series

FIRST, LAST, HALF = date(2026, 1, 1), date(2026, 12, 31), date(2026, 6, 30)
OVER = date(2027, 1, 1)


def aim_of(kind, target, *, start=None, direction="up"):
    series = Series(kind=kind) if kind else None
    indicator = Indicator(series=series, direction=direction)
    return indicator.aim(FIRST, LAST, target=target, start=start)


def there_is(value, on=HALF, **fields):
    return Reached(Decimal(value), on, **fields)


@pytest.mark.parametrize(
    ("direction", "start", "target", "value", "percent", "is_reached"),
    [
        ("up", 100, 200, 150, 50, False),
        ("up", 100, 200, 200, 100, True),
        ("up", 100, 200, 230, 130, True),
        ("up", 100, 200, 90, -10, False),
        ("down", 10, 4, 7, 50, False),
        ("down", 10, 4, 4, 100, True),
        ("down", 10, 4, 13, -50, False),
        ("up", 0, 3, 1, 33, False),
        ("up", None, 200, 210, None, True),
        ("up", 100, None, 150, None, False),
    ],
)
@pytest.mark.parametrize("kind", ["stock", None])
def test_a_level_goes_from_its_start_to_its_target_whichever_way(
    kind, direction, start, target, value, percent, is_reached
):
    aim = aim_of(kind, target, start=start, direction=direction)

    assert aim.share(there_is(value)) == percent
    assert aim.is_reached(there_is(value), HALF) == is_reached


@pytest.mark.parametrize("kind", ["flow", "derived", "average"])
def test_what_has_no_level_goes_from_nothing_to_its_target_whatever_there_was_before(kind):
    assert aim_of(kind, 2200, start=1760).share(there_is(182)) == 8


@pytest.mark.parametrize(
    ("value", "percent", "is_reached"), [(20, 50, False), (10, 100, True), (1, 1000, True)]
)
@pytest.mark.parametrize("kind", ["flow", "derived", "average"])
def test_what_is_to_stay_small_is_reached_only_when_the_year_is_over(
    kind, value, percent, is_reached
):
    aim = aim_of(kind, 10, direction="down")

    assert aim.share(there_is(value)) == percent
    assert not aim.is_reached(there_is(value), LAST)
    assert aim.is_reached(there_is(value), OVER) == is_reached


def test_nothing_of_what_is_to_stay_small_has_no_per_cent_and_is_reached():
    aim = aim_of("flow", 10, direction="down")

    assert aim.share(there_is(0)) is None
    assert aim.is_reached(there_is(0), OVER)


@pytest.mark.parametrize(
    "reached", [None, there_is(300, is_whole=False), there_is(300, date(2025, 12, 31))]
)
def test_nothing_is_reached_without_a_value_of_its_time_and_of_all_channels(reached):
    assert not aim_of("stock", 200, start=100).is_reached(reached, OVER)


@pytest.mark.parametrize("reached", [None, there_is(150, is_whole=False)])
def test_no_per_cent_is_said_without_a_value_or_without_one_of_the_channels(reached):
    assert aim_of("stock", 200, start=100).share(reached) is None
