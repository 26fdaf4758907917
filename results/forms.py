"""Forms of a review: the meeting, notes, decisions, the enrolled, the reason for opening again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.person_field import PersonField
from documents.editing import RevisedForm
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
    reason = forms.CharField(label=_("Reason"), max_length=300)


class SeenForm(forms.Form):
    """Which frozen figures somebody saw before confirming."""

    snapshot = forms.ModelChoiceField(Snapshot.objects.none())

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["snapshot"].queryset = review.snapshots.all()  # type: ignore[attr-defined]
