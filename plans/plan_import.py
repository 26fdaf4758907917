"""Importing a list of activities: upload, preview, then all of it in one transaction.

What a row would do is decided again inside the transaction, so what changed since the preview
counts. A row is known again by its number, else by its kind, its title and the day it begins on;
what it does not say stays as it is. So the same list twice changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.content import words
from files.list_files import ListError
from people.identity import folded
from plans.content import label_of
from plans.list_columns import Column
from plans.list_reading import ListedRow, listed_rows, read_cells
from plans.list_rows import MANY, RowReader
from plans.local_time import local_day
from plans.models import Activity, Intake, PlanImport
from plans.models.activity import ONCE, weekly_refusal
from ui.choices import ShownChoices

USUAL_LENGTH = timedelta(minutes=90)


class Fate(ShownChoices):
    """What becomes of a row."""

    NEW = "new", "is-ok", "plus", _("New")
    CHANGED = "changed", "is-info", "edit", _("Changed")
    SAME = "same", "is-quiet", "check", _("Unchanged")
    REFUSED = "refused", "is-bad", "circle-x", _("Refused")


@dataclass
class Outcome:
    """What a row would do, for people to read and for us to carry out."""

    row: int
    title: str
    fate: Fate
    reasons: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    """What is to change: label, before, after."""

    activity: Activity | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """What importing a list would do, row by row."""

    outcomes: list[Outcome]
    ignored: list[str]

    def count(self, fate: Fate) -> int:
        return sum(outcome.fate == fate for outcome in self.outcomes)

    @property
    def is_useful(self) -> bool:
        return bool(self.count(Fate.NEW) or self.count(Fate.CHANGED))


def receive(intake: Intake, file: BinaryIO, name: str, *, by: User, at: datetime) -> PlanImport:
    """Keep the cells of a list until it is confirmed; raises ListError if it is none."""
    cells = read_cells(file)
    rows, _ignored = listed_rows(cells)
    if not rows:
        raise ListError(gettext("The list holds no activity."))
    PlanImport.objects.forgotten(at).delete()
    return PlanImport.objects.create(
        intake=intake, original_name=name[-200:], cells=cells, uploaded_by=by, uploaded_at=at
    )


def preview(record: PlanImport) -> Preview:
    """Say what a list would do now; nothing is saved."""
    rows, ignored = listed_rows(record.cells)
    return Preview(list(_Decider(record.intake).outcomes(rows)), ignored)


@transaction.atomic
def carry_out(record: PlanImport, *, by: User, at: datetime) -> Preview:
    """Import a list, all of it or nothing, and forget it; refused while the plan is locked."""
    record.intake.activity_plan.document.hold_open()
    done = preview(record)
    for outcome in done.outcomes:
        if outcome.fate in (Fate.NEW, Fate.CHANGED):
            _save(outcome, record.intake, by, at)
    record.delete()
    return done


def _save(outcome: Outcome, intake: Intake, by: User, at: datetime) -> None:
    activity = outcome.activity or Activity(intake=intake, revision=0)
    several = {name: value for name, value in outcome.values.items() if name in MANY}
    for name, value in outcome.values.items():
        if name not in MANY:
            setattr(activity, name, value)
    activity.changed_by, activity.changed_at = by, at
    activity.revision += 1
    if activity.pk:
        written = [name for name in outcome.values if name not in MANY]
        activity.save(update_fields=[*written, "changed_by", "changed_at", "revision"])
    else:
        activity.save()
    for name, value in several.items():
        getattr(activity, name).set(value)


class _Decider:
    """Decides about the rows of one list with what the database says now, read once."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.reader = RowReader(intake)
        self.seen: dict[object, int] = {}

    @cached_property
    def activities(self) -> list[Activity]:
        found = self.intake.activities.exclude(state=Activity.State.DECLINED)
        return list(found.select_related("owner", "unit").prefetch_related(*MANY))

    @cached_property
    def by_number(self) -> dict[int, Activity]:
        return {activity.pk: activity for activity in self.activities}

    @cached_property
    def by_key(self) -> dict[object, Activity]:
        return {
            _key(each.kind, each.title, each.starts_at): each for each in reversed(self.activities)
        }

    def outcomes(self, rows: list[ListedRow]) -> Iterator[Outcome]:
        for row in rows:
            yield self._outcome(row)

    def _outcome(self, row: ListedRow) -> Outcome:
        values, reasons = self.reader.read(row)
        title = str(values.get("title") or row.cells.get(Column.TITLE, ""))
        outcome = Outcome(row.number, title, Fate.REFUSED, reasons)
        if reasons:
            return outcome
        outcome.activity, refusal = self._known(row, values)
        outcome.values = _complete(values, outcome.activity)
        if outcome.activity is not None:
            outcome.changes = _changes(outcome.activity, outcome.values)
        refusal = refusal or self._twice(row, outcome.activity, values)
        refusal = refusal or _weekly(outcome.activity, values)
        if outcome.activity is not None and outcome.changes:
            refusal = refusal or _locked(outcome.activity)
        if refusal:
            outcome.reasons = [refusal]
        elif outcome.activity is None:
            outcome.fate = Fate.NEW
        else:
            outcome.fate = Fate.CHANGED if outcome.changes else Fate.SAME
        return outcome

    def _known(self, row: ListedRow, values: dict[str, Any]) -> tuple[Activity | None, str]:
        """Find the activity a row is about, or the reason why it can be about none."""
        if number := row.cells.get(Column.NUMBER, ""):
            digits = number.removesuffix(".0")
            known = self.by_number.get(int(digits)) if digits.isdecimal() else None
            sentence = gettext("This intake has no activity with the number %(number)s.")
            return known, "" if known else sentence % {"number": number}
        return self.by_key.get(_key(values["kind"], values["title"], values["starts_at"])), ""

    def _twice(self, row: ListedRow, known: Activity | None, values: dict[str, Any]) -> str:
        """Refuse a row about the same activity as an earlier one."""
        key = known.pk if known else _key(values["kind"], values["title"], values["starts_at"])
        earlier = self.seen.setdefault(key, row.number)
        if earlier == row.number:
            return ""
        sentence = gettext("The same activity is in row %(row)s already.")
        return sentence % {"row": earlier}


def _key(kind: str, title: str, starts_at: datetime) -> object:
    return (kind, " ".join(folded(title).split()), local_day(starts_at))


def _weekly(known: Activity | None, values: dict[str, Any]) -> str:
    """Refuse a webinar every week, unless it is one from before that was refused."""
    last_on = values.get("last_on", known.last_on if known else None)
    if known and (known.kind, known.last_on) == (values["kind"], last_on):
        return ""
    return weekly_refusal() if last_on and values["kind"] in ONCE else ""


def _locked(activity: Activity) -> str:
    if activity.state == Activity.State.PLANNED:
        return ""
    sentence = gettext("The activity is “%(state)s” already and is not changed by a list.")
    return sentence % {"state": activity.get_state_display()}


def _complete(values: dict[str, Any], known: Activity | None) -> dict[str, Any]:
    """Add the end where the list has none: as long as it took so far, else as long as usual."""
    if "ends_at" in values:
        return values
    length = known.ends_at - known.starts_at if known else USUAL_LENGTH
    return values | {"ends_at": values["starts_at"] + length}


def _changes(activity: Activity, values: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    for name, after in values.items():
        before = getattr(activity, name)
        if name in MANY:
            before = list(before.all())
            is_same = {each.pk for each in before} == {each.pk for each in after}
        else:
            is_same = before == after
        if not is_same:
            found.append((label_of(Activity, name), words(before), words(after)))
    return found
