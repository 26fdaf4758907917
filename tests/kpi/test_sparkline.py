"""The small line the server draws."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kpi.sparkline import HEIGHT, WIDTH, sparkline


def draw(*values):
    return sparkline([None if value is None else Decimal(value) for value in values])


def test_a_line_goes_from_the_lowest_to_the_highest():
    assert draw(1, 2, 3).lines == ("3.0,29.0 60.0,16.0 117.0,3.0",)


def test_what_is_missing_is_a_gap_and_a_value_alone_a_dot():
    drawn = draw(1, 3, None, 2, None, 3, 1)

    assert [line.count(",") for line in drawn.lines] == [2, 2]
    assert drawn.dots == ("60.0,16.0", "117.0,29.0")


def test_nothing_is_drawn_of_nothing():
    assert draw(None, None) is None
    assert draw() is None


def test_what_never_changes_is_a_line_in_the_middle():
    assert draw(7, 7).lines == ("3.0,16.0 117.0,16.0",)


@given(st.lists(st.none() | st.decimals(-(10**9), 10**9, places=2), max_size=400))
def test_everything_is_drawn_within_the_frame_and_every_value_once(values):
    drawn = sparkline(values)
    if drawn is None:
        assert not any(value is not None for value in values)
        return
    points = [pair for line in drawn.lines for pair in line.split()]
    alone = [dot for dot in drawn.dots if dot not in points]

    places = [tuple(map(float, point.split(","))) for point in [*points, *drawn.dots]]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert len(points) + len(alone) == sum(value is not None for value in values)
