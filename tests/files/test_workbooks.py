"""A list is read as a person sees it: results instead of formulas, per cent instead of shares."""

import io
import zipfile

import openpyxl
import pytest
from django.utils.translation import override

from files.list_files import ListError, Uncalculated, opened
from files.tables import Merged


def saved(workbook):
    file = io.BytesIO()
    workbook.save(file)
    return file


def first_rows(file):
    with opened(file, as_shown=True) as tables:
        return [row[:2] for row in tables[0].rows(2)]


def with_result(file, result):
    """Put a result beside the one formula, as Excel does."""
    output = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</f><v />", b"</f>" + result)
                content = content.replace(b"</f><v></v>", b"</f>" + result)
                assert result in content
            new.writestr(name, content)
    return output


def book(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    return workbook


def test_a_formula_gives_the_result_that_is_in_the_file():
    file = with_result(saved(book((2, "=A1*2"))), b"<v>4</v>")

    assert first_rows(file) == [(2, 4)]


def test_a_formula_that_nobody_calculated_is_told_from_an_empty_cell():
    assert first_rows(saved(book((2, "=A1*2"), (3, None)))) == [
        (2, Uncalculated("=A1*2")),
        (3, None),
    ]


def test_a_share_is_read_as_the_per_cent_a_person_sees():
    workbook = book((0.034, 0.034))
    workbook.active["A1"].number_format = "0.0%"

    assert first_rows(saved(workbook)) == [("3.400%", 0.034)]


def test_merged_cells_are_told_with_the_sheet_they_are_in():
    workbook = book(("Datums", "Reakcijas"))
    second = workbook.create_sheet("Otrā")
    second.append(("Facebook",))
    second.merge_cells("A1:C1")
    second.merge_cells("B3:B12")

    with opened(saved(workbook), as_shown=True) as tables:
        assert [(table.name, table.merged) for table in tables] == [
            ("Sheet", ()),
            ("Otrā", (Merged(1, 1, 0, 2), Merged(3, 12, 1, 1))),
        ]


def test_far_too_many_merged_cells_are_refused(monkeypatch):
    monkeypatch.setattr("files.workbooks.MOST_MERGED", 1)
    workbook = book((1, 2))
    workbook.active.merge_cells("A1:B1")
    workbook.active.merge_cells("A2:B2")

    with (
        override("en"),
        pytest.raises(ListError, match="merged cells"),
        opened(saved(workbook), as_shown=True),
    ):
        pass
