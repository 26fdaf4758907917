"""What a row of a list says of an activity: each cell read, or the reason why it cannot be."""

from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext

from accounts.models import Unit, User
from goals.models import Goal
from people.identity import folded
from plans import list_values
from plans.list_columns import Column, title_of
from plans.list_reading import FORMULA, ListedRow
from plans.list_values import ValueRefusedError
from plans.models import Intake

SEPARATORS = ";\n"
MANY = ("audiences", "channels", "goals")
"""Fields in which an activity has several."""

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


class RowReader:
    """Reads rows with the names of people, units, audiences, channels and goals, read once."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake

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

    def read(self, row: ListedRow) -> tuple[dict[str, Any], list[str]]:
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
