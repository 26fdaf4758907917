"""Forms of one task and of lists of tasks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Role
from accounts.person_field import PersonField
from documents.editing import RevisedForm
from events.models import Event
from files.forms import UploadField
from plans.form_fields import DayInput
from work.models import Task


class TaskForm(RevisedForm):
    """What is to be done, by whom, by when."""

    class Meta:
        model = Task
        fields = ["title", "title_en", "due_on", "role", "assignee", "notes"]
        labels = {
            "title": _("What is to be done"),
            "title_en": _("The same in English"),
            "due_on": _("By which day"),
            "role": _("Role"),
            "notes": _("Notes"),
        }
        help_texts = {
            "title_en": _("Left empty: the Latvian one is used."),
            "role": _("Whoever has it sees the task."),
        }
        widgets = {"due_on": DayInput(), "notes": forms.Textarea(attrs={"rows": 4})}

    assignee = PersonField(_("Person"), empty_label=_("Anybody of the role"))

    field_order = ["title", "title_en", "due_on", "role", "assignee", "notes", "revision"]


class LateReasonForm(forms.Form):
    """Why a task was ticked after its day; may be left empty."""

    late_reason = forms.CharField(label=_("Why late?"), required=False, max_length=300)


class CloseForm(forms.Form):
    """Why a task is not needed."""

    reason = forms.CharField(label=_("Why is it not needed?"), max_length=300)


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FileForm(forms.Form):
    upload = UploadField(label=_("File"))


class TaskFilterForm(forms.Form):
    """What the list of tasks is narrowed down by."""

    STATES = [
        ("", pgettext_lazy("tasks", "Open")),
        ("overdue", pgettext_lazy("tasks", "Overdue")),
        ("done", pgettext_lazy("tasks", "Done")),
        ("late", _("Done late")),
        ("missed", pgettext_lazy("tasks", "Missed")),
        ("closed", pgettext_lazy("tasks", "Closed")),
        ("all", pgettext_lazy("tasks", "All")),
    ]

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices]
    )
    person = PersonField(_("Person"), empty_label=_("Everybody"))


class MoveTasksForm(forms.Form):
    """Which open tasks go along with a moved event, and to which times they were shown to move."""

    starts_at = forms.DateTimeField(widget=forms.HiddenInput)
    ends_at = forms.DateTimeField(widget=forms.HiddenInput)
    tasks = forms.ModelMultipleChoiceField(
        Task.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["tasks"].queryset = Task.objects.filter(event=event)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        shown = cleaned.get("starts_at"), cleaned.get("ends_at")
        if shown != (self.event.starts_at, self.event.ends_at):
            raise forms.ValidationError(
                _("The event has moved again meanwhile: please look again.")
            )
        return cleaned
