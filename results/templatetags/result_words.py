"""Words of results pages."""

from datetime import date

from django import template
from django.template.context import RequestContext
from django.utils import timezone

from goals.models import Indicator
from plans.models import Intake
from results.beside import Before, reached_before
from results.rules import can_see_results
from results.spelling import in_language

register = template.Library()


@register.filter
def is_over(intake: Intake, today: date) -> bool:
    return intake.ends_on < today


@register.simple_tag(takes_context=True)
def results_before(context: RequestContext, intake: Intake) -> Before | None:
    """Give what the intake before reached, beside the targets of this one, to who may see it."""
    if not can_see_results(context["user"]):
        return None
    return reached_before(intake, timezone.now())


@register.filter
def of_indicator(before: Before | None, indicator: Indicator) -> str:
    return before.reached.get(indicator.pk, "") if before else ""


@register.filter
def filled_in(result: object) -> str:
    """Say what was read of a planned result, in the language of the page."""
    both = getattr(result, "filled_in", None)
    return in_language(both) if both else ""
