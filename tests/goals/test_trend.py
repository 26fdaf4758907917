"""The line of an indicator: where its marks stand, and that shapes tell the confidence."""

from datetime import date
from decimal import Decimal

from goals.models import CheckIn, Indicator
from goals.trend import BOTTOM, LEFT, RIGHT, TOP, trend

UP = Indicator(start=Decimal(100), target=Decimal(200))


def told(day, value, confidence="on_track"):
    return CheckIn(on=day, value=Decimal(value), confidence=confidence)


def test_without_check_ins_there_is_nothing_to_draw():
    assert trend(UP, [], 2026) is None


def test_the_line_goes_from_the_first_to_the_last_day_and_from_start_to_target():
    drawn = trend(
        UP,
        [told(date(2026, 1, 1), 100), told(date(2026, 7, 2), 150), told(date(2026, 12, 31), 200)],
        2026,
    )

    assert drawn.line == f"{LEFT},{BOTTOM} 160,{(TOP + BOTTOM) // 2} {RIGHT},{TOP}"
    assert (drawn.start_y, drawn.target_y) == (BOTTOM, TOP)
    assert [tick.day.month for tick in drawn.ticks] == [1, 4, 7, 10]


def test_a_target_below_the_start_is_drawn_below():
    down = Indicator(direction="down", start=Decimal(10), target=Decimal(4))

    drawn = trend(down, [told(date(2026, 3, 1), 8)], 2026)

    assert drawn.start_y == TOP
    assert drawn.target_y == BOTTOM
    assert TOP < drawn.marks[0].y < BOTTOM


def test_what_lies_outside_the_year_and_beyond_the_target_is_still_in_the_drawing():
    drawn = trend(UP, [told(date(2025, 12, 1), 50), told(date(2027, 1, 20), 900)], 2026)

    assert [(mark.x, mark.y) for mark in drawn.marks] == [(LEFT, BOTTOM), (RIGHT, TOP)]
    assert all(LEFT < tick.x < RIGHT for tick in drawn.ticks)


def test_an_indicator_that_knows_neither_start_nor_target_has_a_line():
    drawn = trend(Indicator(), [told(date(2026, 3, 1), 0)], 2026)

    assert drawn.marks[0].y == (TOP + BOTTOM) // 2
    assert (drawn.start_y, drawn.target_y) == (None, None)


def test_each_confidence_has_a_shape_of_its_own():
    drawn = trend(
        UP, [told(date(2026, 3, 1), 120, each) for each in CheckIn.Confidence.values], 2026
    )

    assert len({mark.shape for mark in drawn.marks}) == 3
