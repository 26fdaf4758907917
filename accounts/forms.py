"""Forms of signing in, of one's own profile, and of user administration."""

from collections.abc import Iterable
from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.limits import Limit, is_exceeded
from accounts.models import Role, Unit, User

LETTERS_TO_ONE = Limit("letters about a password", 3, 3600)


class LoginForm(AuthenticationForm):
    """E-mail address and password."""

    username = forms.EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    error_messages = {
        "invalid_login": _("The e-mail address or the password is not right."),
        "inactive": _("This account may not sign in."),
    }


class ForgottenPasswordForm(PasswordResetForm):
    """Sends the link in the language of the one who gets it."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )

    def get_users(self, email: str) -> Iterable[User]:
        """Find also who was invited but has not chosen a password yet; nobody's mailbox is filled.

        The page says the same as ever: it must not tell who is one of us.
        """
        if is_exceeded(LETTERS_TO_ONE, email.lower()):
            return User.objects.none()
        return User.objects.active().filter(email__iexact=email)

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        with translation.override(context["user"].language):
            super().send_mail(
                subject_template_name,
                email_template_name,
                context,
                from_email,
                to_email,
                html_email_template_name,
            )


class PhoneField(forms.CharField):
    """A phone number in any usual spelling; gives E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    default_error_messages = {"phone": _("This is not a phone number.")}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, settings.PHONE_REGION)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise forms.ValidationError(self.error_messages["phone"], code="phone")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class ProfileForm(forms.ModelForm):
    """What people change about themselves."""

    phone = PhoneField(
        label=_("Phone"), required=False, help_text=_("Test messages sent to you go there.")
    )

    class Meta:
        model = User
        fields = ["full_name", "phone", "language", "morning_list", "weekly_report"]
        labels = {
            "morning_list": _("A list of my day by e-mail each working morning"),
            "weekly_report": _("The week in figures by e-mail each Monday"),
        }


class UserForm(forms.ModelForm):
    """What an administrator changes about a person."""

    phone = PhoneField(label=_("Phone"), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.all(),
        label=_("Unit"),
        required=False,
        empty_label=_("No unit"),
        help_text=_("A head of unit needs one."),
    )

    class Meta:
        model = User
        fields = ["full_name", "email", "phone", "role", "unit", "language", "is_administrator"]
        help_texts = {
            "email": _("The person signs in with it."),
            "is_administrator": _("May add and change users and check the Bitrix24 connection."),
        }

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Someone with this e-mail address is here already."))
        return email

    def clean_is_administrator(self) -> bool:
        stays = bool(self.cleaned_data["is_administrator"])
        if not stays and self.instance.pk and User.objects.only_administrator_is(self.instance):
            raise forms.ValidationError(_("The last administrator has to stay."))
        return stays

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") == Role.UNIT_HEAD and not cleaned.get("unit"):
            self.add_error("unit", _("A head of unit needs a unit."))
        return cleaned


class UserFilterForm(forms.Form):
    """What the list of users is narrowed down by."""

    STATES = [("", _("Everyone")), ("active", _("May sign in")), ("inactive", _("May not sign in"))]

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices]
    )
    state = forms.ChoiceField(label=_("Access"), required=False, choices=STATES)


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ["name"]
