"""The form of a hand-over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.person_field import label_of
from plans.form_fields import DayInput
from work.models import HandOver, Task
from work.rules import can_hand_over


class HandingOverField(forms.ModelChoiceField):
    """Who is away, or has left and still has tasks."""

    def label_from_instance(self, obj: User) -> str:
        return label_of(obj)


class HandOverForm(forms.ModelForm):
    """Who is away and from when until when, and who stands in.

    Sent twice: the second time after reading which tasks go over.
    """

    class Meta:
        model = HandOver
        fields = ["person", "first_on", "last_on", "to"]
        labels = {"first_on": _("First day away"), "last_on": _("Last day away")}
        widgets = {"first_on": DayInput(), "last_on": DayInput()}

    person = HandingOverField(User.objects.none(), label=_("Who is away"))
    to = forms.ModelChoiceField(
        User.objects.active(),
        label=_("Who stands in"),
        help_text=_("Gets the tasks in the own list, and sees them whatever the role."),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ["person", "first_on", "last_on", "to", "confirmed"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_left = Task.objects.open().filter(assignee__is_active=False).values("assignee")
        everybody = User.objects.active() | User.objects.filter(pk__in=of_left)
        people = [each.pk for each in everybody if can_hand_over(user, each)]
        self.fields["person"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=people
        )

    @property
    def is_confirmed(self) -> bool:
        return bool(self.cleaned_data["confirmed"])
