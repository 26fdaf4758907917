"""How a value of the results is written in the language that is active.

A figure of step 6 is written as step 6 writes it.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.translation import get_language

from goals.models import Unit as GoalUnit
from kpi.words import value_words
from results.facts.table import Unit
from ui.money import euros

AnyUnit = Unit | GoalUnit


def unit_of(row: dict[str, Any], column: dict[str, Any]) -> AnyUnit:
    """Tell how a value of a table that was written down is written."""
    unit = Unit(column["unit"])
    return GoalUnit(row["unit"] or GoalUnit.NUMBER) if unit == Unit.FIGURE else unit


def spell(value: Any, unit: AnyUnit) -> str:
    """Write a value as people read it; a dash for what is not known."""
    if value is None or value == "":
        return "–"
    if isinstance(unit, GoalUnit):
        return value_words(unit, Decimal(str(value)))
    match unit:
        case Unit.TEXT:
            return in_language(value) if isinstance(value, dict) else str(value)
        case Unit.DAY:
            return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
        case Unit.EURO:
            return euros(Decimal(str(value)))
        case Unit.PERCENT:
            return f"{floatformat(Decimal(str(value)), '-1g')}\xa0%"
        case Unit.SECONDS:
            return f"{floatformat(value, '0g')}\xa0s"
    return str(floatformat(Decimal(str(value)), "-2g"))


def in_language(both: dict[str, str]) -> str:
    """Give a name as it is kept in every language, in the one that is active."""
    return both.get(get_language() or "") or both[settings.LANGUAGE_CODE]
