"""Forms of attendance reports: the file, how its dates are meant, and who is who."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.attendance_plan import MOST_QUESTIONS, Line
from events.models import Registration
from files.list_files import MAX_BYTES
from integrations.meetings.dates import DayOrder

MOST_OTHERS = 100
"""Beside the suggestions all others can be chosen, unless there are too many for a list."""

NOBODY = "nobody"


class AttendanceReportForm(forms.Form):
    """Uploads a report."""

    file = forms.FileField(
        label=_("The report"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
        help_text=_(
            "The file as Zoom, Microsoft Teams or Google Meet gives it. Nothing is saved before"
            " you have seen who was recognised."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                gettext("The file is larger than %(limit)s MB, more than any report.")
                % {"limit": MAX_BYTES // 1024**2}
            )
        return file


class DayOrderForm(forms.Form):
    """Asks which day the report means."""

    day_order = forms.ChoiceField(label=_("Which day is it?"), widget=forms.RadioSelect)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, days: Mapping[DayOrder, datetime]
    ) -> None:
        super().__init__(data)
        field = self.fields["day_order"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (order.value, date_format(day, "DATE_FORMAT")) for order, day in days.items()
        ]


class MatchForm(forms.Form):
    """Asks of each person of a report who that is; not answered leaves the person for later."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lines: Sequence[Line],
        others: Sequence[Registration],
    ) -> None:
        super().__init__(data)
        self.lines = lines[:MOST_QUESTIONS]
        self.others = others if len(others) <= MOST_OTHERS else []
        for line in self.lines:
            self.fields[f"person_{line.key}"] = self._field(line)

    def _field(self, line: Line) -> forms.ChoiceField:
        found = [each.registration for each in line.match.suggestions]
        suggested = [(each.pk, _described(each)) for each in found]
        known = {pk for pk, _name in suggested}
        others = [(each.pk, str(each.participant)) for each in self.others if each.pk not in known]
        choices: list[Any] = [("", gettext("Decide later")), (NOBODY, gettext("Nobody registered"))]
        if suggested:
            choices.append((gettext("Perhaps"), suggested))
        if others:
            choices.append((gettext("Not in the report"), others))
        label = gettext("Who is %(name)s?") % {"name": line.name or line.email}
        widget = forms.Select(attrs={"aria-label": label, "class": "form-select"})
        return forms.ChoiceField(choices=choices, required=False, label=label, widget=widget)

    def rows(self) -> Iterator[tuple[Line, BoundField]]:
        for line in self.lines:
            yield line, self[f"person_{line.key}"]

    def chosen(self) -> dict[str, Registration | None]:
        """Return the answers by the keys of the lines; those put off are not among them."""
        known = {
            str(each.pk): each
            for line in self.lines
            for each in (*(found.registration for found in line.match.suggestions), *self.others)
        }
        answers = ((line.key, self.cleaned_data[f"person_{line.key}"]) for line in self.lines)
        return {key: known.get(answer) for key, answer in answers if answer}


class ReportConfirmForm(MatchForm):
    """Lets a report count, and says whether it names everybody who was there."""

    is_complete = forms.BooleanField(
        label=_("The report is complete: whoever is not in it was absent"),
        required=False,
        help_text=_(
            "Who pressed “Join” or was seen otherwise stays present. Without the tick the others"
            " stay as they are."
        ),
    )

    def __init__(self, *args: Any, may_be_complete: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_complete:
            del self.fields["is_complete"]


def _described(registration: Registration) -> str:
    person = registration.participant
    return (
        f"{person}, {person.email}" if person.email and str(person) != person.email else str(person)
    )
