"""The form that records where an event is advertised."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.event import WebAddressField
from events.models import Event
from plans.models import Channel


class PublicationForm(forms.Form):
    """Where the live post is; the reason only where something is missing for it."""

    channel = forms.ModelChoiceField(Channel.objects.none(), label=_("Channel"))
    url = WebAddressField(label=_("Link to the live post"))
    reason = forms.CharField(
        label=_("Why it is placed all the same"),
        max_length=300,
        required=False,
        help_text=_("Only where something is missing. It stays visible with your name."),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert event.activity is not None
        field: Any = self.fields["channel"]
        field.queryset = Channel.objects.filter(intake=event.activity.intake_id)
