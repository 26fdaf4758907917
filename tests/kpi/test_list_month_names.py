"""A month alone is told by its name or its number."""

import pytest

from kpi.lists.month_names import read_month


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("sept.", 9),
        ("09", 9),
        ("9.", 9),
        (9, 9),
        ("IX", 9),
        ("3. mēnesis", 3),
        ("Kopā", None),
        (13, None),
    ],
)
def test_a_month_alone_is_read_by_name_or_number(cell, month):
    assert read_month(cell) == month
