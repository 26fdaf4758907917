"""Forms of task templates and of the event they are tried on."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.editing import RevisedForm
from plans.form_fields import DayInput
from plans.local_time import local_moment
from work.models import TaskTemplate
from work.models.template import LONGEST_OFFSET

USUAL_START = time(18)
USUAL_LENGTH = timedelta(minutes=90)


class TemplateForm(RevisedForm):
    """What is to be done for each event, how long before or after it, and by which role."""

    SIDES = [("before", _("before")), ("after", _("after, or on the day itself"))]

    amount = forms.IntegerField(label=_("How many"), min_value=0, max_value=LONGEST_OFFSET)
    side = forms.ChoiceField(label=_("Before or after"), choices=SIDES)

    offset = forms.IntegerField(label=_("Offset"), required=False, widget=forms.HiddenInput)

    class Meta:
        model = TaskTemplate
        fields = ["title", "title_en", "offset", "unit", "anchor", "role", "is_on"]
        labels = {
            "title": _("What is to be done"),
            "title_en": _("The same in English"),
            "unit": _("Counted in"),
            "anchor": _("Counted from"),
            "role": _("Role"),
            "is_on": _("New events get this task"),
        }
        help_texts = {"title_en": _("Left empty: the Latvian one is used.")}

    field_order = ["title", "title_en", "amount", "unit", "side", "anchor", "role", "is_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offset = self.instance.offset
        self.initial.setdefault("amount", abs(offset))
        self.initial.setdefault("side", "before" if offset < 0 else "after")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "amount" in cleaned and "side" in cleaned:
            sign = -1 if cleaned["side"] == "before" else 1
            cleaned["offset"] = sign * cleaned["amount"]
        return cleaned


class SampleForm(forms.Form):
    """The day of a made-up event, to see on which days its tasks would be due."""

    on = forms.DateField(label=_("An event on"), widget=DayInput())

    def times(self) -> tuple[datetime, datetime]:
        starts_at = local_moment(self.cleaned_data["on"], USUAL_START)
        return starts_at, starts_at + USUAL_LENGTH
