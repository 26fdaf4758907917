"""Figures, lights and small lines in the pages of step 6."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from goals.models import Indicator, Series
from kpi import alert_letters, words
from kpi.models import Alert, Channel, Reading
from kpi.periods import Period

register = template.Library()


@register.simple_tag
def value(of: Series | Indicator, number: Decimal | None) -> str | SafeString:
    """Say a figure with its unit; what is missing is called so."""
    said = words.value_words(of.unit, number)
    return format_html('<span class="quiet">{}</span>', said) if number is None else said


@register.simple_tag
def change(per_cent: Decimal | None) -> str:
    return "–" if per_cent is None else words.change_words(per_cent)


@register.simple_tag
def source_name(reading: Reading) -> str:
    return words.source_words(reading.source)


@register.simple_tag
def alert_words(alert: Alert) -> str:
    return alert_letters.sentence(alert)


@register.simple_tag
def alert_link(alert: Alert) -> str:
    return alert_letters.link(alert)


@register.simple_tag
def days_query(period: Period, channel: Channel | None = None) -> str:
    """Give the query string by which a page is asked for the days of a period."""
    asked = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    if period.span:
        asked["span"] = period.span
    if channel:
        asked["channel"] = channel.key
    return f"?{urlencode(asked)}"
