"""Channels by the names that people know them by."""

from django import template
from django.conf import settings

from outbox.channels import get_channel

register = template.Library()


@register.filter
def channel_name(key: str) -> str:
    """Name a channel; one that is no longer set up keeps its key."""
    return str(get_channel(key).name) if key in settings.MESSAGE_CHANNELS else key
