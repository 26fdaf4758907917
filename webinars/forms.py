"""Forms of a webinar's preparation, a part of it each, and of its presenter."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.person_field import PersonField
from documents.editing import RevisedForm
from files.forms import UploadField
from files.uploads import check
from plans.form_fields import DayInput, WallClockField
from plans.local_time import local_day
from webinars.models import Presenter, Webinar


class TopicForm(RevisedForm):
    class Meta:
        model = Webinar
        fields = ["topic", "presenter"]
        labels = {"topic": _("Topic"), "presenter": _("Presenter")}
        help_texts = {"topic": _("What the webinar is about, and what participants take home.")}
        widgets = {"topic": forms.Textarea(attrs={"rows": 4})}


class ContractForm(RevisedForm):
    upload = UploadField(label=_("File of the contract"), required=False)

    class Meta:
        model = Webinar
        fields = ["contract_state", "contract_number", "contract_on"]
        labels = {
            "contract_state": _("State of the contract"),
            "contract_number": _("Number"),
            "contract_on": _("Date of the contract"),
        }
        widgets = {"contract_on": DayInput()}


class PayForm(RevisedForm):
    """A status only: no money is moved from here."""

    class Meta:
        model = Webinar
        fields = ["pay_amount", "pay_due_on", "paid_on"]
        labels = {
            "pay_amount": _("Pay, €"),
            "pay_due_on": _("To be paid by"),
            "paid_on": _("Paid on"),
        }
        help_texts = {"pay_amount": _("0, if it is agreed that there is no pay.")}
        widgets = {"pay_due_on": DayInput(), "paid_on": DayInput()}

    def clean_pay_due_on(self) -> Any:
        day = self.cleaned_data["pay_due_on"]
        if day and day < local_day(self.instance.event.ends_at):
            raise forms.ValidationError(_("The pay is due after the webinar."))
        return day


class ModerationForm(RevisedForm):
    moderator = PersonField(_("Moderator"))
    stand_in = PersonField(_("Stand-in"))
    rehearsal_at = WallClockField(label=_("Rehearsal"), required=False)
    moderator_seen = forms.ModelChoiceField(
        User.objects.all(), required=False, widget=forms.HiddenInput
    )
    """The event's moderator when the form was opened: it is the event's and not the webinar's, so
    that the revision does not tell of it."""

    field_order = ("moderator", "stand_in", "rehearsal_at")

    class Meta:
        model = Webinar
        fields = ["stand_in", "rehearsal_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moderator"].initial = self.instance.event.moderator_id
        self.fields["moderator_seen"].initial = self.instance.event.moderator_id

    @property
    def has_new_moderator(self) -> bool:
        return bool(self.cleaned_data["moderator"] != self.cleaned_data["moderator_seen"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("stand_in") and cleaned["stand_in"] == cleaned.get("moderator"):
            self.add_error("stand_in", _("The stand-in is somebody else than the moderator."))
        chosen = self.instance.event.moderator
        seen, wanted = cleaned.get("moderator_seen"), cleaned.get("moderator")
        if wanted != seen and chosen not in (seen, wanted):
            self._say_who_was_chosen(chosen)
        return cleaned

    def _say_who_was_chosen(self, chosen: User | None) -> None:
        """Show the moderator that somebody else chose; the next click knows of it."""
        name = chosen or gettext("Nobody yet")
        sentence = gettext("Somebody chose meanwhile: %(name)s. Choose, and save again.")
        self.add_error("moderator", sentence % {"name": name})
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent[self.add_prefix("moderator_seen")] = str(chosen.pk) if chosen else ""
        self.data = sent


class PresenterForm(RevisedForm):
    photo_file = UploadField(label=_("Photo"), required=False)

    class Meta:
        model = Presenter
        fields = ["name", "bio", "bio_en", "consented_on", "consent_note"]
        labels = {
            "name": _("Name"),
            "bio": _("About the presenter"),
            "bio_en": _("About the presenter in English"),
            "consented_on": _("Consented to use name, words and photo on"),
            "consent_note": _("How the consent was given"),
        }
        help_texts = {"consented_on": _("Left empty: there is no consent.")}
        widgets = {
            "bio": forms.Textarea(attrs={"rows": 4}),
            "bio_en": forms.Textarea(attrs={"rows": 4}),
            "consented_on": DayInput(),
        }

    def clean_photo_file(self) -> Any:
        photo = self.cleaned_data["photo_file"]
        if photo and not check(photo).content_type.startswith("image/"):
            raise forms.ValidationError(_("Choose a picture."))
        return photo
