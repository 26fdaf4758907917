"""Forms of an event: its details, its times, and what is done with it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.person_field import PersonField
from documents.editing import RevisedForm
from events.event_type import all_types
from events.models import Event, Offer, Registration, ReminderRule
from outbox.models import Status
from people.models import Medium
from plans.form_fields import WallClockField

USUAL_LENGTH = timedelta(minutes=90)


class TimesForm(forms.Form):
    """When an event starts and ends."""

    starts_at = WallClockField(label=_("Starts"))
    ends_at = WallClockField(
        label=_("Ends"), required=False, help_text=_("Left empty: an hour and a half later.")
    )

    length = USUAL_LENGTH
    """How long it takes where no end is given."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_at = cleaned.get("starts_at")
        if starts_at and "ends_at" in cleaned:
            cleaned["ends_at"] = cleaned["ends_at"] or starts_at + self.length
            if cleaned["ends_at"] <= starts_at:
                self.add_error("ends_at", _("The event must end after it starts."))
        return cleaned


class MoveForm(TimesForm):
    """New times of an event; sent twice, the second time after reading what it will do."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("For colleagues and the results; it does not stand in the messages."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, *, event: Event) -> None:
        super().__init__(data, initial={"starts_at": event.starts_at})
        self.event, self.length = event, event.ends_at - event.starts_at
        self.fields["ends_at"].help_text = _("Left empty: it takes as long as before.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        times = (cleaned.get("starts_at"), cleaned.get("ends_at"))
        if times == (self.event.starts_at, self.event.ends_at):
            self.add_error("starts_at", _("It takes place at this time already."))
        return cleaned

    @property
    def is_confirmed(self) -> bool:
        return bool(self.cleaned_data["confirmed"])


class CopyForm(forms.Form):
    """When the copy of an event takes place."""

    starts_at = WallClockField(label=_("The copy starts"))


class WebAddressField(forms.URLField):
    """An address that is https unless it says otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)


class EventForm(RevisedForm):
    """What an event is called, where it takes place and who leads it."""

    class Meta:
        model = Event
        fields = [
            "title",
            "title_en",
            "description",
            "description_en",
            "room_url",
            "entry",
            "moderator",
            "presenter",
            "price",
            "currency",
            "with_offer",
            "offer",
            "registration_open",
            "recording_url",
        ]
        labels = {
            "title": _("Title"),
            "title_en": _("Title in English"),
            "description": _("Description"),
            "description_en": _("Description in English"),
            "room_url": _("Link to the room"),
            "entry": _("How people get in"),
            "presenter": _("Presenter"),
            "price": _("Price"),
            "currency": _("Currency"),
            "with_offer": _("Advertises the week's offer afterwards"),
            "registration_open": _("People can register on the public page"),
            "recording_url": _("Recording"),
        }
        help_texts = {
            "title_en": _("Left empty: the Latvian one is used."),
            "entry": _("Decides whether who did not use the personal link was surely absent."),
        }
        field_classes = {"room_url": WebAddressField, "recording_url": WebAddressField}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "description_en": forms.Textarea(attrs={"rows": 4}),
        }

    moderator = PersonField(
        _("Moderator"),
        help_text=_("Opens the room and is asked when a message has to be held."),
    )
    offer = forms.ModelChoiceField(
        Offer.objects.all(),
        label=_("Offer"),
        required=False,
        empty_label=_("The offer that holds on the day"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for event_type in all_types():
            if event_type.key != self.instance.kind:
                for name in event_type.own_fields:
                    self.fields.pop(name, None)
        if self.instance.pk is None:
            del self.fields["recording_url"]

    def clean_price(self) -> Decimal | None:
        price: Decimal | None = self.cleaned_data["price"]
        if price is not None and price < 0:
            raise forms.ValidationError(_("A price is not below zero."))
        return price

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def complete(self, record: models.Model) -> None:
        assert isinstance(record, Event)
        record.take_offer()


class ReasonForm(forms.Form):
    """Why something is cancelled; those registered do not see it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For colleagues; it does not stand in the messages."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class StopForm(forms.Form):
    """Why the messages of an event are stopped."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class EventFilterForm(forms.Form):
    """What the list of events is narrowed down by."""

    WHEN = [
        ("", _("Upcoming")),
        ("past", _("Past")),
        ("cancelled", pgettext_lazy("events", "Cancelled")),
        ("all", _("All")),
    ]

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    when = forms.ChoiceField(label=_("When"), required=False, choices=WHEN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(each.key, each.name_plural) for each in all_types()]
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), required=False, choices=[("", _("All kinds")), *kinds]
        )


class PlanFilterForm(forms.Form):
    """Which lines of the plan or the ledger are listed."""

    medium = forms.ChoiceField(
        label=_("By"), required=False, choices=[("", _("E-mail and SMS")), *Medium.choices]
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("Every outcome")), *Status.choices]
    )
    q = forms.CharField(label=_("Search"), required=False, max_length=100)

    def __init__(self, *args: Any, rules: Sequence[ReminderRule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        self.fields["rule"] = forms.ChoiceField(
            label=_("Message"),
            required=False,
            choices=[(rule.pk, rule.label(language)) for rule in rules],
        )


class RegistrationFilterForm(forms.Form):
    """Which registrations are listed."""

    ATTENDANCE = [
        ("", _("Everybody")),
        ("present", _("Present")),
        ("absent", _("Absent")),
        ("unknown", _("Unknown")),
        ("cancelled", pgettext_lazy("registration", "Cancelled")),
    ]

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    attendance = forms.ChoiceField(label=_("Attendance"), required=False, choices=ATTENDANCE)
    source = forms.ChoiceField(
        label=_("Source"),
        required=False,
        choices=[("", _("Every source")), *Registration.Source.choices],
    )
