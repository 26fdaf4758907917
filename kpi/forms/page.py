"""Forms on the pages of figures: what they are narrowed down by, and notes."""

from datetime import date, timedelta
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpi.asked import Asked
from kpi.comparison import Pair
from kpi.models import Channel, Mute, Note
from kpi.periods import Span

LONGEST_MUTE = timedelta(days=366)
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _channel_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Channel.objects.on(),
        label=_("Channel"),
        required=False,
        to_field_name="key",
        empty_label=_("All channels"),
    )


class PeriodForm(forms.Form):
    """How long the periods are, from when to when, and of which channel."""

    span = forms.ChoiceField(
        label=pgettext_lazy("length of the periods", "By"), choices=Span.choices
    )
    first = forms.DateField(label=_("First day"), widget=DAY)
    last = forms.DateField(label=_("Last day"), widget=DAY)
    channel = _channel_field()

    @classmethod
    def showing(cls, asked: Asked) -> Self:
        return cls(
            initial={
                "span": asked.span,
                "first": asked.first,
                "last": asked.last,
                "channel": asked.channel.key if asked.channel else None,
            }
        )


class ComparisonForm(forms.Form):
    """Two stretches of time, and of which channel."""

    a_first = forms.DateField(label=_("First period: first day"), widget=DAY)
    a_last = forms.DateField(label=_("First period: last day"), widget=DAY)
    b_first = forms.DateField(label=_("Second period: first day"), widget=DAY)
    b_last = forms.DateField(label=_("Second period: last day"), widget=DAY)
    channel = _channel_field()

    @classmethod
    def showing(cls, pair: Pair, channel: Channel | None) -> Self:
        return cls(
            initial={
                "a_first": pair.first.first,
                "a_last": pair.first.last,
                "b_first": pair.second.first,
                "b_last": pair.second.last,
                "channel": channel.key if channel else None,
            }
        )


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["day", "text"]
        widgets = {"day": DAY}


class MuteForm(forms.ModelForm):
    class Meta:
        model = Mute
        fields = ["until", "reason"]
        widgets = {"until": DAY}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not self.today <= until <= self.today + LONGEST_MUTE:
            raise forms.ValidationError(_("A day from today on, within a year."))
        return until
