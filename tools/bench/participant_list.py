"""Reading a list of 10,000 participants, against going through the same cells with openpyxl."""

import tempfile
from io import BytesIO
from pathlib import Path

import openpyxl

from events import participant_list
from tools.bench.figures import Figure, compare

ROWS = 10_000
FIRST_NAMES = ("Anna", "Jānis", "Līga", "Pēteris", "Ilze", "Mārtiņš", "Kristīne", "Edgars")
PHONES = ("+371 2{:07}", "2{:07}", "003712{:07}", "(+371) 2{:07}")


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="smmprocess-bench-") as directory:
        path = Path(directory) / "participants.xlsx"
        _write_list(path)
        content = path.read_bytes()
    return [
        compare(
            f"read a list of {ROWS:,} participants",
            lambda: _read(content),
            "openpyxl, cells only",
            lambda: _go_through_cells(content),
            rounds=3,
        )
    ]


def _read(content: bytes) -> None:
    found = participant_list.read(BytesIO(content), filename="participants.xlsx")
    if len(found.rows) != ROWS:
        raise RuntimeError(f"{len(found.rows)} of {ROWS} rows were read.")


def _go_through_cells(content: bytes) -> None:
    workbook = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    rows = 0
    for _ in workbook.worksheets[0].iter_rows(values_only=True):
        rows += 1
    workbook.close()
    if rows != ROWS + 1:
        raise RuntimeError(f"{rows} rows were found.")


def _write_list(path: Path) -> None:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Dalībnieki")
    sheet.append(["Vārds", "Uzvārds", "Telefons", "E-pasts"])
    for number in range(ROWS):
        first_name = FIRST_NAMES[number % len(FIRST_NAMES)]
        phone = PHONES[number % len(PHONES)].format(number)
        sheet.append([first_name, f"Ozols{number}", phone, f"person{number}@example.com"])
    workbook.save(path)
