"""Forms of participants, of registrations by hand, and of imported lists."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from files.list_files import MAX_BYTES
from people.addresses import (
    AddressError,
    can_receive_sms,
    clean_name,
    normalise_email,
    normalise_phone,
)
from people.models import Medium, Participant


def _read(normalise: Callable[[str], str], value: str) -> str:
    """Make what was typed uniform; what cannot be used becomes an error of the field."""
    if not value:
        return ""
    try:
        return normalise(value)
    except AddressError as error:
        raise forms.ValidationError(error.sentence) from None


class NameField(forms.CharField):
    """A name without markup, formulas and stray blanks."""

    def clean(self, value: Any) -> str:
        return _read(clean_name, super().clean(value))


class AnyEmailField(forms.CharField):
    """An e-mail address however it is typed; gives the uniform form."""

    widget = forms.EmailInput(attrs={"autocomplete": "off"})

    def clean(self, value: Any) -> str:
        return _read(normalise_email, super().clean(value))


class AnyPhoneField(forms.CharField):
    """A phone number however it is typed; gives E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        return _read(lambda text: normalise_phone(text).e164, super().clean(value))


class PersonForm(forms.Form):
    """Who somebody is and how to reach them."""

    first_name = NameField(label=_("First name"), max_length=100)
    last_name = NameField(label=_("Last name"), max_length=100, required=False)
    email = AnyEmailField(label=_("E-mail"), max_length=254, required=False)
    phone = AnyPhoneField(
        label=_("Phone"),
        max_length=60,
        required=False,
        help_text=_("A Latvian number without, any other with its country code."),
    )
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned["email"] or cleaned["phone"]):
            self.add_error("email", gettext("Give an e-mail address, a phone number, or both."))
        return cleaned

    def phone_gets_no_sms(self) -> bool:
        phone = self.cleaned_data["phone"]
        return bool(phone) and not can_receive_sms(phone)


class ParticipantForm(PersonForm):
    """A participant's data; the name may be unknown."""

    first_name = NameField(label=_("First name"), max_length=100, required=False)

    def __init__(self, data: QueryDict | None, *, participant: Participant) -> None:
        initial = {name: getattr(participant, name) for name in self.base_fields}
        super().__init__(data, initial=initial)


class RegistrationForm(PersonForm):
    """Registers somebody who has phoned or written."""

    offers_by_email = forms.BooleanField(
        label=_("Agrees to offers by e-mail"),
        required=False,
        help_text=_("Only if the person has said so. Not ticked changes nothing."),
    )
    offers_by_sms = forms.BooleanField(label=_("Agrees to offers by SMS"), required=False)
    confirm = forms.BooleanField(
        label=_("Send a confirmation with the personal link"), required=False, initial=True
    )

    def consents(self) -> dict[Medium, bool]:
        ticks = {Medium.EMAIL: "offers_by_email", Medium.SMS: "offers_by_sms"}
        return {medium: True for medium, name in ticks.items() if self.cleaned_data[name]}


class SamePersonForm(forms.Form):
    """Asks which participant is meant when an address is known under another name."""

    same_as = forms.ChoiceField(
        label=_("Is this the same person?"), choices=(), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, candidates: list[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {str(each.pk): each for each in candidates}
        field = self.fields["same_as"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((pk, _described(each)) for pk, each in self.candidates.items()),
            ("new", gettext("No, this is another person who shares the address.")),
        ]

    def chosen(self) -> Participant | None:
        return self.candidates.get(self.cleaned_data["same_as"])


def _described(participant: Participant) -> str:
    addresses = ", ".join(each for each in (participant.email, participant.phone) if each)
    return gettext("Yes, %(name)s (%(addresses)s)") % {
        "name": participant,
        "addresses": addresses,
    }


class ParticipantFilterForm(forms.Form):
    """Finds participants."""

    q = forms.CharField(
        label=_("Name, e-mail or phone"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class ParticipantStopForm(forms.Form):
    """What else is to stop, beside offers."""

    block_email = forms.BooleanField(
        label=_("Write nothing at all to the e-mail address"), required=False
    )
    block_phone = forms.BooleanField(
        label=_("Send nothing at all to the phone number"), required=False
    )
    note = forms.CharField(
        label=_("Where and how the person said it"), max_length=150, required=False
    )


class BlockLiftForm(forms.Form):
    """Why messages may go to a blocked address again."""

    reason = forms.CharField(label=_("Why may messages go there again?"), max_length=300)


class ParticipantImportForm(forms.Form):
    """Uploads a list."""

    file = forms.FileField(
        label=_("The list"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=_(
            "Excel (.xlsx) or CSV with a header: name, e-mail, phone; if you like also consent to"
            " offers and language. Nothing is saved before you have seen what was found."
        ),
    )
    people_language = forms.ChoiceField(
        label=_("Language of messages"),
        choices=settings.LANGUAGES,
        initial=settings.LANGUAGE_CODE,
        help_text=_("For new people of whom the list does not say it."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                gettext(
                    "The file is larger than %(limit)s MB."
                    " Remove pictures and other sheets, or split the list."
                )
                % {"limit": MAX_BYTES // 1024**2}
            )
        return file


class ImportConfirmForm(forms.Form):
    """What the import may do beyond registering people."""

    send_confirmations = forms.BooleanField(
        label=_("Send everybody a confirmation with the personal link"), required=False
    )
    take_up_cancelled = forms.BooleanField(required=False)

    def __init__(self, *args: Any, left_cancelled: int, **kwargs: Any) -> None:
        """Offer to register again only if the preview told of people who have cancelled."""
        super().__init__(*args, **kwargs)
        take_up = self.fields["take_up_cancelled"]
        take_up.disabled = not left_cancelled
        label = ngettext_lazy(
            "Register again %(count)s person who has cancelled",
            "Register again %(count)s people who have cancelled",
            left_cancelled,
        )
        take_up.label = label % {"count": left_cancelled}
