"""Forms of importing a list of figures."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from files.list_files import MAX_BYTES
from goals.models import Series
from kpi.lists.dates import YEARS, Order
from kpi.lists.mapping import (
    ALL,
    LEFT_OUT,
    NEW,
    OF_LIST,
    Choices,
    HeadingChoice,
    may_be_channel,
    vocabulary,
)
from kpi.models import Channel, ListImport

Options = list[tuple[str, Any]]


class ListUploadForm(forms.Form):
    file = forms.FileField(
        label=_("List, Excel or CSV"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        allow_empty_file=True,
        help_text=_("At most %(size)s MB.") % {"size": MAX_BYTES // 1024**2},
    )


class MappingForm(forms.Form):
    """What each title and each channel of a list means, and what else was not clear."""

    year = forms.IntegerField(
        label=_("Year of the months"), min_value=YEARS[0], max_value=YEARS[-1], required=False
    )
    order = forms.ChoiceField(
        label=_("Dates like 01/02/2026 are written"),
        choices=[
            ("", "–"),
            (Order.DAY_FIRST, _("the day first: 1 February")),
            (Order.MONTH_FIRST, _("the month first: 2 January")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, record: ListImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        self.words = vocabulary()
        self.stored = Choices.from_json(record.choices)
        self._ask_only_what_is_unclear()
        self._ask_about_sheets()
        series, channels = _series_options(), _channel_options()
        for number, (text, _count, _examples) in enumerate(record.found["headings"]):
            choice = self.stored.headings.get(text, HeadingChoice())
            self._add(
                f"series_{number}", gettext("What “%(title)s” is"), text, series, choice.series
            )
            self._ask_channel(number, text, choice.channel, channels)
        for number, text in enumerate(record.found["channels"]):
            self._add(
                f"place_{number}",
                gettext("Which channel “%(title)s” is"),
                text,
                [
                    ("", gettext("– choose –")),
                    *channels,
                    (NEW, gettext("make it a new channel")),
                    (LEFT_OUT, gettext("leave it out")),
                ],
                self.stored.channels.get(text, ""),
            )

    def _ask_channel(self, number: int, text: str, chosen: str, channels: Options) -> None:
        options = [(OF_LIST, gettext("as the list says")), *channels]
        if not chosen:
            options.insert(0, ("", gettext("– choose –")))
        if self.words.read(text).channel is None:
            name = may_be_channel(text, self.words) or text
            options.append((f"{NEW}:{name}", gettext("a new channel: %(name)s") % {"name": name}))
        self._add(f"channel_{number}", gettext("Channel of “%(title)s”"), text, options, chosen)
        # A title that is left out needs no channel.
        self.fields[f"channel_{number}"].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for number in range(len(self.record.found["headings"])):
            series, name = values.get(f"series_{number}"), f"channel_{number}"
            if series and series != LEFT_OUT and name not in self.errors and not values.get(name):
                self.add_error(name, gettext("Choose the channel."))
        return values

    def _ask_only_what_is_unclear(self) -> None:
        found, stored = self.record.found, self.record.choices
        self.fields["year"].initial = stored.get("year")
        self.fields["order"].initial = stored.get("order") or ""
        years = found.get("years", [])
        if years and not stored.get("year"):
            sentence = gettext(
                "Taken from titles and names: %(years)s. Leave empty if that is right."
            )
            self.fields["year"].help_text = sentence % {"years": ", ".join(map(str, years))}
        if not found["needs_year"] and not years and not stored.get("year"):
            del self.fields["year"]
        if not found["needs_order"] and not stored.get("order"):
            del self.fields["order"]

    def _ask_about_sheets(self) -> None:
        left_out = self.record.choices.get("left_out") or []
        sheets = [*self.record.found["sheets"], *left_out]
        if len(sheets) > 1:
            self.fields["sheets"] = forms.MultipleChoiceField(
                label=gettext("Sheets to import"),
                choices=[(name, name) for name in sheets],
                initial=self.record.found["sheets"],
                widget=forms.CheckboxSelectMultiple,
            )

    def _add(self, name: str, label: str, title: str, options: Options, initial: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label % {"title": title}, choices=options, initial=initial
        )

    def lines(self) -> Iterator[dict[str, Any]]:
        """Give the titles with their two questions."""
        for number, (text, count, examples) in enumerate(self.record.found["headings"]):
            yield {
                "title": text,
                "count": count,
                "examples": examples,
                "series": self[f"series_{number}"],
                "channel": self[f"channel_{number}"],
            }

    def places(self) -> Iterator[tuple[str, forms.BoundField]]:
        for number, text in enumerate(self.record.found["channels"]):
            yield text, self[f"place_{number}"]

    def choices(self) -> Choices:
        values = self.cleaned_data
        return Choices(
            {
                text: HeadingChoice(values[f"series_{number}"], values[f"channel_{number}"])
                for number, (text, _count, _examples) in enumerate(self.record.found["headings"])
            },
            {
                text: values[f"place_{number}"]
                for number, text in enumerate(self.record.found["channels"])
            },
        )

    def hints(self) -> dict[str, Any]:
        """Give what changes how the list is read."""
        values = self.cleaned_data
        sheets = values.get("sheets")
        known = [name for name, _label in getattr(self.fields.get("sheets"), "choices", [])]
        return {
            "year": values.get("year"),
            "order": Order(values["order"]) if values.get("order") else None,
            "left_out": [name for name in known if sheets and name not in sheets],
        }


def _series_options() -> Options:
    return [
        ("", gettext("– choose –")),
        *((str(each.pk), str(each)) for each in Series.objects.on().entered()),
        (
            gettext("A new indicator"),
            [
                ("new:flow", gettext("new, the days add up")),
                ("new:stock", gettext("new, the last value counts")),
                ("new:average", gettext("new, the average of the days counts")),
            ],
        ),
        (LEFT_OUT, gettext("leave it out")),
    ]


def _channel_options() -> Options:
    return [
        (ALL, gettext("all channels together")),
        *((str(each.pk), str(each)) for each in Channel.objects.on()),
    ]
