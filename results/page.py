"""A results page as it is drawn: each number in words, with last year's beside it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from goals.models import Unit as GoalUnit
from kpi.pace import Light
from kpi.sparkline import Sparkline, sparkline
from plans.models import Intake
from results.facts import content, indicators
from results.facts.forms_of_content import UnreadableError, in_form_of_today
from results.facts.scope import Scope
from results.facts.table import Table, Unit, rows_of
from results.headline import Line, lines
from results.models import Review, Snapshot
from results.spelling import in_language, spell, unit_of

MOST = 120.0
"""Where the bars of the chart end, in per cent of the target."""


@dataclass(frozen=True)
class Head:
    """The name of a column, and the unit of its numbers where they all have the same."""

    column: str
    is_number: bool
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """A number of a table in words; `before` is last year's, empty where it is not compared."""

    column: str
    words: str
    before: str
    is_number: bool
    value: Any
    value_before: Any = None
    is_incomplete: bool = False
    """Days are missing of what the figure was measured on."""

    @property
    def number_or_words(self) -> Decimal | str | None:
        """Give what a spreadsheet calculates with, or the words where there is no number."""
        return _number(self.value) if self.is_number else self.words

    @property
    def before_number(self) -> Decimal | None:
        return _number(self.value_before) if self.before else None


@dataclass(frozen=True)
class Row:
    """A row; what is drawn besides its numbers is in `extra`, for the parts that have it."""

    label: str
    cells: list[Cell]
    extra: dict[str, Any] = field(default_factory=dict)
    unit: str = ""
    """What its numbers count, but in columns with a unit of their own."""

    @property
    def group(self) -> str:
        """The goal an indicator belongs to."""
        return in_language(self.extra["goal"]) if "goal" in self.extra else ""

    @property
    def line(self) -> Sparkline | None:
        """Its values week by week; what is missing is a gap."""
        return sparkline([_number(value) for value in self.extra.get("line", ())])

    @property
    def light(self) -> Light:
        """What became of its target, in the words and signs of step 6."""
        return Light(self.extra["light"])

    @property
    def progress(self) -> str:
        return spell(self.extra.get("progress"), Unit.PERCENT)

    @property
    def length(self) -> float:
        """How long the bar is, in per cent of the room, which ends at 120 per cent.

        What is reached comes up to the mark, also where no per cent can be said of it.
        """
        least = 100.0 if self.light == Light.REACHED else 0.0
        return min(max(float(self.extra.get("progress") or 0), least), MOST) / MOST * 100


@dataclass(frozen=True)
class Part:
    """A table of the page."""

    key: str
    title: str
    note: str
    heads: list[Head]
    rows: list[Row]
    total: Row | None

    @property
    def has_small_ones(self) -> bool:
        """Whether a target is among them that is to stay small."""
        return any(row.extra.get("stays_small") for row in self.rows)


@dataclass(frozen=True)
class Page:
    """The whole page, in the language that is active."""

    intake: dict[str, Any]
    read_at: datetime
    lines: list[Line]
    parts: list[Part]
    last_year: dict[str, Any] | None
    """The intake of the year before that stands beside; None where there was none."""

    @property
    def goals(self) -> Part:
        return next(part for part in self.parts if part.key == "goals")


def read(intake: Intake, now: datetime) -> dict[str, Any]:
    """Read the results of an intake, and under `last_year` those of the same one a year before."""
    before = Intake.objects.filter(year=intake.year - 1, season=intake.season).first()
    last_year = None if before is None else as_confirmed(before, now)
    return {**content.read(intake, now), "last_year": last_year}


def as_confirmed(intake: Intake, now: datetime) -> dict[str, Any] | None:
    """Read an earlier intake as it was confirmed, or as it stands while it was not.

    None where it was frozen by a newer version of the application.
    """
    snapshot = _confirmed(intake)
    if snapshot is None:
        return content.read(intake, now)
    try:
        return {**in_form_of_today(snapshot.content), "last_year": None}
    except UnreadableError:
        return None


def goals_as_confirmed(intake: Intake, now: datetime) -> dict[str, Any] | None:
    """Read of an earlier intake only what it reached of its targets, in the same way."""
    snapshot = _confirmed(intake)
    if snapshot is None:
        return indicators.of_goals(Scope(intake, now)).as_json()
    try:
        return content.table_of(in_form_of_today(snapshot.content), "goals")
    except UnreadableError:
        return None


def _confirmed(intake: Intake) -> Snapshot | None:
    review = Review.objects.filter(intake=intake, closed_at__isnull=False).first()
    return review.snapshot if review else None


def draw(now: dict[str, Any]) -> Page:
    """Put what was read into words."""
    before = now["last_year"]
    return Page(
        intake=now["intake"],
        read_at=datetime.fromisoformat(now["read_at"]),
        lines=lines(now, before),
        parts=[_part(table, before) for table in now["tables"]],
        last_year=None if before is None else before["intake"],
    )


def draw_parts(tables: Iterable[Table]) -> list[Part]:
    """Put tables into words that are not kept, without last year's beside them."""
    plain = json.loads(json.dumps([each.as_json() for each in tables], cls=DjangoJSONEncoder))
    return [_part(table, None) for table in plain]


def _part(table: dict[str, Any], before: dict[str, Any] | None) -> Part:
    earlier = _values_by_row(before, table["key"])
    return Part(
        key=table["key"],
        title=in_language(table["title"]),
        note=in_language(table["note"]) if any(table["note"].values()) else "",
        heads=[_head(each) for each in table["columns"]],
        rows=[_row(row, table["columns"], earlier) for row in table["rows"]],
        total=_row(table["total"], table["columns"], earlier) if table["total"] else None,
    )


def _head(column: dict[str, Any]) -> Head:
    has_own_unit = _is_number(column) and column["unit"] not in (Unit.COUNT, Unit.FIGURE)
    unit = str(Unit(column["unit"]).label) if has_own_unit else ""
    return Head(in_language(column["label"]), _is_number(column), unit)


def _values_by_row(content: dict[str, Any] | None, key: str) -> dict[str, dict[str, Any]]:
    if content is None:
        return {}
    tables = (table for table in content["tables"] if table["key"] == key)
    return {row["key"]: row["values"] for table in tables for row in rows_of(table)}


def _row(
    row: dict[str, Any], columns: list[dict[str, Any]], earlier: dict[str, dict[str, Any]]
) -> Row:
    was = earlier.get(row["key"], {})
    cells = [_cell(row, column, was.get(column["key"])) for column in columns]
    unit = str(GoalUnit(row["unit"]).label) if row["unit"] else ""
    return Row(in_language(row["label"]), cells, row["extra"], unit)


def _cell(row: dict[str, Any], column: dict[str, Any], was: Any) -> Cell:
    value, unit = row["values"].get(column["key"]), unit_of(row, column)
    shows_before = column["is_compared"] and was is not None
    return Cell(
        column=in_language(column["label"]),
        words=spell(value, unit),
        before=spell(was, unit) if shows_before else "",
        is_number=_is_number(column),
        value=value,
        value_before=was,
        is_incomplete=column["key"] in row["extra"].get("incomplete", ()),
    )


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _is_number(column: dict[str, Any]) -> bool:
    return column["unit"] not in (Unit.TEXT, Unit.DAY)
