"""Lists of figures for tests, and a vocabulary that needs no database."""

import io

import openpyxl

from kpi.lists import reading
from kpi.lists.hints import Hints
from kpi.lists.spellings import SPELLINGS
from kpi.lists.vocabulary import Named, Vocabulary

SERIES = list(SPELLINGS)


def vocabulary():
    return Vocabulary(
        [Named(pk, [key, *SPELLINGS[key].split("|")]) for pk, key in enumerate(SERIES, start=1)],
        [
            Named(1, ["Facebook", "FB", "Feisbuks"]),
            Named(2, ["Instagram", "IG", "Insta"]),
            Named(3, ["Mājaslapa", "Website"]),
            Named(4, ["LinkedIn"]),
        ],
    )


def book(*rows, **sheets):
    """Build a workbook: rows for one sheet, or several sheets by their names."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, of_sheet in (sheets or {"Dati": rows}).items():
        sheet = workbook.create_sheet(name.replace("_", " "))
        for row in of_sheet:
            sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file


def merged_book(rows, *ranges):
    """Build a workbook of one sheet in which some cells are merged."""
    workbook = openpyxl.load_workbook(book(*rows))
    for each in ranges:
        workbook.active.merge_cells(each)
    file = io.BytesIO()
    workbook.save(file)
    return file


def csv_file(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


def read(file, **hints):
    return reading.read(file, vocabulary(), Hints(**hints))


def figures(found):
    """Give what was found as people would say it: row, indicator, channel, day or month, cell."""
    known = vocabulary()
    said = []
    for entry in found.entries:
        heading = found.headings[entry.heading]
        meaning = known.read(heading)
        channel = known.channel_names[meaning.channel] if meaning.channel else ""
        if not channel and entry.channel >= 0:
            channel = found.channels[entry.channel]
        when = f"{entry.day:%Y-%m-%d}" if entry.span == "day" else f"{entry.day:%Y-%m}"
        series = SERIES[meaning.series - 1] if meaning.series else heading
        said.append((entry.row, series, channel, when, entry.cell))
    return said


def refused(found):
    return [(problem.row, problem.reason) for problem in found.problems]
