"""What the letters about figures are called where the outbox lists them."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from kpi.models import Alert, WeeklyReport


def of_week(monday: date) -> str:
    return gettext("The week in figures, %(day)s") % {
        "day": date_format(monday, "SHORT_DATE_FORMAT")
    }


def of_alerts() -> str:
    return gettext("Alerts")


def names(dispatches: Collection[int], **_signal: Any) -> dict[int, str]:
    reports = WeeklyReport.objects.filter(dispatch__in=dispatches)
    alerts = Alert.objects.filter(dispatch__in=dispatches).order_by()
    return {
        **{each.dispatch_id: of_week(each.monday) for each in reports if each.dispatch_id},
        **{number: of_alerts() for number in alerts.values_list("dispatch", flat=True) if number},
    }
