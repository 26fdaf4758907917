"""Names of goals and indicators in the language of the page, and amounts with their units."""

from decimal import Decimal

from django import template
from django.db.models import Model
from django.utils.translation import get_language

from documents.content import words
from goals.models import Goal, Indicator, Unit

register = template.Library()

_BESIDE = {Unit.PERCENT: "%", Unit.EURO: "€"}


@register.simple_tag
def label(record: Goal | Indicator) -> str:
    return record.label(get_language() or "")


@register.simple_tag
def activity_name(activity: Model) -> str:
    """Name what is done for a goal; activities belong to an app above this one."""
    return str(activity.name(get_language() or ""))  # type: ignore[attr-defined]


@register.simple_tag
def unit_in_words(indicator: Indicator) -> str:
    """Name the unit, unless it stands beside each amount anyhow."""
    unit = Unit(indicator.unit)
    return "" if unit in _BESIDE else str(unit.label)


@register.simple_tag
def amount(indicator: Indicator, value: Decimal | None) -> str:
    """Say a value of an indicator; a dash where there is none."""
    if value is None:
        return "–"
    unit = _BESIDE.get(Unit(indicator.unit))
    return f"{words(value)}\xa0{unit}" if unit else words(value)
