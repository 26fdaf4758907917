"""The form that links an event to the plan."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.local_time import local_day
from plans.models import Activity


class ActivityForm(forms.Form):
    """Which activity of the plan an event carries out."""

    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activity of the plan"))

    def __init__(self, *args: Any, kinds: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Activity.objects.in_plan().filter(kind__in=kinds, last_on=None, events=None)
        field: Any = self.fields["activity"]
        field.queryset = free.order_by("-starts_at", "pk")
        field.label_from_instance = _dated


def _dated(activity: Activity) -> str:
    return f"{local_day(activity.starts_at):%d.%m.%Y} · {activity.title}"
