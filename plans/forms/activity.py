"""Forms of an activity: what it is, when, its advertisements, and what becomes of it."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.person_field import PersonField
from documents.editing import RevisedForm
from goals.models import Goal
from plans.form_fields import AmountField, DayInput, WallClockField
from plans.forms.communication import rows
from plans.local_time import local_day
from plans.models import Activity, Channel, Intake, Publication
from plans.models.activity import ONCE, weekly_refusal

LONGEST_SERIES = timedelta(days=366)
LABELS = {
    "kind": _("Kind"),
    "title": _("Title"),
    "title_en": _("Title in English"),
    "last_on": _("Every week until"),
    "unit": _("Unit"),
    "presenter": pgettext_lazy("activity", "Presenter"),
    "notes": _("Notes"),
    "budget_planned": _("Budget planned, €"),
    "budget_spent": _("Spent, €"),
    "expected_leads": _("Expected leads"),
}


def ticks(queryset: Any, label: Any) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        queryset, label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


class GoalsField(forms.ModelMultipleChoiceField):
    """Goals by their names in the language of the page."""

    def __init__(self, queryset: QuerySet[Goal]) -> None:
        super().__init__(
            queryset,
            label=_("Goals it serves"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def label_from_instance(self, obj: Goal) -> str:
        return obj.label(get_language() or "")


class TimesForm(RevisedForm):
    """When an activity takes place: once, or every week until a last day."""

    starts_at = WallClockField(label=_("Starts"))
    ends_at = WallClockField(label=_("Ends"))

    class Meta:
        model = Activity
        fields = ["starts_at", "ends_at", "last_on"]
        labels = LABELS
        help_texts = {"last_on": _("Left empty: it takes place once.")}
        widgets: ClassVar[dict[str, forms.Widget]] = {"last_on": DayInput()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        last_on = cleaned.get("last_on")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("The activity must end after it starts."))
        if starts_at and last_on and last_on < local_day(starts_at):
            self.add_error("last_on", _("The last day must not be before the first day."))
        elif starts_at and last_on and last_on - local_day(starts_at) > LONGEST_SERIES:
            self.add_error("last_on", _("A weekly series lasts a year at most."))
        if last_on and cleaned.get("kind", self.instance.kind) in ONCE:
            self.add_error("last_on", weekly_refusal())
        return cleaned


class ActivityForm(TimesForm):
    """An activity of the plan."""

    class Meta(TimesForm.Meta):
        fields = [
            *("kind", "title", "title_en", "starts_at", "ends_at", "last_on"),
            *("owner", "unit", "presenter", "audiences", "channels", "goals"),
            *("budget_planned", "expected_leads", "notes"),
        ]
        widgets = {**TimesForm.Meta.widgets, "notes": rows(3)}
        field_classes = {"budget_planned": AmountField}

    owner = PersonField(_("Owner"))

    def __init__(self, *args: Any, intake: Intake, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals = Goal.objects.filter(year__year=intake.year)
        self.fields["audiences"] = ticks(intake.audiences.all(), _("Target audiences"))
        self.fields["channels"] = ticks(intake.channels.all(), _("Channels"))
        self.fields["goals"] = GoalsField(goals)


class ProposalForm(ActivityForm):
    """An activity a head of unit proposes; who owns it is decided with the proposal."""

    class Meta(ActivityForm.Meta):
        fields = [name for name in ActivityForm.Meta.fields if name not in ("owner", "unit")]

    owner = None  # type: ignore[assignment]  # takes the base's field away


class SpentForm(RevisedForm):
    """What an activity has cost."""

    class Meta:
        model = Activity
        fields = ["budget_spent"]
        labels = LABELS
        field_classes = {"budget_spent": AmountField}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class DecisionForm(forms.Form):
    """A word to who proposed an activity."""

    word = forms.CharField(label=_("A word to who proposed it"), max_length=300, widget=rows(2))


class ActivityCommentForm(forms.Form):
    text = forms.CharField(label=_("Comment"), widget=rows(3))


class PublicationForm(RevisedForm):
    """When an activity is to be advertised on a channel."""

    planned_at = WallClockField(label=_("Planned for"))

    class Meta:
        model = Publication
        fields = ["channel", "planned_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = Channel.objects.filter(intake=self.instance.activity.intake_id)
        self.fields["channel"] = forms.ModelChoiceField(channels, label=_("Channel"))


class PublishForm(forms.Form):
    url = forms.URLField(label=_("Link to the live post"), assume_scheme="https", max_length=200)
    reason = forms.CharField(
        label=_("Reason for doing it all the same"),
        required=False,
        max_length=300,
        help_text=_("Needed only where something is missing that should come first."),
    )


class ActivityFilterForm(forms.Form):
    """Which activities a list shows."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Every kind")), *Activity.Kind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("In the plan and proposed")), ("all", _("All")), *Activity.State.choices],
    )


class PlanImportForm(forms.Form):
    file = forms.FileField(
        label=_("Excel or CSV file"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=_("Titles of columns in Latvian or English; an exported plan can be read again."),
    )
