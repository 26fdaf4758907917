"""The lists of an evaluation form as they are written, also while somebody else writes them.

What a browser sends names the lines it was given. By then another may have taken some out and
added others; what was sent is brought onto the lines there are, so that it can be compared and
saved.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from django import forms
from django.forms import BaseInlineFormSet
from django.http import QueryDict
from django.utils.translation import gettext

from documents.editing import Difference, said
from results.models import Competence, NextGoal, PlannedResult

EvaluationLine = PlannedResult | Competence | NextGoal
SAID = ("text", "name", "measure", "achieved", "correction", "comment")
"""By what people know a line again, or what would be lost with it."""


class LineFormSet(BaseInlineFormSet):
    """Lines of the form, kept in the order in which they stand."""

    def save_in_order(self) -> None:
        self.save()
        for position, form in enumerate(self.ordered):
            if form.instance.pk and form.instance.position != position:
                form.instance.position = position
                form.instance.save(update_fields=["position"])

    @property
    def ordered(self) -> list[forms.ModelForm]:
        return [each for each in self.forms if each not in self.deleted_forms]

    def differences(self) -> Iterator[Difference]:
        """Tell in which fields the lines that were sent differ from those that are saved."""
        lines: Iterable[EvaluationLine] = getattr(self.instance, str(self.prefix)).all()
        saved = {each.pk: each for each in lines}
        for form in self.initial_forms:
            line = saved.get(form.instance.pk)
            if line is None:
                yield _taken_out(str(form.instance))
            elif form in self.deleted_forms:
                yield Difference(str(line), str(line), gettext("taken out"))
            else:
                yield from _fields_that_differ(line, form)


def _fields_that_differ(line: EvaluationLine, form: forms.ModelForm) -> Iterator[Difference]:
    for name in form._meta.fields or ():
        theirs, own = said(line, name), said(form.instance, name)
        if theirs != own:
            words = gettext("%(line)s: %(field)s")
            label = words % {"line": line, "field": form.fields[name].label}
            yield Difference(label, theirs, own)


def bring_onto_what_stands(
    sent: QueryDict,
    name: str,
    standing: Iterable[EvaluationLine],
    fields: Sequence[str],
    *,
    grows: bool,
) -> list[Difference]:
    """Rewrite what was sent of a list for the lines there are now; tell which came and went.

    A line that is gone becomes a new one where lines may be added, so that nothing that was typed
    is lost; elsewhere there is nothing any more that it could be saved to.
    """
    lines = {str(each.pk): each for each in standing}
    written = list(_lines(sent, name))
    known = {line["id"]: line for line in written if line.get("id")}
    if known.keys() == lines.keys():
        return []
    gone = [line for key, line in known.items() if key not in lines and not line.get("DELETE")]
    new = [line for line in written if not line.get("id")]
    rows = [known.get(key) or _as_sent(line, fields) for key, line in lines.items()]
    _write(sent, name, rows, [*({**line, "id": ""} for line in gone if grows), *new])
    return [
        *(_taken_out(", ".join(line[key] for key in SAID if line.get(key))) for line in gone),
        *(_added(line) for key, line in lines.items() if key not in known),
    ]


def _lines(sent: QueryDict, name: str) -> Iterator[dict[str, str]]:
    """Take apart what was sent, line by line, whatever it says of how many there are."""
    for number in count():
        prefix = f"{name}-{number}-"
        line = {key.removeprefix(prefix): str(sent[key]) for key in sent if key.startswith(prefix)}
        if not line:
            return
        yield line


def _as_sent(line: EvaluationLine, fields: Sequence[str]) -> dict[str, str]:
    values = forms.model_to_dict(line, fields)
    return {"id": str(line.pk)} | {
        key: "" if value is None else str(value) for key, value in values.items()
    }


def _write(
    sent: QueryDict, name: str, rows: list[dict[str, str]], more: list[dict[str, str]]
) -> None:
    for key in [key for key in sent if re.match(rf"{name}-\d", key)]:
        del sent[key]
    for number, line in enumerate([*rows, *more]):
        for key, value in line.items():
            sent[f"{name}-{number}-{key}"] = value
    sent[f"{name}-TOTAL_FORMS"] = str(len(rows) + len(more))
    sent[f"{name}-INITIAL_FORMS"] = str(len(rows))


def _taken_out(own: str) -> Difference:
    return Difference(gettext("A line"), gettext("taken out meanwhile"), own)


def _added(line: EvaluationLine) -> Difference:
    saved = gettext("added meanwhile: %(line)s") % {"line": line}
    return Difference(gettext("A line"), saved, gettext("stands in the form now"))
