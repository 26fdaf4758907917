"""Forms of the communication plan, its key messages, audiences and channels."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.person_field import PersonField
from documents.editing import RevisedForm
from plans.form_fields import AmountField, DayInput
from plans.grid import Place, Table
from plans.models import Audience, Channel, CommunicationPlan, Intake, KeyMessage


def rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


class CommunicationPlanForm(RevisedForm):
    class Meta:
        model = CommunicationPlan
        fields = ["aims", "tone", "budget"]
        labels = {"aims": _("Aims"), "tone": _("Tone"), "budget": _("Budget, €")}
        help_texts = {
            "aims": _("What the communication of this intake is to reach."),
            "tone": _("How we sound: for instance warm, to the point, never pushy."),
        }
        widgets = {"aims": rows(5), "tone": rows(3)}
        field_classes = {"budget": AmountField}


class KeyMessageForm(RevisedForm):
    class Meta:
        model = KeyMessage
        fields = ["text", "position"]
        labels = {"text": _("Key message"), "position": _("Place in the order")}
        widgets = {"text": rows(2)}


class WordingsForm(forms.Form):
    """The cells of one key message: what is said to each audience on each channel."""

    def __init__(self, data: Any = None, *, table: Table) -> None:
        super().__init__(data)
        self.table = table
        for cell in table.cells:
            place = "{}_{}".format(*cell.place)
            self.fields[f"text_{place}"] = forms.CharField(
                label=cell.channel.name,
                required=False,
                initial=cell.text,
                widget=rows(3),
            )
            self.fields[f"was_{place}"] = forms.CharField(
                required=False, strip=False, initial=cell.text, widget=forms.HiddenInput
            )

    def groups(self) -> list[tuple[Audience, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """Give the fields of each audience, in the order of the channels."""
        return [
            (audience, [self._fields(*cell.place) for cell in cells])
            for audience, cells in self.table.rows
        ]

    def _fields(self, audience: int, channel: int) -> tuple[forms.BoundField, forms.BoundField]:
        return self[f"text_{audience}_{channel}"], self[f"was_{audience}_{channel}"]

    def wanted(self) -> dict[Place, tuple[str, str]]:
        """Give, for each cell, the text that was seen and the text wanted."""
        texts = {name: text.replace("\r\n", "\n") for name, text in self.cleaned_data.items()}
        places = {cell.place: "{}_{}".format(*cell.place) for cell in self.table.cells}
        return {
            place: (texts[f"was_{name}"], texts[f"text_{name}"]) for place, name in places.items()
        }

    def show_clashes(self, clashes: dict[Place, str]) -> None:
        """Show what others wrote beside the own text, and let the next click save over it."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        self.data = data
        for (audience, channel), text in clashes.items():
            data[f"was_{audience}_{channel}"] = text
            sentence = gettext("Somebody wrote here meanwhile: “%(text)s” Your text is kept above.")
            self.add_error(f"text_{audience}_{channel}", sentence % {"text": text})


class NamedForm(RevisedForm):
    """Something that has a name of its own within its intake."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = type(self.instance).objects.exclude(pk=self.instance.pk)
        if others.filter(intake=self.instance.intake_id, name__iexact=name).exists():
            raise forms.ValidationError(_("The intake has one of this name already."))
        return name


class AudienceForm(NamedForm):
    """What the process asks about an audience; each of it may stay open."""

    class Meta:
        model = Audience
        fields = [
            *("name", "age", "gender", "industry", "interests", "occupation", "habits"),
            *("social_media_habits", "size", "channels", "how_we_know"),
        ]
        labels = {
            "name": _("Name"),
            "age": _("Age"),
            "gender": _("Gender"),
            "industry": _("Represented industry"),
            "interests": _("Interests"),
            "occupation": _("Occupation"),
            "habits": _("Habits"),
            "social_media_habits": _("Social-media usage habits"),
            "size": _("Size: about how many people"),
            "how_we_know": _("How we know"),
        }
        help_texts = {
            "how_we_know": _("A survey, statistics, talks with students: where this comes from.")
        }
        widgets = {
            "interests": rows(2),
            "habits": rows(2),
            "social_media_habits": rows(2),
            "how_we_know": rows(3),
        }

    def __init__(self, *args: Any, intake: Intake, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"] = forms.ModelMultipleChoiceField(
            intake.channels.all(),
            label=_("Channels that reach it"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class ChannelForm(NamedForm):
    class Meta:
        model = Channel
        fields = ["kind", "name", "address", "owner", "access_expires_on", "tone", "rules"]
        labels = {
            "kind": _("Kind"),
            "name": _("Name"),
            "tone": _("Tone"),
            "rules": _("Rules"),
            "access_expires_on": _("Access expires"),
        }
        help_texts = {
            "rules": _("What is never posted, how fast comments are answered, who approves."),
            "access_expires_on": _(
                "When a token, a password or a contract ends. There is a warning 30 days before."
            ),
        }
        widgets = {"access_expires_on": DayInput(), "tone": rows(2), "rules": rows(3)}

    address = forms.URLField(
        label=_("Address"), required=False, assume_scheme="https", max_length=200
    )
    owner = PersonField(_("Owner"))


class ChannelUpkeepForm(RevisedForm):
    """What changes at a channel while the plan is locked: who looks after it, and its access."""

    class Meta:
        model = Channel
        fields = ["owner", "access_expires_on"]
        labels = {"access_expires_on": _("Access expires")}
        widgets = {"access_expires_on": DayInput()}

    owner = PersonField(_("Owner"))
