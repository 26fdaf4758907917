"""What is written about alerts, and how a page names one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from accounts.models import User
from kpi.models import Alert
from kpi.words import value_words
from outbox.models import Message
from outbox.staff_letters import letter

OF_USE = timedelta(days=1)


def letter_about(alerts: Sequence[Alert], person: User, now: datetime) -> Message:
    return letter(person, partial(_words, alerts), due_at=now, expires_at=now + OF_USE)


def _words(alerts: Sequence[Alert]) -> tuple[str, str]:
    count = len(alerts)
    subject = ngettext(
        "Figures: %(count)s thing to look at", "Figures: %(count)s things to look at", count
    )
    parts = [
        "\n".join(f"– {sentence(each)}\n  {settings.SITE_URL}{link(each)}" for each in alerts),
        gettext("All alerts, and where to mute one with a reason:\n%(link)s")
        % {"link": settings.SITE_URL + reverse("kpi:alert_list")},
    ]
    return subject % {"count": count}, "\n\n".join(parts)


def sentence(alert: Alert) -> str:
    """Say what an alert is about, in the language that is active."""
    language = get_language() or ""
    if alert.indicator:
        name = alert.indicator.label(language)
        return gettext("%(indicator)s is behind its target.") % {"indicator": name}
    assert alert.series is not None
    words = {"series": alert.series.label(language), "day": _day(alert)}
    if alert.kind == Alert.Kind.NO_DATA and alert.channel:
        words["channel"] = alert.channel.label(language)
        return gettext("%(series)s, %(channel)s: the last value is of %(day)s.") % words
    if alert.kind == Alert.Kind.NO_DATA:
        return gettext("%(series)s: the last value is of %(day)s.") % words
    unit = alert.series.unit
    words |= {
        "value": value_words(unit, alert.value),
        "low": value_words(unit, alert.usual_from),
        "high": value_words(unit, alert.usual_to),
    }
    return gettext("%(series)s on %(day)s: %(value)s; usual are %(low)s to %(high)s.") % words


def link(alert: Alert) -> str:
    """Give the page where it is looked at."""
    if alert.indicator:
        return reverse("goals:goal_detail", args=[alert.indicator.goal_id])
    assert alert.series is not None
    of_channel = f"&channel={alert.channel.key}" if alert.channel else ""
    return reverse("kpi:series_detail", args=[alert.series.key]) + "?span=day" + of_channel


def _day(alert: Alert) -> str:
    return date_format(alert.day, "SHORT_DATE_FORMAT") if alert.day else ""
