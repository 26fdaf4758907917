"""A webinar in a browser: the board, the gate that refuses, signed and approved, published."""

import pytest
from playwright.sync_api import expect

from plans.models import Publication
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_user
from tests.webinars.making import PNG, channels_of, make_presenter, make_webinar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "lv": ("Reklamēt vēl nevar", "ievietots"),
    "en": ("No advertising yet", "placed"),
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "baneris.png"
    path.write_bytes(PNG)
    return path


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_from_an_empty_board_to_a_live_post(open_browser, language, size, picture, tmp_path):
    from work.seeding import seed_templates

    seed_templates()
    refusal, placed = WORDS[language]
    head = make_user(language=language)
    webinar = make_webinar(presenter=make_presenter(), topic="Nauda", moderator=head)
    board = f"/webinars/{webinar.event_id}/"
    page = open_browser(size, "light", language)
    sign_in(page, head)

    page.goto(board)
    assert faults(page) == []
    page.screenshot(path=tmp_path / "empty.png", full_page=True)

    press(page, "#publication a[href$='/publications/new/']")
    page.select_option("[name=channel]", str(channels_of(webinar)["facebook"].pk))
    page.fill("[name=url]", "https://facebook.example/1")
    press(page, "main form button.btn-primary")
    expect(page.locator("main .notice.is-bad")).to_contain_text(refusal)
    assert faults(page) == []
    assert Publication.objects.count() == 0

    page.goto(board + "edit/contract/")
    page.select_option("[name=contract_state]", "signed")
    page.fill("[name=contract_on]", "2026-01-20")
    press(page, "main form button.btn-primary")
    press(page, "#materials a[href$='/materials/new/']")
    page.fill("[name=title]", "Baneris")
    page.fill("[name=alt_text]", "Lektore pie ekrāna")
    page.set_input_files("[name=upload]", picture)
    assert faults(page) == []
    press(page, "main form button.btn-primary")
    press(page, "#materials form[action$='/approve/'] button")

    press(page, "#publication a[href$='/publications/new/']")
    page.select_option("[name=channel]", str(channels_of(webinar)["facebook"].pk))
    page.fill("[name=url]", "https://facebook.example/1")
    press(page, "main form button.btn-primary")

    expect(page.locator("#publication .state")).to_contain_text(placed)
    press(page, "#moderation [role=checkbox] >> nth=0")
    expect(page.locator("#moderation [aria-checked=true]")).to_have_count(1)
    page.screenshot(path=tmp_path / "placed.png", full_page=True)
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_parts_of_a_webinar_can_be_filled_in_by_everybody(open_browser, scheme):
    webinar = make_webinar(presenter=make_presenter())
    page = open_browser(PHONE, scheme, "lv")
    sign_in(page, make_user(language="lv"))

    found = {}
    for address in (
        f"/webinars/{webinar.event_id}/",
        f"/webinars/{webinar.event_id}/edit/topic/",
        f"/webinars/{webinar.event_id}/edit/pay/",
        f"/webinars/{webinar.event_id}/edit/moderation/",
        f"/webinars/presenters/{webinar.presenter_id}/edit/",
        "/webinars/presenters/",
    ):
        page.goto(address)
        found[address] = faults(page)

    assert [address for address, wrong in found.items() if wrong] == []
