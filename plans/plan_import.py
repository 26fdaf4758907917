"""Importing a list of activities: upload, preview, then all of it in one transaction.

What a row would do is decided again inside the transaction, so what changed since the preview
counts. A row is known again by its number, else by its kind, its title and the day it begins on;
what it does not say stays as it is. So the same list twice changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, BinaryIO

from django.db import models, transaction
from django.utils.translation import gettext

from accounts.models import Unit, User
from documents.content import words
from files.list_files import ListError
from goals.models import Goal
from people.identity import folded
from plans import list_values
from plans.content import label_of
from plans.list_columns import Column, title_of
from plans.list_reading import FORMULA, ListedRow, listed_rows, read_cells
from plans.list_values import ValueRefusedError
from plans.local_time import local_day
from plans.models import Activity, Intake, PlanImport
from plans.models.activity import ONCE, weekly_refusal

USUAL_LENGTH = timedelta(minutes=90)
SEPARATORS = ";\n"


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


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


MANY = ("audiences", "channels", "goals")
FIELDS = {
    Column.KIND: "kind",
    Column.TITLE: "title",
    Column.TITLE_EN: "title_en",
    Column.LAST_ON: "last_on",
    Column.OWNER: "owner",
    Column.UNIT: "unit",
    Column.PRESENTER: "presenter",
    Column.AUDIENCES: "audiences",
    Column.CHANNELS: "channels",
    Column.GOALS: "goals",
    Column.BUDGET: "budget_planned",
    Column.LEADS: "expected_leads",
    Column.NOTES: "notes",
}
LONGEST = {"title": 150, "title_en": 150, "presenter": 150}


class _Decider:
    """Decides about the rows of one list with what the database says now, read once."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
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

    @cached_property
    def named(self) -> dict[str, dict[str, models.Model]]:
        """Give owners, units, audiences and channels by what people may call them."""
        users = list(User.objects.active())
        return {
            "owner": {
                folded(name): each for each in users for name in (each.full_name, each.email)
            },
            "unit": {folded(each.name): each for each in Unit.objects.all()},
            "audiences": {folded(each.name): each for each in self.intake.audiences.all()},
            "channels": {folded(each.name): each for each in self.intake.channels.all()},
            "goals": {
                folded(title): each
                for each in Goal.objects.filter(year__year=self.intake.year)
                for title in (each.title_en, each.title)
                if title
            },
        }

    def outcomes(self, rows: list[ListedRow]) -> Iterator[Outcome]:
        for row in rows:
            yield self._outcome(row)

    def _outcome(self, row: ListedRow) -> Outcome:
        values, reasons = self._values(row)
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

    def _values(self, row: ListedRow) -> tuple[dict[str, Any], list[str]]:
        """Read every cell; each that cannot be read gives a reason with its column's title."""
        values: dict[str, Any] = {}
        reasons: list[str] = []
        for column, text in row.cells.items():
            try:
                values |= self._value(column, text)
            except ValueRefusedError as refusal:
                reasons.append(f"{title_of(column)}: {refusal}")
        if not reasons:
            try:
                values |= self._times(row)
            except ValueRefusedError as refusal:
                reasons.append(str(refusal))
        return values, reasons

    def _value(self, column: Column, text: str) -> dict[str, Any]:
        if text == FORMULA:
            sentence = gettext("This is a formula. Copy the column and paste it as values.")
            raise ValueRefusedError(sentence)
        if column not in FIELDS:
            return {}
        name = FIELDS[column]
        if column in (Column.KIND, Column.TITLE) and not text:
            raise ValueRefusedError(gettext("The cell is empty."))
        if name in LONGEST and len(text) > LONGEST[name]:
            sentence = gettext("The text is too long: at most %(limit)s characters.")
            raise ValueRefusedError(sentence % {"limit": LONGEST[name]})
        match column:
            case Column.KIND:
                return {name: list_values.read_kind(text)}
            case Column.LAST_ON:
                return {name: list_values.read_day(text, **self._period) if text else None}
            case Column.BUDGET:
                return {name: list_values.read_money(text) if text else None}
            case Column.LEADS:
                return {name: list_values.read_count(text) if text else None}
            case Column.OWNER | Column.UNIT:
                return {name: self._find(name, text) if text else None}
            case Column.AUDIENCES | Column.CHANNELS | Column.GOALS:
                return {name: self._find_all(name, text)}
            case _:
                return {name: text}

    @property
    def _period(self) -> dict[str, Any]:
        return {"first": self.intake.begins_on, "last": self.intake.ends_on}

    def _times(self, row: ListedRow) -> dict[str, Any]:
        text = row.cells[Column.STARTS]
        if not text:
            raise ValueRefusedError(f"{title_of(Column.STARTS)}: {gettext('The cell is empty.')}")
        starts_at, _has_clock = list_values.read_moment(text, **self._period)
        end = row.cells.get(Column.ENDS, "")
        if not end:
            return {"starts_at": starts_at}
        ends_at = list_values.read_end(end, starts_at, **self._period)
        if ends_at <= starts_at:
            raise ValueRefusedError(gettext("The activity must end after it starts."))
        return {"starts_at": starts_at, "ends_at": ends_at}

    def _find(self, name: str, text: str) -> models.Model:
        try:
            return self.named[name][folded(text)]
        except KeyError:
            sentence = {
                "owner": gettext("Nobody here is called “%(name)s”."),
                "unit": gettext("There is no unit “%(name)s”."),
                "audiences": gettext("The intake has no target audience “%(name)s”."),
                "channels": gettext("The intake has no channel “%(name)s”."),
                "goals": gettext("The year has no goal “%(name)s”."),
            }[name]
            raise ValueRefusedError(sentence % {"name": text}) from None

    def _find_all(self, name: str, text: str) -> list[models.Model]:
        """Read several names between semicolons or lines; between commas where there are none."""
        if folded(text) in self.named[name]:
            return [self.named[name][folded(text)]]
        separators = SEPARATORS if any(sign in text for sign in SEPARATORS) else ","
        for sign in separators:
            text = text.replace(sign, "\n")
        parts = (part.strip() for part in text.split("\n"))
        found = {part: self._find(name, part) for part in parts if part}
        return list(dict.fromkeys(found.values()))

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
