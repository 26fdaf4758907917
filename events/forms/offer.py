"""Forms of an offer and its programmes."""

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.models import Offer, OfferLine
from events.models.offer import sunday_of
from events.rule_limits import LONGEST_OFFER

MOST_PROGRAMMES = 30
CURRENCY = "EUR"


class OfferForm(forms.ModelForm):
    """What it is called, and from when until when it holds."""

    class Meta:
        model = Offer
        fields = ["title", "title_en", "first_day", "last_day", "url"]
        labels = {
            "title": _("Title"),
            "title_en": _("Title in English"),
            "first_day": _("First day"),
            "last_day": _("Last day"),
            "url": _("Page of the offer"),
        }
        help_texts = {
            "last_day": _("Advertised until 18:00 of this day. Left empty: that week's Sunday."),
            "url": _("Where one reads more and applies; stands in the message."),
        }
        widgets = {
            "first_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    url = forms.URLField(label=_("Page of the offer"), required=False, assume_scheme="https")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first = cleaned.get("first_day")
        if first is None or "last_day" not in cleaned:
            return cleaned
        last = cleaned["last_day"] = cleaned["last_day"] or sunday_of(first)
        if last < first:
            self.add_error("last_day", _("The last day must not be before the first day."))
        elif last - first > LONGEST_OFFER:
            self.add_error("last_day", _("An offer holds for two weeks at most."))
        return cleaned


class OfferLineForm(forms.ModelForm):
    """One programme with its two prices."""

    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        initial=CURRENCY,
        error_messages={"invalid": _("Three capital letters, such as EUR.")},
    )

    class Meta:
        model = OfferLine
        fields = ["programme", "programme_en", "price", "special_price", "currency"]
        labels = {
            "programme": _("Study programme"),
            "programme_en": _("Study programme in English"),
            "price": _("Price"),
            "special_price": _("Special price"),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        price, special = cleaned.get("price"), cleaned.get("special_price")
        if special is not None and special < 0:
            self.add_error("special_price", _("A price is not below zero."))
        elif price is not None and special is not None and special >= price:
            self.add_error("special_price", _("The special price must be lower than the price."))
        return cleaned


class OfferLineFormSet(BaseInlineFormSet):
    """The programmes of an offer; at least one."""

    default_error_messages = {
        **BaseInlineFormSet.default_error_messages,
        "too_few_forms": _("An offer needs at least one programme."),
    }

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take this programme out")


_LineFormSet = inlineformset_factory(
    Offer,
    OfferLine,
    form=OfferLineForm,
    formset=OfferLineFormSet,
    extra=0,
    min_num=1,
    validate_min=True,
    max_num=MOST_PROGRAMMES,
    validate_max=True,
    can_delete=True,
)


def lines_formset(
    data: QueryDict | None, offer: Offer, *, more: int = 0
) -> "BaseInlineFormSet[OfferLine, Offer, OfferLineForm]":
    """Make the rows of programmes; with data, `more` empty ones are added to those sent."""
    if data is not None and more:
        data = data.copy()
        sent = data.get("lines-TOTAL_FORMS", "")
        total = int(sent) if sent.isdecimal() and len(sent) < 4 else 0
        grown = min(total + more, MOST_PROGRAMMES)
        data["lines-TOTAL_FORMS"] = str(grown)
        for number in range(total, grown):
            data[f"lines-{number}-currency"] = CURRENCY
    formset = _LineFormSet(data, instance=offer, prefix="lines")
    formset.extra = 1 if offer.pk else 2
    return formset
