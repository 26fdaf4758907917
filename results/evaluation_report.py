"""An evaluation form on paper: as PDF to be printed, and as a workbook."""

from datetime import datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from accounts.models import User
from files.pdf import Column, Paper
from files.spreadsheets import Sheet, write_workbook
from results.facts.table import Unit
from results.models import Evaluation, PlannedResult, Score
from results.spelling import spell


def title() -> str:
    return gettext("Work performance planning and evaluation form")


def pdf(evaluation: Evaluation, language: str, *, at: datetime) -> bytes:
    """Write the form with both signatures; where nobody has signed yet there is room to do so."""
    paper = Paper(title(), subtitle=str(evaluation), at=at)
    paper.facts(_people(evaluation))
    paper.heading(gettext("Planned results and what was achieved"))
    columns = [
        Column(head, width, is_number)
        for head, (width, is_number) in zip(
            result_heads(),
            [(3, False), (2, False), (1.3, True), (3, False), (1.8, False), (1.8, False)],
            strict=True,
        )
    ]
    paper.write_table(
        columns,
        [
            [cell if isinstance(cell, str) else spell(cell, Unit.COUNT) for cell in row]
            for row in result_rows(evaluation, language)
        ],
    )
    total = evaluation.total()
    if total is not None:
        paper.paragraph(gettext("Weighed score: %(total)s") % {"total": spell(total, Unit.COUNT)})
    paper.heading(gettext("Competences"))
    paper.write_table([Column(head, 2) for head in competence_heads()], competence_rows(evaluation))
    for heading, text in _texts(evaluation):
        paper.heading(heading)
        paper.paragraph(text or "–")
    goals = [[each.text, each.measure or "–"] for each in evaluation.next_goals.all()]
    if goals:
        paper.heading(gettext("Goals of the next period"))
        paper.write_table(
            [Column(gettext("Goal"), 3), Column(gettext("How it is measured"), 2)], goals
        )
    paper.heading(gettext("Signatures"))
    paper.facts(_signatures(evaluation))
    return paper.as_bytes()


def workbook(evaluation: Evaluation, language: str) -> bytes:
    texts = [*_people(evaluation), *_texts(evaluation), *_signatures(evaluation)]
    goals = [[each.text, each.measure] for each in evaluation.next_goals.all()]
    return write_workbook(
        [
            Sheet(gettext("Form"), [title()], [list(line) for line in texts]),
            Sheet(gettext("Results"), result_heads(), result_rows(evaluation, language)),
            Sheet(gettext("Competences"), competence_heads(), competence_rows(evaluation)),
            Sheet(
                gettext("Goals of the next period"),
                [gettext("Goal"), gettext("How it is measured")],
                goals,
            ),
        ]
    )


def result_heads() -> list[str]:
    return [
        gettext("Task or result"),
        gettext("How it is measured"),
        gettext("Weight, %"),
        gettext("Achieved"),
        gettext("Own score"),
        gettext("The manager's score"),
    ]


def result_rows(evaluation: Evaluation, language: str) -> list[list[str | Decimal]]:
    """Give the planned results row by row, their weights as numbers."""
    return [
        [
            each.text,
            each.measure,
            each.weight,
            _achieved(each, language),
            _score(each.self_score),
            _score(each.manager_score),
        ]
        for each in evaluation.results.all()
    ]


def _achieved(result: PlannedResult, language: str) -> str:
    """Say what was achieved; where it was corrected, also why, and what had been read."""
    read = result.filled_in.get(language, "")
    if not result.achieved:
        return read or "–"
    lines = [result.achieved, result.correction]
    if read:
        lines.append(gettext("Read: %(read)s") % {"read": read})
    return "\n".join(filter(None, lines))


def competence_heads() -> list[str]:
    return [
        gettext("Competence"),
        gettext("Own score"),
        gettext("The manager's score"),
        gettext("Comment"),
    ]


def competence_rows(evaluation: Evaluation) -> list[list[str]]:
    return [
        [each.name, _score(each.self_score), _score(each.manager_score), each.comment or "–"]
        for each in evaluation.competences.all()
    ]


def _score(value: int | None) -> str:
    return "–" if value is None else str(Score(value).label)


def _people(evaluation: Evaluation) -> list[tuple[str, str]]:
    return [
        (gettext("Employee"), _who(evaluation.employee)),
        (gettext("Manager"), _who(evaluation.manager)),
        (gettext("Intake"), str(evaluation.intake)),
        (gettext("State"), str(evaluation.get_state_display())),
    ]


def _who(person: User) -> str:
    return f"{person}, {person.get_role_display()}"


def _texts(evaluation: Evaluation) -> list[tuple[str, str]]:
    return [
        (gettext("Development needs"), evaluation.development_needs),
        (gettext("The employee's comment"), evaluation.employee_comment),
        (gettext("The manager's comment"), evaluation.manager_comment),
    ]


def _signatures(evaluation: Evaluation) -> list[tuple[str, str]]:
    return [
        (str(evaluation.employee), _signed(evaluation.employee_signed_at)),
        (str(evaluation.manager), _signed(evaluation.manager_signed_at)),
    ]


def _signed(at: datetime | None) -> str:
    if at is None:
        return "______________________"
    moment = date_format(localtime(at), "SHORT_DATETIME_FORMAT")
    return gettext("signed on %(moment)s") % {"moment": moment}
