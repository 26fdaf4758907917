"""Names of activities and goals in the language of the page."""

from django import template
from django.utils.translation import get_language

from goals.models import Goal
from plans.models import Activity

register = template.Library()


@register.simple_tag
def activity_name(activity: Activity) -> str:
    return activity.name(get_language() or "")


@register.simple_tag
def goal_title(goal: Goal) -> str:
    return goal.label(get_language() or "")
