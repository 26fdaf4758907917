"""The form of a source of registrations in Bitrix24."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.event_type import all_types
from events.models import Bitrix24Source, Event
from events.models.bitrix24 import CONDITIONS, read_filter_lines

NEXT = "next-"
"""Begins the choice "the next event of this kind"; another choice is an event's number."""


class Bitrix24SourceForm(forms.ModelForm):
    """What people register for, and who in Bitrix24 they are."""

    target = forms.ChoiceField(label=_("They register for"))

    class Meta:
        model = Bitrix24Source
        fields = [
            "name",
            "entity",
            "source_id",
            "utm_campaign",
            "created_since",
            "filter_lines",
            "sends_confirmation",
        ]
        labels = {
            "name": _("Name"),
            "entity": _("Taken from"),
            "source_id": _("Source"),
            "utm_campaign": _("UTM campaign"),
            "created_since": _("Added to Bitrix24 since"),
            "filter_lines": _("Further conditions"),
            "sends_confirmation": _("Send a confirmation with the personal link"),
        }
        widgets = {
            "created_since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "filter_lines": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        }

    field_order = ["name", "target"]

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.instance
        ahead = Event.objects.going_ahead().upcoming(now)
        events = list(ahead[:200])
        if source.event is not None and source.event not in events:
            events.insert(0, source.event)
        kinds = [
            (
                f"{NEXT}{each.key}",
                gettext("The next event of this kind: %(kind)s") % {"kind": each.name},
            )
            for each in all_types()
        ]
        for name, choices in (
            ("target", [*kinds, *_event_choices(events)]),
            ("entity", Bitrix24Source.Entity.choices),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if source.event_id or source.kind:
            self.initial["target"] = str(source.event_id or f"{NEXT}{source.kind}")
        if source.pk and source.entries.exists():
            for name in ("target", "entity"):
                self.fields[name].disabled = True
                self.fields[name].help_text = gettext(
                    "Stays as it is, since people were taken in already. Make another source."
                )

    def clean_filter_lines(self) -> str:
        lines: str = self.cleaned_data["filter_lines"]
        read_filter_lines(lines)
        return lines

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in CONDITIONS - {"entity"}):
            self.add_error(
                None,
                gettext("Give at least one condition: without any, everybody in Bitrix24 fits."),
            )
        target = cleaned.get("target") or ""
        is_next = target.startswith(NEXT)
        self.instance.kind = target.removeprefix(NEXT) if is_next else ""
        self.instance.event_id = int(target) if target and not is_next else None
        return cleaned


def _event_choices(events: Iterable[Event]) -> list[tuple[str, str]]:
    language = get_language() or "lv"
    return [
        (
            str(event.pk),
            f"{event.name(language)} · "
            f"{date_format(localtime(event.starts_at), 'SHORT_DATETIME_FORMAT')}",
        )
        for event in events
    ]
