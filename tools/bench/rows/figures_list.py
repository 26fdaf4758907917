"""A list of 50,000 rows of figures: read, shown and imported, beside openpyxl's mere reading."""

from datetime import datetime, timedelta
from io import BytesIO

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Role, User
from kpi.lists import importing, mapping, reading
from kpi.lists.found import Found
from kpi.lists.hints import Hints
from kpi.lists.mapping import Choices
from kpi.models import Measurement
from tools.bench.figures import Figure, Size, seconds, side_by_side

NAME = "kpi.xlsx"
TITLES = ("Datums", "Kanāls", "Sekotāju skaits", "Video skatījumi", "Reakcijas", "Komentāri")
CHANNELS = ("Facebook", "Instagram", "Mājaslapa", "Citi", *(f"Kanāls {n}" for n in range(6)))
FIGURES_A_ROW = 4
MOST = 3.0
"""So many times as long as openpyxl needs merely to read it."""


def measure(size: Size) -> list[Figure]:
    rows = size.choose(50_000, 5_000)
    content = _write_list(rows)
    by = User.objects.create(email="lists@example.com", full_name="L", role=Role.SPECIALIST)
    read, bare = side_by_side(lambda: _read(content), lambda: _go_through_cells(content), rounds=3)
    imported = seconds(lambda: _import(content, by))
    if Measurement.objects.count() != rows * FIGURES_A_ROW:
        raise RuntimeError(f"{Measurement.objects.count()} figures of {rows} rows were written.")
    again = seconds(lambda: _import(content, by))
    return [
        Figure(f"read {rows:,} rows of figures; floor: openpyxl", "s", read, floor=bare),
        _figure(f"import {rows:,} rows of figures; floor: openpyxl reads", imported, bare),
        _figure(f"the same {rows:,} rows again; floor: openpyxl reads", again, bare),
    ]


def _figure(work: str, ours: float, bare: float) -> Figure:
    return Figure(work, "s", ours, f"< {MOST:g} × floor", ours < MOST * bare, floor=bare)


def _read(content: bytes) -> tuple[Found, Choices]:
    words = mapping.vocabulary()
    found = reading.read(BytesIO(content), words, Hints(NAME))
    return found, mapping.without_questions(mapping.suggest(found, words), make=True)


def _import(content: bytes, by: User) -> None:
    now = timezone.now()
    file = importing.receive(SimpleUploadedFile(NAME, content), by=by, language="lv", now=now).file
    found, choices = _read(content)
    importing.import_found(found, choices, file=file, by=by, now=now)


def _go_through_cells(content: bytes) -> None:
    workbook = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    for _ in workbook.worksheets[0].iter_rows(values_only=True):
        pass
    workbook.close()


def _write_list(rows: int) -> bytes:
    """Write days and channels as the college does: some dates are text, each cell is a figure."""
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Dienas dati")
    sheet.append(TITLES)
    first = datetime(2012, 1, 1)  # noqa: DTZ001 - spreadsheets know no time zones
    for number in range(rows):
        day = first + timedelta(days=number // len(CHANNELS))
        date = f"{day:%d.%m.%Y}." if number % 7 == 0 else day
        channel = CHANNELS[number % len(CHANNELS)]
        sheet.append([date, channel, 8000 + number % 977, number % 500, number % 91, number % 30])
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()
