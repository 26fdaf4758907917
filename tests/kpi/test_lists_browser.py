"""Importing and typing in as people do it: both languages, a desk and a phone, keys alone."""

from datetime import date, datetime
from pathlib import Path

import pytest

from accounts.models import Role
from goals.models import Series
from kpi.models import Channel, ListImport, Measurement
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_user
from tests.kpi.listed import book

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = [
    ("Datums", "Kanāls", "Sekotāju skaits", "Dalīšanās", "Kopā"),
    (datetime(2026, 1, 1), "Facebook", 8404, 47, 1),
    ("31.02.2026.", "Instagram", "3 112", "n/a", 2),
    (datetime(2026, 1, 2), "TikTok", -5, 12, 3),
    ("Kopā", None, 5, 6, 7),
]


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_a_list_is_imported_from_upload_to_result(open_browser, tmp_path, language, size):
    path: Path = tmp_path / "kpi-2026.xlsx"
    path.write_bytes(book(*ROWS).getvalue())
    page = open_browser(size, language=language)
    sign_in(page, make_user(role=Role.SPECIALIST, language=language))

    page.goto("/kpi/lists/")
    assert faults(page) == []
    page.set_input_files("[name=file]", path)
    press(page, "main .btn-primary")
    assert faults(page) == []

    page.select_option("[name=series_1]", "new:flow")
    page.select_option("[name=place_1]", "new")
    press(page, "main .btn-primary")
    assert faults(page) == []
    press(page, ".tabs li:nth-child(2) a")
    assert faults(page) == []

    press(page, "main .btn-primary")
    assert faults(page) == []
    assert ListImport.objects.get().state == ListImport.State.DONE
    assert Measurement.objects.count() == 4


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_figures_are_typed_in_by_keys_alone(open_browser, language, size):
    facebook = Channel.objects.get(key="facebook")
    page = open_browser(size, language=language)
    sign_in(page, make_user(role=Role.SPECIALIST, language=language))
    page.goto(f"/kpi/grid/?channel={facebook.pk}&day=2026-01-05")
    assert faults(page) == []

    page.focus(".grid-cell")
    for key in ("1", "Enter", "2", "ArrowRight", "3", "ArrowUp", "4"):
        page.keyboard.press(key)
    press(page, ".form-actions .btn-primary")
    assert faults(page) == []

    first, second = Series.objects.filter(key__in=["followers", "video_views"]).order_by("position")
    monday, tuesday = date(2026, 1, 5), date(2026, 1, 6)
    assert {(each.series_id, each.day, int(each.value)) for each in Measurement.objects.all()} == {
        (first.pk, monday, 1),
        (first.pk, tuesday, 2),
        (second.pk, tuesday, 3),
        (second.pk, monday, 4),
    }

    page.fill(".grid-cell", "daudz")
    press(page, ".form-actions .btn-primary")
    assert page.locator(".grid-cell.is-invalid").count() == 1
    assert faults(page) == []


def test_cells_of_a_spreadsheet_are_pasted_into_the_grid(open_browser):
    page = open_browser()
    sign_in(page, make_user(role=Role.SPECIALIST))
    page.goto("/kpi/grid/?day=2026-01-05")

    page.focus(".grid-cell")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "1\\t2\\r\\n3\\t4\\r\\n");
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
            );
        }"""
    )

    rows = page.locator(".grid-table tbody tr")
    assert [
        [rows.nth(row).locator(".grid-cell").nth(column).input_value() for column in (0, 1)]
        for row in (0, 1)
    ] == [["1", "2"], ["3", "4"]]
