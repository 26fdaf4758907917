"""The report on an intake, to print and to take along: as PDF and as a workbook."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, pgettext

from files.pdf import Column, Paper
from files.spreadsheets import Sheet, write_workbook
from plans.models import Intake
from results.facts.table import Unit
from results.models import Confirmation, Decision, GoalNote, Review, Snapshot
from results.page import Cell, Page, Part, Row

COLUMNS_UPRIGHT = 6
"""A table with more columns is printed across the page."""


@dataclass(frozen=True)
class Report:
    """What is told of an intake: its page, what was said in the review, and who is who."""

    intake: Intake
    page: Page
    review: Review | None
    snapshot: Snapshot | None
    confirmations: Iterable[Confirmation]
    notes: Iterable[GoalNote]
    decisions: Iterable[Decision]
    people: list[tuple[str, str]]
    """The names of each role."""

    @property
    def title(self) -> str:
        return gettext("Results: %(intake)s") % {"intake": self.intake}

    @property
    def days(self) -> str:
        return f"{_day(self.intake.begins_on)} – {_day(self.intake.ends_on)}"

    @property
    def about(self) -> list[tuple[str, str]]:
        """Say of what this is, as of when, who has confirmed it, and who is who."""
        return [
            (gettext("Intake"), f"{self.intake}, {self.days}"),
            (gettext("State of the figures"), self._origin()),
            *_confirmed(self.confirmations),
            *self.people,
        ]

    def _origin(self) -> str:
        if self.snapshot is None:
            words = gettext("not frozen yet, read on %(moment)s")
            return words % {"moment": _moment(self.page.read_at)}
        return gettext("frozen on %(moment)s by %(name)s") % {
            "moment": _moment(self.snapshot.taken_at),
            "name": self.snapshot.taken_by,
        }


def pdf(report: Report, *, at: datetime) -> bytes:
    """Write the report in the language that is active."""
    read = gettext("read on %(moment)s") % {"moment": _moment(report.page.read_at)}
    paper = Paper(report.title, subtitle=f"{report.days} · {read}", at=at)
    paper.heading(gettext("How the intake went"))
    paper.facts(_lines(report.page))
    paper.heading(gettext("About this report"))
    paper.facts(report.about)
    for part in report.page.parts:
        if part.rows:
            _part(paper, part)
    if report.review is not None:
        paper.lay(is_wide=False)
        _review(paper, report.review, report.notes, report.decisions)
    return paper.as_bytes()


def _lines(page: Page) -> list[tuple[str, str]]:
    return [(line.title, line.text) for line in page.lines]


def _part(paper: Paper, part: Part) -> None:
    """Write a table; once a page lies on its side, the tables after it have room there, too."""
    if len(part.heads) + 1 > COLUMNS_UPRIGHT:
        paper.lay(is_wide=True)
    paper.heading(part.title)
    if part.note:
        paper.paragraph(part.note, is_quiet=True)
    columns = [Column("", 2.6)] + [
        Column(head.column, 1.2 if head.is_number else 1.8, head.is_number) for head in part.heads
    ]
    rows = [*part.rows, *([part.total] if part.total else [])]
    paper.write_table(columns, [printed(row) for row in rows])


def printed(row: Row) -> list[str]:
    label = f"{row.label}\n{row.group}" if row.group else row.label
    return [label, *(_words(cell) for cell in row.cells)]


def _words(cell: Cell) -> str:
    lines = [cell.words]
    if cell.is_incomplete:
        lines.append(gettext("some days are missing"))
    if cell.before:
        lines.append("(" + gettext("a year before: %(value)s") % {"value": cell.before} + ")")
    return "\n".join(lines)


def _review(
    paper: Paper, review: Review, notes: Iterable[GoalNote], decisions: Iterable[Decision]
) -> None:
    paper.heading(gettext("Review"))
    if review.held_on:
        paper.paragraph(gettext("Day of the meeting: %(day)s") % {"day": _day(review.held_on)})
    if review.summary:
        paper.paragraph(review.summary)
    language = get_language() or ""
    paper.facts([(note.goal.label(language), note.text) for note in notes])
    rows = [
        [each.text, str(each.owner or "–"), _day(each.due_on) if each.due_on else "–"]
        for each in decisions
    ]
    if rows:
        columns = [
            Column(gettext("Decision"), 4),
            Column(gettext("Who sees to it"), 2),
            Column(gettext("By when"), 1),
        ]
        paper.write_table(columns, rows)


def _confirmed(confirmations: Iterable[Confirmation]) -> list[tuple[str, str]]:
    words = gettext("%(role)s %(name)s, %(moment)s")
    lines = [
        words % {"role": each.get_role_display(), "name": each.by, "moment": _moment(each.at)}
        for each in confirmations
    ]
    return [(gettext("Confirmed by"), "\n".join(lines) or gettext("nobody yet"))]


def workbook(report: Report, *, at: datetime) -> bytes:
    """Write every part as a sheet of real numbers; last year's have columns of their own."""
    made = gettext("made on %(moment)s") % {"moment": _moment(at)}
    above = f"{report.title} · {report.days} · {made}"
    heads = [gettext("What"), gettext("In words")]
    sheets = [
        Sheet(gettext("About this report"), heads, report.about, above),
        Sheet(gettext("Summary"), heads, _lines(report.page), above),
        *(_sheet(part, above) for part in report.page.parts if part.rows),
    ]
    if report.review is not None:
        sheets.append(_review_sheet(report, report.review, above))
    return write_workbook(sheets)


def _review_sheet(report: Report, review: Review, above: str) -> Sheet:
    language = get_language() or ""
    heads = [
        *(gettext("What"), gettext("In words")),
        *(gettext("Who sees to it"), gettext("By when")),
    ]
    meeting = [
        (gettext("Day of the meeting"), review.held_on),
        (gettext("What we learn from it"), review.summary),
    ]
    notes = [(note.goal.label(language), note.text) for note in report.notes]
    decisions = [
        (gettext("Decision"), each.text, str(each.owner or ""), each.due_on)
        for each in report.decisions
    ]
    return Sheet(gettext("Review"), heads, [*meeting, *notes, *decisions], above)


def _sheet(part: Part, above: str) -> Sheet:
    """Write a table; units stand in the head of a column, or else in one of their own."""
    rows = [*part.rows, *([part.total] if part.total else [])]
    compared = [
        number
        for number, _head in enumerate(part.heads)
        if any(row.cells[number].before for row in rows)
    ]
    names = [f"{head.column}, {head.unit}" if head.unit else head.column for head in part.heads]
    has_units = any(row.unit for row in rows)
    headers = [
        gettext("What"),
        *([pgettext("of an amount", "Unit")] if has_units else []),
        *names,
        *(_year_before(names[number]) for number in compared),
    ]
    return Sheet(
        part.title,
        headers,
        [
            [
                f"{row.label} ({row.group})" if row.group else row.label,
                *([row.unit or str(Unit.COUNT.label)] if has_units else []),
                *(cell.number_or_words for cell in row.cells),
                *(row.cells[number].before_number for number in compared),
            ]
            for row in rows
        ],
        above,
    )


def _year_before(column: str) -> str:
    return gettext("%(column)s, a year before") % {"column": column}


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _moment(at: datetime) -> str:
    """Write a moment by the clock in Riga: only templates turn it by themselves."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")
