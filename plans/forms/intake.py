"""Forms of an intake: its dates, its targets, and rolling it forward."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from documents.editing import RevisedForm
from plans.form_fields import AmountField, DayInput
from plans.models import Intake
from plans.roll_forward import weeks_between
from plans.targets import Share

DATES = {"begins_on": DayInput(), "ends_on": DayInput()}
LABELS = {
    "year": _("Year"),
    "season": _("Season"),
    "begins_on": _("Begins"),
    "ends_on": _("Ends"),
}


class IntakeForm(RevisedForm):
    class Meta:
        model = Intake
        fields = ["year", "season", "begins_on", "ends_on"]
        labels = LABELS
        widgets = DATES


class RollForwardForm(forms.ModelForm):
    """Which intake the plans are taken along to; sent twice, the second time after the preview."""

    weeks = forms.IntegerField(
        label=_("Move by how many weeks"),
        required=False,
        min_value=-520,
        max_value=520,
        help_text=_("Left empty: by the distance between the two beginnings, in whole weeks."),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Intake
        fields = ["year", "season", "begins_on", "ends_on"]
        labels = LABELS
        widgets = DATES

    def __init__(self, data: QueryDict | None, *, source: Intake) -> None:
        super().__init__(data)
        self.source = source
        self.ticked = data.getlist("activity") if data else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "begins_on" in cleaned and cleaned.get("weeks") is None:
            cleaned["weeks"] = weeks_between(self.source, cleaned["begins_on"])
        return cleaned

    @property
    def is_confirmed(self) -> bool:
        return bool(self.cleaned_data["confirmed"])

    def chosen(self) -> set[int]:
        """Give the numbers of the activities that are ticked in the preview."""
        return {int(number) for number in self.ticked if number.isdecimal()}


class TargetsForm(forms.Form):
    """What an intake is to reach of each of the year's targets."""

    def __init__(self, data: Any = None, *, shares: Iterable[Share]) -> None:
        super().__init__(data)
        self.shares = list(shares)
        for share in self.shares:
            self.fields[f"target_{share.number}"] = AmountField(
                label=share.label,
                required=False,
                max_digits=14,
                decimal_places=2,
                initial=share.own,
            )
            self.fields[f"was_{share.number}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=share.was
            )

    def rows(self) -> list[tuple[Share, forms.BoundField, forms.BoundField]]:
        return [
            (share, self[f"target_{share.number}"], self[f"was_{share.number}"])
            for share in self.shares
        ]

    def wanted(self) -> dict[int, tuple[str, Decimal | None]]:
        """Give what was seen and what is wanted, by the number of the indicator."""
        cleaned = self.cleaned_data
        return {
            share.number: (cleaned[f"was_{share.number}"], cleaned[f"target_{share.number}"])
            for share in self.shares
        }

    def show_clashes(self, clashes: Iterable[Share]) -> None:
        """Say what others saved, and let the next click save over exactly that."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        self.data = data
        for share in clashes:
            data[f"was_{share.number}"] = share.was
            self.add_error(f"target_{share.number}", share.clash())
