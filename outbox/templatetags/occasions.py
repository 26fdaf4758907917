"""Occasions by the names that `outbox.naming` found for a whole page."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def named_in(dispatch_id: int, names: Mapping[int, str]) -> str:
    return names[dispatch_id]
