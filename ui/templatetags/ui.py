"""Template tags of the visual base: icons, form fields, addresses that keep the filters."""

from datetime import date
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.formats import date_format, get_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ui.choices import ShownChoices
from ui.money import euros

register = template.Library()
register.filter(euros)

CHOICES_IN_A_LIST = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """Draw an icon of static/icons.svg; decoration only, the words stand beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra_class,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def state(shown: ShownChoices, word: str = "") -> SafeString:
    """Show how something stands: its word, or another for it, in its colour beside its sign."""
    sign = icon(shown.symbol) if shown.symbol else ""
    return format_html('<span class="state {}">{}{}</span>', shown.tone, sign, word or shown.label)


@register.filter
def address(text: str) -> SafeString:
    """Let a long e-mail address wrap after its @ rather than within a word."""
    return format_html_join(mark_safe("@<wbr>"), "{}", ((part,) for part in text.split("@")))


@register.filter
def day_of_month(day: date) -> str:
    """Write the number of a day as the language does: Latvian puts a full stop after it."""
    return date_format(day, get_format("MONTH_DAY_FORMAT").partition(" ")[0])


@register.filter
def day_of_year(day: date) -> str:
    """Write a day without its year."""
    return date_format(day, get_format("SHORT_DATE_FORMAT").partition("Y")[0].strip())


@register.inclusion_tag("_field.html")
def field(bound: BoundField, label: str = "", help_text: str = "") -> dict[str, Any]:
    """Show a form field: label, control, help, and its errors beside it."""
    widget = bound.field.widget
    css_class = class_of(widget)
    if bound.errors and css_class:
        css_class += " is-invalid"
    return {
        "field": bound,
        "control": bound.as_widget(
            attrs={"class": f"{widget.attrs.get('class', '')} {css_class}".strip()}
        ),
        "label": label or bound.label,
        "help_text": help_text or bound.help_text,
        "is_tick": isinstance(widget, forms.CheckboxInput),
        "is_group": isinstance(widget, CHOICES_IN_A_LIST),
        "required": bound.field.required,
    }


def class_of(widget: forms.Widget) -> str:
    """Name the framework's class for a form control."""
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, CHOICES_IN_A_LIST):
        return ""
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"


@register.simple_tag(takes_context=True)
def query_with(context: RequestContext, **changes: Any) -> str:
    """Give this page's query string with some parameters changed, or taken away by None."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def college() -> str:
    """Name the college, also where a page has no context (500, 400)."""
    return str(settings.SITE_NAME)
