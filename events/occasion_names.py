"""What our messages are called where the outbox lists them, in the language of the page."""

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from events.models import EventAlert, ReminderDispatch


def names(dispatches: Collection[int], **_signal: Any) -> dict[int, str]:
    """Name reminders by event and rule, and what staff were told by event and topic."""
    return _of_reminders(dispatches) | _of_alerts(dispatches)


def _of_reminders(dispatches: Collection[int]) -> dict[int, str]:
    occasions = ReminderDispatch.objects.filter(dispatch__in=dispatches)
    return {
        each.dispatch_id: f"{each.event.shown_name} · {each.rule.label(get_language() or '')}"
        for each in occasions.select_related("event", "rule")
    }


def _of_alerts(dispatches: Collection[int]) -> dict[int, str]:
    alerts = EventAlert.objects.filter(dispatch__in=dispatches).select_related("event")
    return {each.dispatch_id: _of_alert(each) for each in alerts}


def _of_alert(alert: EventAlert) -> str:
    day = date_format(timezone.localtime(alert.event.starts_at), "SHORT_DATE_FORMAT")
    return f"{alert.event.shown_name} {day} · {alert.get_topic_display()}"
