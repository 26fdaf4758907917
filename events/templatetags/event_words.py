"""Names of events, rules and kinds in the language of the page."""

from django import template
from django.template.defaultfilters import capfirst
from django.utils.translation import get_language

from events.event_type import get_type
from events.models import Event, ReminderRule

register = template.Library()


@register.simple_tag
def event_name(event: Event) -> str:
    return event.name(get_language() or "")


@register.simple_tag
def rule_name(rule: ReminderRule) -> str:
    return rule.label(get_language() or "")


@register.simple_tag
def kind_name(kind: str) -> str:
    return str(capfirst(str(get_type(kind).name)))
