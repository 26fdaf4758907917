"""The form field in which somebody who works here is chosen."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def label_of(person: User) -> str:
    """Give the name to choose by, which says of somebody who has left that it is so."""
    return str(person) if person.is_active else gettext("%(name)s (has left)") % {"name": person}


class PersonField(forms.ModelChoiceField):
    """Somebody who works here, or nobody yet; who has left stays where they were chosen before.

    Otherwise whoever edits anything else there would take the person out without noticing.
    """

    def __init__(self, label: Any, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("empty_label", _("Nobody yet"))
        super().__init__(User.objects.active(), label=label, **options)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        chosen = form.get_initial_for_field(self, field_name)
        if chosen is not None:
            number = chosen.pk if isinstance(chosen, User) else chosen
            self.queryset = User.objects.active() | User.objects.filter(pk=number)
        return super().get_bound_field(form, field_name)

    def label_from_instance(self, obj: User) -> str:
        return label_of(obj)
