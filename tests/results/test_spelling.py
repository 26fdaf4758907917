"""A number and its sign stay on one line, as on every other page."""

import pytest
from django.utils import translation

from results.facts.table import Unit
from results.spelling import spell


@pytest.mark.parametrize(
    ("value", "unit", "lv", "en"),
    [
        ("1250.5", Unit.EURO, "1\xa0250,50\xa0€", "1\xa0250.50\xa0€"),
        ("33.33", Unit.PERCENT, "33,3\xa0%", "33.3\xa0%"),
        (90, Unit.SECONDS, "90\xa0s", "90\xa0s"),
        (None, Unit.EURO, "–", "–"),
    ],
)
def test_a_value_and_its_sign_are_not_torn_apart(value, unit, lv, en):
    for language, said in (("lv", lv), ("en", en)):
        with translation.override(language):
            assert spell(value, unit) == said
