"""Microsoft Teams' attendance report: numbered sections, titles in the downloader's language."""

import re
from collections.abc import Sequence

from integrations.meetings.columns import (
    cell,
    columns_where,
    first_of,
    is_duration,
    is_email,
    is_moment,
)
from integrations.meetings.report import NoTimesError, ReportRow

_SECTION = re.compile(r"([123])\. ?\D+")
_ROLE = ("role", "loma")
_ORGANIZER = ("organi", "co-organi", "rīkotāj", "līdzorgani", "līdzrīkotāj")


def read(table: Sequence[Sequence[str]]) -> list[ReportRow] | None:
    """Read each joining (section 3); an older report has only one row per person (section 2)."""
    sections = _sections(table)
    if "2" not in sections:
        return None
    rows = _rows(sections.get("3", [])) or _rows(sections["2"])
    if not rows:
        raise NoTimesError
    return rows


def _sections(table: Sequence[Sequence[str]]) -> dict[str, list[Sequence[str]]]:
    sections: dict[str, list[Sequence[str]]] = {}
    for row in table:
        if sum(map(bool, row)) == 1 and (title := _SECTION.fullmatch(row[0])):
            number = title[1]
            sections[number] = []
        elif sections and any(row):
            sections[number].append(row)
    return sections


def _rows(section: Sequence[Sequence[str]]) -> list[ReportRow]:
    header, people = (section[0], section[1:]) if section else ((), ())
    moments = columns_where(is_moment, people)
    if len(moments) < 2:
        return []
    email = first_of(columns_where(is_email, people))
    # A name may read as a duration ("5m…" in a personal link's token); the real one comes after.
    durations = [each for each in columns_where(is_duration, people) if each > moments[0]]
    taken = [*moments, *durations, email]
    texts = columns_where(lambda text: not is_email(text), people)
    role = next((i for i, title in enumerate(header) if title.casefold() in _ROLE), None)
    name = first_of(texts, but=[*taken, role])
    if role is None:
        role = first_of([column for column in texts if column > max(moments)], but=[*taken, name])
    return [
        ReportRow(
            name=cell(row, name),
            joined=cell(row, moments[0]),
            left=cell(row, moments[1]),
            email=cell(row, email),
            is_staff=cell(row, role).casefold().startswith(_ORGANIZER),
        )
        for row in people
        if cell(row, moments[0]) and cell(row, moments[1])
    ]
