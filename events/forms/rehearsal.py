"""Forms of a rehearsal: who gets it, where the clock goes, and what happens on the evening."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Rehearsal
from events.rehearsal.cast import CROWD
from events.rehearsal.rehearsing import NEW
from events.rehearsal.script import OF_A_PERSON, Act
from events.rehearsal.stage import Stage
from plans.form_fields import WallClockField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BUTTONS: dict[Act, "StrOrPromise"] = {
    Act.JOIN: _("Joins"),
    Act.REGISTER: _("Registers"),
    Act.CANCEL: _("Cancels the registration"),
    Act.MOVE: _("Move the event"),
}


class RehearsalForm(forms.Form):
    """How an evening is to be rehearsed."""

    recipients = forms.ModelMultipleChoiceField(
        User.objects.active(),
        label=_("Messages can be sent for real to"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only to these members of the team, and only when you press the button."),
    )
    nobody_joins = forms.BooleanField(
        label=_("Nobody joins"),
        required=False,
        help_text=_("To see what is held, and what the moderator is asked."),
    )
    with_crowd = forms.BooleanField(
        label=_("Count those really registered too"),
        required=False,
        help_text=_("Only counted, as if none of them joined: no name and no address is kept."),
    )


class ClockForm(forms.Form):
    """To which pretended minute the clock is moved."""

    to = WallClockField(label=_("Go to"))


class ActForm(forms.Form):
    """What happens now by the pretended clock; the people to choose from depend on the act."""

    act = forms.ChoiceField(choices=[(act, act) for act in Act], widget=forms.HiddenInput)
    who = forms.ChoiceField(label=_("Who"), required=False)
    starts_at = WallClockField(label=_("New start"), required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, wanted: Act, stage: Stage | None
    ) -> None:
        super().__init__(data, initial={"act": wanted}, auto_id=f"id_{wanted}_%s")
        self.wanted = wanted
        self.fields["who"].choices = choices(wanted, stage)  # type: ignore[attr-defined]
        if wanted in OF_A_PERSON:
            del self.fields["starts_at"]
            self.fields["who"].required = True
        else:
            del self.fields["who"]
            self.fields["starts_at"].required = wanted == Act.MOVE

    @property
    def button(self) -> "StrOrPromise":
        return BUTTONS[self.wanted]

    @property
    def is_possible(self) -> bool:
        """Say whether there is anybody of whom it can be said."""
        return "who" not in self.fields or bool(self.fields["who"].choices)  # type: ignore[attr-defined]


def choices(act: Act, stage: Stage | None) -> list[tuple[str, str]]:
    """Return of whom this can be said as things stand, by key and name."""
    people = stage.people() if stage else []
    named = [(who, registration) for who, registration in people if who.part != CROWD]
    match act:
        case Act.JOIN:
            wanted = [who for who, each in named if each.is_active and not each.is_present]
        case Act.CANCEL:
            wanted = [who for who, each in named if each.is_active]
        case Act.REGISTER:
            again = [(who.key, who.name) for who, each in named if not each.is_active]
            return [(NEW, gettext("Somebody new")), *again]
        case _:
            return []
    return [(who.key, who.name) for who in wanted]


class SendForm(forms.Form):
    """Who of the team gets what was sent at one pretended moment."""

    of = forms.CharField(widget=forms.HiddenInput)
    to = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("To"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, rehearsal: Rehearsal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = rehearsal.team()  # type: ignore[attr-defined]
