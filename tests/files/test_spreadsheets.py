import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.utils.translation import gettext_lazy

from files.spreadsheets import safe_cell, write_xlsx

FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.mark.parametrize(
    "text",
    [FORMULA, "+37120033441", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1"],
)
def test_text_that_would_be_a_formula_gets_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


def test_a_translated_text_is_made_harmless_too():
    assert safe_cell(gettext_lazy("=1+1")) == "'=1+1"


@pytest.mark.parametrize(
    "value", ["Ķērija", "O'Konora", "a=b", "", None, True, -5, 1.5, date(2026, 3, 12)]
)
def test_other_values_stay_as_they_are(value):
    assert safe_cell(value) == value


def read_back(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_a_workbook_keeps_text_as_text_and_numbers_as_numbers():
    sheet = read_back(
        write_xlsx(["Vārds", "=1+1"], iter([[FORMULA, -5], ["+37120033441", True], ["Anna", None]]))
    )

    cells = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
    assert cells == [
        [("Vārds", "s"), ("=1+1", "s")],
        [(FORMULA, "s"), (-5, "n")],
        [("+37120033441", "s"), (True, "b")],
        [("Anna", "s"), (None, "n")],
    ]


def test_text_like_a_formula_stays_text_when_it_is_edited():
    sheet = read_back(write_xlsx(["Name"], [[FORMULA], ["Anna"]]))

    assert [bool(sheet[cell].quotePrefix) for cell in ("A2", "A3")] == [True, False]


def test_a_workbook_has_a_bold_header_that_stays_in_view():
    sheet = read_back(write_xlsx(["Vārds", "E-pasts"], [], title="Saraksts: 12/03 [jauns]"))

    assert sheet.title == "Saraksts  12 03  jauns "
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"


def test_a_moment_is_written_as_people_in_riga_read_it():
    starts_at = datetime(2026, 3, 12, 16, 0, tzinfo=ZoneInfo("UTC"))

    assert read_back(write_xlsx(["Start"], [[starts_at]]))["A2"].value == datetime(2026, 3, 12, 18)


def test_characters_that_a_workbook_cannot_hold_are_left_out():
    assert read_back(write_xlsx(["Name"], [["An\x00na\x1b"]]))["A2"].value == "Anna"
