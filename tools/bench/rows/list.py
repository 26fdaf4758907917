"""A list of 10,000 participants: reading and importing it, beside openpyxl's mere reading."""

from io import BytesIO

import openpyxl
from django.utils import timezone

from events import participant_import, participant_list
from events.participant_import import Wishes
from tools.bench import crowd
from tools.bench.figures import Figure, Size, seconds, side_by_side

FIRST_NAMES = ("Anna", "Jānis", "Līga", "Pēteris", "Ilze", "Mārtiņš", "Kristīne", "Edgars")
PHONES = ("+371 2{:07}", "2{:07}", "003712{:07}", "(+371) 2{:07}")
NAME = "participants.xlsx"
MORE_SECONDS = 5.0


def measure(size: Size) -> list[Figure]:
    rows = size.choose(10_000, 2_000)
    content = _write_list(rows)
    read, bare = side_by_side(
        lambda: _read(content, rows), lambda: _go_through_cells(content), rounds=3
    )
    imported = seconds(lambda: _import(content, rows))
    most = 2 * bare + MORE_SECONDS
    return [
        Figure(f"read a list of {rows:,}; floor: openpyxl", "s", read, floor=bare),
        Figure(
            f"import a list of {rows:,}; floor: openpyxl reads",
            "s",
            imported,
            f"≤ 2 × floor + {MORE_SECONDS:g} s",
            imported <= most,
            floor=bare,
        ),
    ]


def _read(content: bytes, rows: int) -> None:
    found = participant_list.read(BytesIO(content), filename=NAME)
    if len(found.rows) != rows:
        raise RuntimeError(f"{len(found.rows)} of {rows} rows were read.")


def _import(content: bytes, rows: int) -> None:
    event = crowd.make_event([])
    found = participant_list.read(BytesIO(content), filename=NAME)
    origin = participant_import.list_origin(NAME)
    participant_import.import_list(event, found, origin, Wishes(), timezone.now())
    if event.registrations.count() != rows:
        raise RuntimeError(f"{event.registrations.count()} of {rows} were registered.")


def _go_through_cells(content: bytes) -> None:
    workbook = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    for _ in workbook.worksheets[0].iter_rows(values_only=True):
        pass
    workbook.close()


def _write_list(rows: int) -> bytes:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Dalībnieki")
    sheet.append(["Vārds", "Uzvārds", "Telefons", "E-pasts"])
    for number in range(rows):
        first_name = FIRST_NAMES[number % len(FIRST_NAMES)]
        phone = PHONES[number % len(PHONES)].format(number)
        sheet.append([first_name, f"Ozols{number}", phone, f"person{number}@example.com"])
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()
