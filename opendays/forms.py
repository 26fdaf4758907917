"""Forms of a series of open days."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.person_field import PersonField
from documents.editing import RevisedForm
from events.forms.event import WebAddressField
from opendays.models import WEEK, LeadCount, Promotion, Series
from opendays.series import LONGEST, too_long
from plans.form_fields import DayInput


class SeriesForm(RevisedForm):
    """What all open days of a series have in common."""

    class Meta:
        model = Series
        fields = [
            "title",
            "title_en",
            "description",
            "description_en",
            "weekday",
            "clock",
            "minutes",
            "room_url",
            "entry",
            "moderator",
            "with_offer",
        ]
        field_classes = {"room_url": WebAddressField}
        labels = {
            "title": _("Title"),
            "title_en": _("Title in English"),
            "description": _("Description"),
            "description_en": _("Description in English"),
            "weekday": _("Day of the week"),
            "clock": _("Starts at"),
            "minutes": _("Takes how many minutes"),
            "room_url": _("Link to the room"),
            "entry": _("How people get in"),
            "with_offer": _("Each advertises the offer of its own week"),
        }
        help_texts = {"title_en": _("Left empty: the Latvian one is used.")}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "description_en": forms.Textarea(attrs={"rows": 4}),
            "clock": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    moderator = PersonField(_("Moderator"))
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def is_confirmed(self) -> bool:
        return bool(self.cleaned_data["confirmed"])


class NewSeriesForm(SeriesForm):
    """A series that is about to be created: its first day says which day of the week it is."""

    first_day = forms.DateField(label=_("First day"), widget=DayInput())
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput(),
        help_text=_("Or say how many times."),
    )
    count = forms.IntegerField(
        label=_("How many times"), required=False, min_value=1, max_value=LONGEST
    )

    class Meta(SeriesForm.Meta):
        fields = [name for name in SeriesForm.Meta.fields if name != "weekday"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first_day, last_day = cleaned.get("first_day"), cleaned.get("last_day")
        if first_day is None or "last_day" not in cleaned or "count" not in cleaned:
            return cleaned
        if (last_day is None) == (cleaned["count"] is None):
            self.add_error("last_day", _("Give either the last day or how many times."))
            return cleaned
        last_day = last_day or first_day + WEEK * (cleaned["count"] - 1)
        if last_day < first_day:
            self.add_error("last_day", _("The last day must not be before the first day."))
        elif last_day - first_day >= WEEK * LONGEST:
            self.add_error("last_day", too_long())
        self._take(first_day, last_day)
        return cleaned

    def _take(self, first_day: date, last_day: date) -> None:
        self.instance.first_day, self.instance.last_day = first_day, last_day
        self.instance.weekday = first_day.weekday()


class ExtendForm(forms.Form):
    """Until when a series goes on."""

    last_day = forms.DateField(label=_("Goes on until"), widget=DayInput())

    def __init__(self, data: Mapping[str, Any] | None = None, *, series: Series) -> None:
        super().__init__(data, initial={"last_day": series.last_day + timedelta(weeks=4)})


class SkipForm(forms.Form):
    """Why one open day is left out."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class ConceptForm(RevisedForm):
    """By which idea an open day, or its whole series, is advertised."""

    class Meta:
        model = Promotion
        fields = ["concept"]
        labels = {"concept": _("Advertising concept")}
        help_texts = {
            "concept": _("To whom, with which message and pictures. It serves the series.")
        }
        widgets = {"concept": forms.Textarea(attrs={"rows": 8})}


class LeadCountForm(RevisedForm):
    class Meta:
        model = LeadCount
        fields = ["count", "note"]
        labels = {"count": _("Leads"), "note": _("How they were counted")}
        help_texts = {"count": _("Left empty: not known.")}
