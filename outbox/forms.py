"""Forms of the outbox: its filter, what was seen when deciding, and why all sending is stopped."""

from typing import Any, Self

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from outbox.models import Dispatch, MessageQuerySet, Pause, Purpose, Status
from outbox.paging import NEWEST_FIRST
from outbox.undecided import Seen
from people.models import Medium

ANY = [("", _("all"))]
UNDECIDED = "undecided"


class MessageFilter(forms.Form):
    """What to show of the outbox; everything is optional, nonsense is passed over."""

    q = forms.CharField(label=_("Name or address"), required=False)
    status = forms.ChoiceField(label=_("State"), required=False)
    medium = forms.ChoiceField(label=_("By"), choices=[*ANY, *Medium.choices], required=False)
    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=[*ANY, *Purpose.choices], required=False
    )
    event = forms.IntegerField(required=False, widget=forms.HiddenInput)
    dispatch = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        undecided = (UNDECIDED, _("waits for a decision"))
        self.fields["status"].choices = [*ANY, undecided, *Status.choices]  # type: ignore[attr-defined]

    def apply(self, messages: MessageQuerySet) -> MessageQuerySet:
        chosen = self.cleaned_data if self.is_valid() else {}
        if words := chosen.get("q"):
            messages = messages.search(words)
        if (status := chosen.get("status")) == UNDECIDED:
            messages = messages.for_a_person()
        elif status:
            messages = messages.filter(status=status)
        if medium := chosen.get("medium"):
            messages = messages.filter(medium=medium)
        if purpose := chosen.get("purpose"):
            # Row by row beside the ledger: a database that begins with the dispatches has to sort.
            same = Dispatch.objects.filter(pk=OuterRef("dispatch"), purpose=purpose)
            messages = messages.filter(Exists(same))
        if dispatch := chosen.get("dispatch"):
            messages = messages.filter(dispatch=dispatch)
        if event := chosen.get("event"):
            # The events app hangs its occasions on dispatches under this name.
            of_event = Dispatch.objects.filter(reminder__event=event)
            messages = messages.filter(dispatch__in=list(of_event.values_list("pk", flat=True)))
        return messages

    @property
    def shows_groups(self) -> bool:
        """Say whether what waits for a person is shown, and no group of it only in part."""
        chosen = self.cleaned_data if self.is_valid() else {}
        return chosen.get("status") in (UNDECIDED, Status.UNKNOWN) and not chosen["q"]

    @property
    def order(self) -> tuple[str, ...]:
        """Newest first; of one event by occasion, for which an index has its few rows."""
        chosen = self.cleaned_data if self.is_valid() else {}
        is_of_one = chosen.get("event") or chosen.get("dispatch")
        return ("-dispatch_id", "-pk") if is_of_one else NEWEST_FIRST


class SeenForm(forms.Form):
    """The messages a person saw when deciding on all of them, each as number:attempts."""

    seen = forms.RegexField(r"^\d{1,18}:\d{1,9}( \d{1,18}:\d{1,9})*$", widget=forms.HiddenInput)

    @classmethod
    def of(cls, seen: Seen) -> Self:
        return cls(initial={"seen": " ".join(f"{pk}:{n}" for pk, n in seen.items())})

    def clean_seen(self) -> dict[int, int]:
        pairs = (each.split(":") for each in self.cleaned_data["seen"].split())
        return {int(pk): int(attempts) for pk, attempts in pairs}


class PauseForm(forms.ModelForm):
    """Why all sending is stopped."""

    class Meta:
        model = Pause
        fields = ["reason"]
