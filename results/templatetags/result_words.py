"""Words of results pages."""

from datetime import date

from django import template

from plans.models import Intake
from results.spelling import in_language

register = template.Library()


@register.filter
def is_over(intake: Intake, today: date) -> bool:
    return intake.ends_on < today


@register.filter
def filled_in(result: object) -> str:
    """Say what was read of a planned result, in the language of the page."""
    both = getattr(result, "filled_in", None)
    return in_language(both) if both else ""
