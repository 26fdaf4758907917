"""The report on an intake, to print and to take along: as PDF and as a workbook."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from files.pdf import Column, Paper
from files.spreadsheets import Sheet, write_workbook
from plans.models import Intake
from results.models import Confirmation, Decision, GoalNote, Review
from results.page import Page, Part, Row


def pdf(
    intake: Intake,
    page: Page,
    review: Review | None,
    *,
    confirmations: Iterable[Confirmation],
    notes: Iterable[GoalNote],
    decisions: Iterable[Decision],
    at: datetime,
) -> bytes:
    """Write the report in the language that is active."""
    days = f"{_day(intake.begins_on)} – {_day(intake.ends_on)}"
    read = gettext("read on %(moment)s") % {
        "moment": date_format(page.read_at, "SHORT_DATETIME_FORMAT")
    }
    paper = Paper(
        gettext("Results: %(intake)s") % {"intake": intake}, subtitle=f"{days} · {read}", at=at
    )
    paper.heading(gettext("How the intake went"))
    paper.facts([(line.title, line.text) for line in page.lines])
    for part in page.parts:
        if part.rows:
            _part(paper, part)
    if review is not None:
        _review(paper, review, notes, decisions)
        _signed(paper, confirmations)
    return paper.as_bytes()


def _part(paper: Paper, part: Part) -> None:
    paper.heading(part.title)
    if part.note:
        paper.paragraph(part.note, is_quiet=True)
    columns = [Column("", 2.6)] + [
        Column(head.column, 1.2 if head.is_number else 1.8, head.is_number) for head in part.heads
    ]
    rows = [*part.rows, *([part.total] if part.total else [])]
    paper.write_table(columns, [_printed(row) for row in rows])


def _printed(row: Row) -> list[str]:
    label = f"{row.label}\n{row.group}" if row.group else row.label
    before = gettext("a year before: %(value)s")
    cells = [
        f"{cell.words}\n({before % {'value': cell.before}})" if cell.before else cell.words
        for cell in row.cells
    ]
    return [label, *cells]


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


def _signed(paper: Paper, confirmations: Iterable[Confirmation]) -> None:
    lines = [
        (
            str(each.get_role_display()),
            gettext("%(name)s, confirmed on %(moment)s")
            % {"name": each.by, "moment": date_format(each.at, "SHORT_DATETIME_FORMAT")},
        )
        for each in confirmations
    ]
    if lines:
        paper.heading(gettext("Confirmed by"))
        paper.facts(lines)


def workbook(page: Page) -> bytes:
    """Write every part as a sheet of real numbers; last year's have columns of their own."""
    sheets = [Sheet(gettext("Summary"), [], [[line.title, line.text] for line in page.lines])]
    sheets += [_sheet(part) for part in page.parts if part.rows]
    return write_workbook(sheets)


def _sheet(part: Part) -> Sheet:
    rows = [*part.rows, *([part.total] if part.total else [])]
    compared = [
        number
        for number, _head in enumerate(part.heads)
        if any(row.cells[number].before for row in rows)
    ]
    headers = [
        gettext("What"),
        *(head.column for head in part.heads),
        *(_year_before(part.heads[number].column) for number in compared),
    ]
    return Sheet(
        part.title,
        headers,
        [
            [
                f"{row.label} ({row.group})" if row.group else row.label,
                *(cell.number_or_words for cell in row.cells),
                *(row.cells[number].before_number for number in compared),
            ]
            for row in rows
        ],
    )


def _year_before(column: str) -> str:
    return gettext("%(column)s, a year before") % {"column": column}


def _day(day: Any) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
