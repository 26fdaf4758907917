"""The form of writing figures out as a list."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ListExportForm(forms.Form):
    what = forms.ChoiceField(
        label=_("What to write"),
        choices=[
            ("days", _("the days, a row for each day and channel")),
            ("months", _("the months that were given as a whole, side by side")),
        ],
    )
    first = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last = forms.DateField(label=_("To"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    form = forms.ChoiceField(label=_("As"), choices=[("xlsx", "Excel"), ("csv", "CSV")])

    @classmethod
    def of_year(cls, today: date) -> "ListExportForm":
        """Ask for this year so far, unless told otherwise."""
        return cls(initial={"first": today.replace(month=1, day=1), "last": today})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            raise forms.ValidationError(gettext("The last day is before the first."))
        return values
