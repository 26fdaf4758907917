"""Forms of an event's materials."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.materials import Content
from events.models import Material
from files.forms import UploadField


class MaterialForm(forms.ModelForm):
    """What a material is; the alternative text says what is seen to those who do not see it."""

    class Meta:
        model = Material
        fields = ["kind", "title", "alt_text"]
        labels = {
            "kind": _("Kind"),
            "title": _("Title"),
            "alt_text": _("Alternative text"),
        }
        help_texts = {
            "alt_text": _(
                "What is seen, in a sentence, for people who do not see it. A banner and a film "
                "need one."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # It was approved as what it is: a text does not become a banner.
            self.fields["kind"].disabled = True
            self.fields["alt_text"].help_text = _("Other words are approved again.")


class VersionForm(forms.Form):
    """A version of a material: a file, or words."""

    upload = UploadField(label=_("File"), required=False)
    text = forms.CharField(
        label=_("Words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The words of the advertisement, where they are not in a file."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "upload" in cleaned and not cleaned["upload"] and not cleaned.get("text"):
            self.add_error("upload", _("Choose a file, or write the words."))
        return cleaned

    @property
    def content(self) -> Content:
        return Content(self.cleaned_data["upload"], self.cleaned_data["text"])


class SendBackForm(forms.Form):
    """What is to change about a version."""

    comment = forms.CharField(label=_("What is to change"), max_length=500)
