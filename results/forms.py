"""Forms of a review: the meeting, notes, decisions, the enrolled, the reason for opening again."""

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.person_field import PersonField
from documents.editing import RevisedForm
from documents.models import Document
from goals.forms import DayInput
from goals.models import Goal, Year
from results.models import Decision, Enrolled, GoalNote, Review, Snapshot


class MeetingForm(RevisedForm):
    class Meta:
        model = Review
        fields = ["held_on", "summary"]
        widgets = {"held_on": DayInput(), "summary": forms.Textarea({"rows": 6})}
        labels = {"held_on": _("Day of the meeting"), "summary": _("What we learn from it")}


class GoalNoteForm(RevisedForm):
    class Meta:
        model = GoalNote
        fields = ["text"]
        widgets = {"text": forms.Textarea({"rows": 5})}
        labels = {"text": _("Note")}


class EnrolledForm(RevisedForm):
    class Meta:
        model = Enrolled
        fields = ["count", "note"]
        labels = {"count": _("Enrolled"), "note": _("How they were counted")}

    @transaction.atomic
    def save_revised(self, *, by: User, at: datetime, document: Document | None = None) -> bool:
        """Save into the one row of its kind: of two who write the first number, one is told."""
        about = self.instance
        row, _is_new = Enrolled.objects.get_or_create(
            intake=about.intake, event_kind=about.event_kind
        )
        about.pk = row.pk
        return super().save_revised(by=by, at=at, document=document)


class DecisionForm(forms.ModelForm):
    class Meta:
        model = Decision
        fields = ["text", "owner", "due_on"]
        widgets = {"due_on": DayInput()}
        labels = {"text": _("Decision"), "owner": _("Who sees to it"), "due_on": _("By when")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PersonField(_("Who sees to it"))


class TaskOfDecisionForm(forms.Form):
    """For whom the task is where nobody sees to the decision yet, and by when."""

    role = forms.ChoiceField(label=_("For whom"), choices=Role.choices)
    due_on = forms.DateField(label=_("By when"), widget=DayInput())


class GoalOfDecisionForm(forms.Form):
    """Which year's goals the decision belongs to."""

    year = forms.ModelChoiceField(Year.objects.none(), label=_("Goals of"), empty_label=None)
    category = forms.ChoiceField(label=_("Category"), choices=Goal.Category.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        still_open = Year.objects.filter(document__status__in=["draft", "returned"])
        self.fields["year"].queryset = still_open  # type: ignore[attr-defined]

    @property
    def has_years(self) -> bool:
        years = self.fields["year"].queryset  # type: ignore[attr-defined]
        return bool(years.exists())


class ReasonForm(forms.Form):
    """Why something that was finished is opened again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        error_messages={"required": _("Say why it is opened again.")},
    )

    @property
    def refusal(self) -> str:
        """Say what is wrong with the reason."""
        return " ".join(map(str, self.errors["reason"]))


class SeenForm(forms.Form):
    """Which frozen figures somebody saw before confirming."""

    snapshot = forms.ModelChoiceField(Snapshot.objects.none())

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["snapshot"].queryset = review.snapshots.all()  # type: ignore[attr-defined]
