"""The form by which people register on an event's public page."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events import stamps
from events.models import Event
from events.registration import Person
from people.addresses import AddressError, can_receive_sms, clean_name, normalise_email
from people.addresses import normalise_phone as to_e164
from people.models import ConsentText, Medium

TOO_QUICK = timedelta(seconds=2)
TOO_OLD = timedelta(hours=24)
CONSENT_FIELD = {Medium.EMAIL: "offers_by_email", Medium.SMS: "offers_by_sms"}


class RegistrationForm(forms.Form):
    """Name, at least one address, and a consent to offers for each medium.

    The consents are of their own: nothing is ticked beforehand, and nothing depends on them.
    """

    first_name = forms.CharField(
        label=_("First name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    website = forms.CharField(
        label=_("Leave this field empty."),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    """Not seen by people; what is in it was written by a robot."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    """When the page was shown, and with which words of consent; signed."""

    def __init__(
        self,
        event: Event,
        texts: dict[Medium, ConsentText],
        now: datetime,
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.now = now
        self.texts = texts
        self._purpose = f"register {event.slug} {sorted(text.pk for text in texts.values())}"
        self.initial["shown"] = stamps.stamp(self._purpose, now)
        for medium, text in texts.items():
            self.fields[CONSENT_FIELD[medium]] = forms.BooleanField(
                label=text.text(get_language() or settings.LANGUAGE_CODE), required=False
            )

    @property
    def consent_fields(self) -> list[forms.BoundField]:
        return [self[CONSENT_FIELD[medium]] for medium in self.texts]

    def clean_first_name(self) -> str:
        return self._name("first_name", _("Write your first name."))

    def clean_last_name(self) -> str:
        return self._name("last_name", _("Write your last name."))

    def _name(self, field: str, if_empty: Any) -> str:
        try:
            name = clean_name(self.cleaned_data[field])
        except AddressError as error:
            raise forms.ValidationError(error.sentence) from error
        if not name:
            raise forms.ValidationError(if_empty)
        return name

    def clean_email(self) -> str:
        raw = self.cleaned_data["email"]
        try:
            return normalise_email(raw) if raw else ""
        except AddressError as error:
            raise forms.ValidationError(error.sentence) from error

    def clean_phone(self) -> str:
        raw = self.cleaned_data["phone"]
        try:
            return to_e164(raw, settings.PHONE_REGION).e164 if raw else ""
        except AddressError as error:
            raise forms.ValidationError(error.sentence) from error

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "email" in cleaned and "phone" in cleaned:
            self._check_addresses(cleaned)
        self._check_robot(cleaned)
        return cleaned

    def _check_addresses(self, cleaned: dict[str, Any]) -> None:
        """Ask for an address by which the personal link, and the offers agreed to, can go."""
        email, phone = cleaned["email"], cleaned["phone"]
        can_sms = bool(phone) and can_receive_sms(phone)
        if not email and not phone:
            self.add_error("email", _("Write your e-mail or your mobile phone."))
        elif not email and not can_sms:
            self.add_error(
                "phone",
                _("This number cannot receive SMS. Write a mobile number, or your e-mail."),
            )
        elif cleaned.get("offers_by_email") and not email:
            self.add_error("email", _("Write your e-mail to get offers by e-mail."))
        elif cleaned.get("offers_by_sms") and not can_sms:
            self.add_error("phone", _("Write your mobile phone to get offers by SMS."))

    def _check_robot(self, cleaned: dict[str, Any]) -> None:
        """Refuse what no person sends, in words that help the person who sends it all the same."""
        age = stamps.age(self._purpose, cleaned.get("shown", ""), self.now)
        if cleaned.get("website"):
            self.add_error(None, _("The form was filled in by a machine. Please try again."))
            self._forget("website")
        elif age is None or age > TOO_OLD:
            self.add_error(
                None,
                _("The page was open for long and has changed. Look it through and press again."),
            )
            self._forget("shown", *CONSENT_FIELD.values())
        elif age < TOO_QUICK and not self.errors:
            self.add_error(None, _("That was very quick. Please press the button once more."))

    def _forget(self, *fields: str) -> None:
        """Show these as on a new page, not as they were sent."""
        kept = {name: value for name, value in self.data.items() if name not in fields}
        if "shown" in fields:
            kept["shown"] = self.initial["shown"]
        self.data = kept

    def person(self) -> Person:
        """Return who registers. A box left empty withdraws nothing that was agreed to before."""
        cleaned = self.cleaned_data
        return Person(
            first_name=cleaned["first_name"],
            last_name=cleaned["last_name"],
            email=cleaned["email"],
            phone=cleaned["phone"],
            language=get_language() or settings.LANGUAGE_CODE,
            consents={medium: True for medium in self.texts if cleaned.get(CONSENT_FIELD[medium])},
        )
