"""Days of a source: to be looked at, or to be read once more."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kpi.asked import EARLIEST
from kpi.forms.page import DAY
from kpi.reading import MOST_DAYS


class DaysForm(forms.Form):
    """From which day to which."""

    first = forms.DateField(label=_("First day"), widget=DAY)
    last = forms.DateField(label=_("Last day"), widget=DAY)


class ReadAgainForm(DaysForm):
    """Which days are read once more; today is not over, so yesterday is the last."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.yesterday = today - timedelta(1)
        kwargs["initial"] = {"first": today - timedelta(31), "last": self.yesterday}
        super().__init__(*args, **kwargs)

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        if last > self.yesterday:
            raise forms.ValidationError(_("Yesterday at the latest: today is not over yet."))
        return last

    def clean(self) -> dict[str, Any]:
        days = super().clean() or self.cleaned_data
        first, last = days.get("first"), days.get("last")
        if first is None or last is None:
            return days
        if first > last:
            self.add_error("first", _("It has to be before the last day."))
        elif first < EARLIEST:
            self.add_error("first", _("Nothing is read from before the year 2000."))
        elif (last - first).days >= MOST_DAYS:
            text = ngettext(
                "At most %(count)s day is read at once.",
                "At most %(count)s days are read at once.",
                MOST_DAYS,
            )
            self.add_error("first", text % {"count": MOST_DAYS})
        return days
