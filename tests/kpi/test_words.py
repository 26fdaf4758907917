"""Figures in words."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from kpi.words import change_words, value_words


@pytest.mark.parametrize(
    ("unit", "value", "language", "said"),
    [
        ("people", None, "en", "no data"),
        ("people", None, "lv", "nav datu"),
        ("people", "0", "lv", "0"),
        ("people", "667.35", "en", "667"),
        ("number", "2.5", "lv", "2,50"),
        ("number", "40166", "lv", "40\xa0166"),
        ("percent", "13.664", "lv", "13,66\xa0%"),
        ("seconds", "3", "en", "3\xa0s"),
    ],
)
def test_a_figure_is_said_with_its_unit_and_what_is_missing_as_missing(unit, value, language, said):
    with override(language):
        assert value_words(unit, None if value is None else Decimal(value)) == said


@pytest.mark.parametrize(
    ("per_cent", "said"),
    [
        ("5.94", "+5,9\xa0%"),
        ("-73.2", "−73\xa0%"),
        ("0.01", "±0,0\xa0%"),
        ("1234", "+1\xa0234\xa0%"),
    ],
)
def test_a_change_is_said_with_its_sign(per_cent, said):
    with override("lv"):
        assert change_words(Decimal(per_cent)) == said
