"""Names of activities and goals in the language of the page, and what was reached before."""

from django import template
from django.utils.translation import get_language

from goals.models import Goal, Indicator
from plans.models import Activity
from plans.reached_before import Before

register = template.Library()


@register.simple_tag
def activity_name(activity: Activity) -> str:
    return activity.name(get_language() or "")


@register.simple_tag
def goal_title(goal: Goal) -> str:
    return goal.label(get_language() or "")


@register.filter
def reached_of(before: Before | None, indicator: Indicator) -> str:
    return before.reached.get(indicator.pk, "") if before else ""
