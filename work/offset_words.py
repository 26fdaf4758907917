"""“38 days before the start”, in the language of the page."""

from django.utils.translation import gettext, ngettext_lazy

WORDS = {
    ("days", "start", True): ngettext_lazy(
        "%(count)s day before the start", "%(count)s days before the start", "count"
    ),
    ("days", "start", False): ngettext_lazy(
        "%(count)s day after the start", "%(count)s days after the start", "count"
    ),
    ("days", "end", True): ngettext_lazy(
        "%(count)s day before the end", "%(count)s days before the end", "count"
    ),
    ("days", "end", False): ngettext_lazy(
        "%(count)s day after the end", "%(count)s days after the end", "count"
    ),
    ("working_days", "start", True): ngettext_lazy(
        "%(count)s working day before the start", "%(count)s working days before the start", "count"
    ),
    ("working_days", "start", False): ngettext_lazy(
        "%(count)s working day after the start", "%(count)s working days after the start", "count"
    ),
    ("working_days", "end", True): ngettext_lazy(
        "%(count)s working day before the end", "%(count)s working days before the end", "count"
    ),
    ("working_days", "end", False): ngettext_lazy(
        "%(count)s working day after the end", "%(count)s working days after the end", "count"
    ),
    ("months", "start", True): ngettext_lazy(
        "%(count)s calendar month before the start",
        "%(count)s calendar months before the start",
        "count",
    ),
    ("months", "start", False): ngettext_lazy(
        "%(count)s calendar month after the start",
        "%(count)s calendar months after the start",
        "count",
    ),
    ("months", "end", True): ngettext_lazy(
        "%(count)s calendar month before the end",
        "%(count)s calendar months before the end",
        "count",
    ),
    ("months", "end", False): ngettext_lazy(
        "%(count)s calendar month after the end", "%(count)s calendar months after the end", "count"
    ),
}


def when(offset: int, unit: str, anchor: str) -> str:
    if offset == 0:
        on_start = gettext("on the day of the start")
        return on_start if anchor == "start" else gettext("on the day of the end")
    return str(WORDS[unit, anchor, offset < 0] % {"count": abs(offset)})
