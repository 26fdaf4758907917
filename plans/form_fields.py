"""Form fields for days and for moments by the wall clock in Riga."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext

from plans.local_time import local_moment


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class AmountField(forms.DecimalField):
    """Euros as people type them: with spaces between thousands, and the sign if they like."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "localize": True})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs err
        if isinstance(value, str):
            value = re.sub(r"[\s€]", "", value)
        return super().to_python(value)


class WallClockField(forms.DateTimeField):
    """A moment by the wall clock in Riga; an hour that comes twice means the first."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):  # only to parse: Django refuses the hour that comes twice
            wall = super().to_python(value)
        if wall is None:
            return None
        moment = local_moment(wall.date(), wall.time())
        if moment.time() != wall.time():
            raise forms.ValidationError(_missing_hour(wall, moment), code="missing_hour")
        return moment


def _missing_hour(wall: datetime, moment: datetime) -> str:
    sentence = gettext(
        "On that day the clocks go forward and there is no %(missing)s. Choose %(next)s or another "
        "time."
    )
    return sentence % {"missing": f"{wall:%H:%M}", "next": f"{moment:%H:%M}"}
