"""How late a message was, in words."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def lateness(late: timedelta | None) -> str:
    """Say "on time", "after 2 s" or "after 5 min 3 s"; nothing while it has not gone."""
    if late is None:
        return ""
    seconds = round(late.total_seconds())
    if seconds <= 0:
        return gettext("on time")
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return gettext("after %(seconds)s s") % {"seconds": rest}
    return gettext("after %(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
