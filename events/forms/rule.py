"""Forms of reminder rules and their words, and of whom a preview is about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.models import Event, Registration, ReminderRule, ReminderText
from events.text_previews import events_for, example_registration

MOST_CHOICES = 200
"""So many participants are offered to choose from; more would be a page of names."""


class RuleForm(forms.ModelForm):
    """When, to whom, by which medium, until when of use."""

    class Meta:
        model = ReminderRule
        fields = [
            "name",
            "name_en",
            "is_on",
            "purpose",
            "by_email",
            "by_sms",
            "anchor",
            "offset_minutes",
            "offset_days",
            "at_time",
            "until",
            "until_minutes",
            "not_to_present",
            "needs_feed",
            "late",
            "registered_before_minutes",
            "registered_from_minutes",
            "with_calendar",
            "without_diacritics",
        ]
        labels = {
            "name": _("Name"),
            "name_en": _("Name in English"),
            "is_on": _("On"),
            "purpose": _("Purpose"),
            "by_email": _("By e-mail"),
            "by_sms": _("By SMS"),
            "anchor": _("Counted from"),
            "offset_minutes": _("Minutes after; with a minus, before"),
            "offset_days": _("Days after; with a minus, before"),
            "at_time": _("At this time of day"),
            "until": _("Of use until"),
            "until_minutes": _("Plus minutes; with a minus, earlier"),
            "not_to_present": _("Not to those who have joined already"),
            "needs_feed": _("Only while attendance can be trusted"),
            "late": _("Who registers after it was due gets"),
            "registered_before_minutes": _("Only to those registered this many minutes before"),
            "registered_from_minutes": _(
                "Only to those registered this many minutes from the start"
            ),
            "with_calendar": _("With a calendar file"),
            "without_diacritics": _("SMS without diacritics"),
        }
        help_texts = {
            "is_on": _("A rule switched off sends nothing from that moment on."),
            "purpose": _("Advertising goes only to those who agreed to offers."),
            "offset_minutes": _("For example −15. Not looked at where a time of day is given."),
            "offset_days": _("Only together with a time of day."),
            "until_minutes": _("After that moment the message is not sent any more."),
            "registered_before_minutes": _("Before it is due. 0: to everybody."),
            "registered_from_minutes": _("Only for “join now”: −15. Otherwise empty."),
        }
        widgets = {"at_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    def __init__(self, data: Mapping[str, Any] | None, *, instance: ReminderRule) -> None:
        super().__init__(data, instance=instance)
        if instance.pk is None:
            # Without words it cannot go; it is switched on when they are written.
            del self.fields["is_on"]
        else:
            for name in ("purpose", "anchor"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Fixed; add another rule instead.")
            for name in _without_meaning(instance):
                del self.fields[name]


def _without_meaning(rule: ReminderRule) -> set[str]:
    """Name what says nothing about a rule that counts from where this one does."""
    anchor, names = ReminderRule.Anchor(rule.anchor), set()
    if anchor not in (anchor.START, anchor.END):
        names |= {"offset_minutes", "offset_days", "at_time", "registered_before_minutes"}
    if anchor != anchor.START:
        names |= {"needs_feed", "late"}
    if anchor != anchor.REGISTRATION:
        names.add("registered_from_minutes")
    if anchor == anchor.MOVED:
        names |= {"until", "until_minutes"}
    return names


class TextForm(forms.ModelForm):
    """The words of a rule in one language, for one kind of attendance."""

    class Meta:
        model = ReminderText
        fields = ["email_subject", "email_body", "sms_body"]
        labels = {
            "email_subject": _("Subject of the e-mail"),
            "email_body": _("Text of the e-mail"),
            "sms_body": _("Text of the SMS"),
        }
        widgets = {
            "email_body": forms.Textarea(attrs={"rows": 14, "maxlength": 10_000}),
            "sms_body": forms.Textarea(attrs={"rows": 4, "maxlength": 1_000}),
        }

    def __init__(
        self, data: Mapping[str, Any] | None, *, instance: ReminderText, may_edit: bool
    ) -> None:
        super().__init__(data, instance=instance)
        for medium, names in (
            ("by_email", ("email_subject", "email_body")),
            ("by_sms", ("sms_body",)),
        ):
            # Words of a medium that is off stay editable only if there are any.
            if not getattr(instance.rule, medium) and not any(
                getattr(instance, name) for name in names
            ):
                for name in names:
                    del self.fields[name]
        for field in self.fields.values():
            field.disabled = not may_edit

    def as_typed(self) -> ReminderText:
        """Return the words as they stand in the form, right or wrong, for a preview."""
        saved = self.instance
        words = {name: self[name].value() or "" for name in self.fields}
        return ReminderText(
            rule=saved.rule, language=saved.language, variant=saved.variant, **words
        )


class SampleForm(forms.Form):
    """With whose data a preview is filled in: an event, and somebody registered for it."""

    event = forms.ChoiceField(label=_("Event"), required=False)
    registration = forms.ChoiceField(label=_("Participant"), required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, rule: ReminderRule, now: datetime
    ) -> None:
        super().__init__()  # Unbound: the boxes show what is in use, asked for or not.
        self.wanted = data or {}
        events = list(events_for(rule, now).select_related("offer")[:MOST_CHOICES])
        self.chosen_event: Event | None = self._chosen("event", events) or _next_one(events, now)
        people = self._people()
        self.is_example = not people
        self.chosen_registration: Registration = (
            self._chosen("registration", people)
            or next(iter(people), None)
            or example_registration(rule, self.chosen_event, now)
        )
        self._offer("event", events, self.chosen_event)
        self._offer("registration", people, self.chosen_registration)

    def _people(self) -> list[Registration]:
        if self.chosen_event is None:
            return []
        active = self.chosen_event.registrations.active().select_related("participant")
        return list(active[:MOST_CHOICES])

    def _chosen(self, name: str, among: list[Any]) -> Any:
        wanted = self.wanted.get(name)
        return next((each for each in among if str(each.pk) == wanted), None)

    def _offer(self, name: str, among: list[Any], chosen: Any) -> None:
        """Show the choices that were read already, with the one in use chosen."""
        field = self.fields[name]
        field.choices = [(each.pk, _label(each)) for each in among]  # type: ignore[attr-defined]
        field.initial = chosen.pk if chosen else None


def _next_one(events: list[Event], now: datetime) -> Event | None:
    """Prefer the next event; else the one that ended last."""
    return next((each for each in events if each.ends_at > now), events[-1] if events else None)


def _label(choice: Event | Registration) -> str:
    if isinstance(choice, Registration):
        return str(choice.participant)
    # The time first: a list on a phone cuts a long title, and open days are all called the same.
    when = date_format(timezone.localtime(choice.starts_at), "SHORT_DATETIME_FORMAT")
    return f"{when} · {choice.name(get_language() or '')}"
