"""Read every table of a list: what stands in which row, on which channel, for which day or month.

Nothing here touches the database: what titles mean is asked of a `Vocabulary`. Rows come one by
one; kept of them are their figures.
"""

from typing import BinaryIO

from django.utils.translation import gettext

from files import list_files
from files.list_files import ListError, Table
from kpi.lists.channel_titles import name_channels
from kpi.lists.found import Found
from kpi.lists.hints import Hints
from kpi.lists.numbers import is_figure_like
from kpi.lists.sheets import Progress, SheetReader
from kpi.lists.vocabulary import Vocabulary


def read(
    file: BinaryIO, vocabulary: Vocabulary, hints: Hints, progress: Progress | None = None
) -> Found:
    """Read all tables of a file; raises ListError where there is none."""
    with list_files.opened(file, as_shown=True) as tables:
        found = _read_tables(tables, vocabulary, hints, progress)
    if found.has_channels_in_titles:
        name_channels(found, vocabulary)
    if not found.sheets or not _may_hold_figures(found):
        raise ListError(
            gettext(
                "No table of figures was found. It needs a row of titles with days or months:"
                " “Datums, Kanāls, Sekotāju skaits” or “Rādītājs, janv., febr., marts”."
            )
        )
    return found


def _may_hold_figures(found: Found) -> bool:
    """Tell a list of figures from one that only has dates, as a list of people may."""
    if found.needs_year or found.needs_order or found.problems or not found.entries:
        return True
    return any(is_figure_like(entry.cell) for entry in found.entries)


def _read_tables(
    tables: list[Table], vocabulary: Vocabulary, hints: Hints, progress: Progress | None
) -> Found:
    """Read every sheet, or the one way of cutting a text file that gives most figures."""
    if tables[0].name:
        found = Found()
        for table in tables:
            if table.name not in hints.left_out:
                SheetReader(table, found, vocabulary, hints).read(progress)
        _tell_of_others(found, [t.name for t in tables if t.name not in hints.left_out])
        return found
    cut = []
    for table in tables:
        found = Found()
        SheetReader(table, found, vocabulary, hints).read(progress)
        if found.entries or found.problems:
            return found
        cut.append(found)
    return max(cut, key=lambda each: len(each.sheets))


def _tell_of_others(found: Found, names: list[str]) -> None:
    others = [name for name in names if name not in found.sheets]
    if found.sheets and others:
        sentence = gettext("No table of figures was found in: %(sheets)s.")
        found.notices.append(sentence % {"sheets": ", ".join(f"“{name}”" for name in others)})
