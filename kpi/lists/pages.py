"""Keeping what becomes of the figures of a list, page by page, to be looked at."""

from collections.abc import Iterator
from dataclasses import dataclass

from kpi.lists.deciding import Fate, Line, Plan
from kpi.models import ListImport, ListLines
from people.rows import insert

LINES_ON_A_PAGE = 100
PAGES_KEPT = 200
"""Of each fate so many pages of lines are kept to be looked at; all figures are counted."""


def note_plan(record: ListImport, plan: Plan) -> None:
    """Keep what is to be shown of a plan, in words, page by page."""
    record.summary = {"counts": dict(plan.counts), "notices": plan.found.notices}
    record.save(update_fields=["summary"])
    record.pages.all().delete()
    insert(list(_pages(record, plan.lines())))


@dataclass
class _Open:
    """A page that is being filled."""

    number: int
    lines: list[list[object]]


def _pages(record: ListImport, lines: Iterator[Line]) -> Iterator[ListLines]:
    open_pages = {fate: _Open(1, []) for fate in Fate}
    for line in lines:
        page = open_pages[line.fate]
        if page.number > PAGES_KEPT:
            continue
        page.lines.append(list(line[1:]))
        if len(page.lines) == LINES_ON_A_PAGE:
            yield ListLines(list=record, fate=line.fate, number=page.number, lines=page.lines)
            open_pages[line.fate] = _Open(page.number + 1, [])
    for fate, page in open_pages.items():
        if page.lines:
            yield ListLines(list=record, fate=fate, number=page.number, lines=page.lines)
