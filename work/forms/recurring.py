"""The form of a recurring task."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.person_field import PersonField
from documents.editing import RevisedForm
from plans.form_fields import DayInput
from plans.weekdays import Weekday
from work.models import RecurringTask


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week as tick boxes; one bit a day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return [day.value for day in Weekday if value >> day & 1]
        return value

    def clean(self, value: Any) -> int:
        return sum(1 << day for day in set(super().clean(value)))


class RecurringForm(RevisedForm):
    """What comes again on which days, and who does it."""

    class Meta:
        model = RecurringTask
        fields = [
            "title",
            "title_en",
            "weekdays",
            "skips_holidays",
            "role",
            "assignee",
            "first_on",
            "last_on",
            "notes",
        ]
        labels = {
            "title": _("What is to be done"),
            "title_en": _("The same in English"),
            "skips_holidays": _("Not on public holidays"),
            "role": _("Role"),
            "first_on": _("First day"),
            "last_on": _("Last day"),
            "notes": _("Notes"),
        }
        help_texts = {
            "title_en": _("Left empty: the Latvian one is used."),
            "last_on": _("Left empty: it goes on until somebody ends it."),
        }
        widgets = {
            "first_on": DayInput(),
            "last_on": DayInput(),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    weekdays = WeekdaysField(
        label=_("On these days"), error_messages={"required": _("Choose at least one day.")}
    )
    assignee = PersonField(_("Person"), empty_label=_("Anybody of the role"))

    field_order = [*Meta.fields, "revision"]
