"""Tasks in the language of the page."""

from datetime import date

from django import template
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Role
from plans.holidays import holiday_name
from plans.local_time import local_day
from work.models import RecurringTask, Task, TaskTemplate
from work.rules import can_explain, can_see_workload, can_take, can_tick

register = template.Library()


@register.simple_tag
def task_name(task: Task | TaskTemplate | RecurringTask) -> str:
    return task.name(get_language() or "")


@register.filter
def role_name(role: str) -> str:
    return str(Role(role).label)


@register.simple_tag
def day_off(day: date) -> str:
    """Name the public holiday of a day; nothing on other days."""
    return holiday_name(day, get_language() or "")


@register.filter
def is_weekend(day: date) -> bool:
    return day.weekday() >= 5


@register.simple_tag(takes_context=True)
def may(context: RequestContext, task: Task) -> dict[str, bool]:
    """Say what the person may do with a task of a list."""
    user = context["user"]
    return {
        "tick": can_tick(user, task),
        "take": can_take(user, task),
        "explain": can_explain(user, task),
    }


@register.simple_tag(takes_context=True)
def sees_workload(context: RequestContext) -> bool:
    return can_see_workload(context["user"])


@register.simple_tag
def today() -> date:
    return local_day(timezone.now())
