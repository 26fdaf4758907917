"""Forms of what is measured, and where."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.editing import RevisedForm
from documents.models import Document
from goals.models import Series
from kpi.keys import free_key
from kpi.models import Channel, Measurement


class KeyedForm(RevisedForm):
    """A form of something with a key, which is made of its first name and never changes."""

    def save_revised(self, *, by: User, at: datetime, document: Document | None = None) -> bool:
        if not self.instance.key:
            taken = type(self.instance).objects.values_list("key", flat=True)
            self.instance.key = free_key(self.instance.name, taken)
        return super().save_revised(by=by, at=at, document=document)


class SeriesForm(KeyedForm):
    class Meta:
        model = Series
        fields = ["name", "name_en", "unit", "kind", "growth_of", "position", "is_on"]
        labels = {
            "name": _("Name"),
            "name_en": _("Name in English"),
            "unit": pgettext_lazy("of an amount", "Unit"),
            "kind": _("How days become a month"),
            "growth_of": _("Growth of"),
            "position": _("Place in the order"),
            "is_on": _("In use"),
        }
        help_texts = {
            "name_en": _("Left empty: the Latvian one is used."),
            "growth_of": _("Only for what is the growth of another series."),
            "is_on": _("What is switched off is not offered any more; its numbers stay."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        growing = self.fields["growth_of"]
        assert isinstance(growing, forms.ModelChoiceField)
        growing.queryset = Series.objects.entered().exclude(pk=self.instance.pk)
        growing.empty_label = "–"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Series.Kind.DERIVED and self.instance.pk:
            if Measurement.objects.filter(series=self.instance).exists():
                self.add_error("kind", gettext("It has numbers of its own already."))
            elif self.instance.growths.exists():
                self.add_error("kind", gettext("The growth of another series is taken from it."))
        return cleaned


class SpellingsField(forms.CharField):
    """Other spellings, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # what it is kept as
        lines = (" ".join(line.split()) for line in str(value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class ChannelForm(KeyedForm):
    aliases = SpellingsField(
        label=_("Other spellings"),
        required=False,
        max_length=2000,
        help_text=_("What imported lists call it, one a line: FB, Facebook Page."),
    )

    class Meta:
        model = Channel
        fields = ["name", "name_en", "kind", "aliases", "position", "is_on"]
        labels = {
            "name": _("Name"),
            "name_en": _("Name in English"),
            "kind": _("Kind"),
            "position": _("Place in the order"),
            "is_on": _("In use"),
        }
        help_texts = {
            "name_en": _("Left empty: the Latvian one is used."),
            "is_on": _("What is switched off is not offered any more; its numbers stay."),
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a spelling of another channel: a list would not know which one is meant."""
        cleaned = super().clean() or {}
        taken = Channel.objects.exclude(pk=self.instance.pk).by_spelling()
        for name in ("name", "name_en", "aliases"):
            value = cleaned.get(name) or []
            for spelling in [value] if isinstance(value, str) else value:
                if other := taken.get(spelling.casefold()):
                    words = {"spelling": spelling, "channel": other}
                    self.add_error(
                        name, gettext("“%(spelling)s” is a spelling of %(channel)s.") % words
                    )
        return cleaned
