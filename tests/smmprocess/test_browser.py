"""The frame, the home page and user administration as a browser shows them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_event, make_goal, make_task, make_unit, make_user, make_year
from tests.plans.making import make_activity, make_channel, make_intake

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_pages_are_accessible_and_fit(open_browser, size, scheme, language):
    user = make_user(is_administrator=True, language=language, full_name="Anna Ozoliņa")
    make_user(unit=make_unit(name="Starptautisko studiju un sadarbības nodaļa"), is_active=False)
    page = open_browser(size, scheme, language)
    found = {}

    page.goto("/accounts/login/")
    found["login"] = faults(page)
    sign_in(page, user)
    found["home"] = faults(page)
    page.goto("/accounts/users/")
    found["user list"] = faults(page)
    page.goto("/accounts/users/new/")
    page.fill("[name=phone]", "12")
    press(page, "main form .btn-primary")
    found["user form with errors"] = faults(page)

    assert found == {name: [] for name in found}
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator(".field-errors").count() == 4


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_home_page_with_a_process_under_way_is_accessible_and_fits(
    open_browser, size, language
):
    user = make_user(language=language)
    now = timezone.now()
    today = timezone.localdate()
    intake = make_intake(
        by=user, year=today.year, begins_on=today, ends_on=today + timedelta(days=120)
    )
    make_goal(make_year(today.year))
    make_channel(intake, name="Facebook", access_expires_on=today)
    make_activity(intake, title="Priekšlikums", state="proposed")
    make_task(assignee=user, due_on=today - timedelta(days=1))
    for kind in ("webinar", "open_day"):
        make_event(kind=kind, starts_at=now + timedelta(days=5), room_url="")
    page = open_browser(size, language=language)

    sign_in(page, user)

    assert faults(page) == []
    assert page.locator(".step .state.is-bad").count() >= 4
    assert page.locator(".needs .card").count() == 7


def test_axe_is_really_looking(open_browser):
    page = open_browser()
    page.goto("/accounts/login/")

    page.evaluate("document.querySelector('label').remove()")

    assert [fault[0] for fault in faults(page)] == ["label"]


def test_the_phones_menu_colours_and_language_work_without_scripts(open_browser):
    user = make_user(is_administrator=True, language="lv")
    page = open_browser(PHONE, java_script_enabled=False)
    sign_in(page, user)

    page.click(".topbar-menu summary")
    press(page, ".topbar-panel a[href='/accounts/users/']")
    press(page, ".theme-switch button[value=dark]")
    press(page, "button[name=language][value=en]")

    html = page.locator("html")
    assert page.url.endswith("/accounts/users/")
    assert (html.get_attribute("lang"), html.get_attribute("data-bs-theme")) == ("en", "dark")


def test_colours_follow_the_machine_until_somebody_chooses(open_browser):
    page = open_browser(scheme="dark")
    page.goto("/accounts/login/")
    by_itself = page.locator("html").get_attribute("data-bs-theme")

    page.click(".theme-switch button[value=light]")
    at_once = page.locator("html").get_attribute("data-bs-theme")
    page.reload()

    assert (by_itself, at_once) == ("dark", "light")
    assert page.locator("html").get_attribute("data-bs-theme") == "light"
    assert "theme" in {cookie["name"] for cookie in page.context.cookies()}


def test_escape_closes_the_users_menu_and_gives_the_focus_back(open_browser):
    page = open_browser()
    sign_in(page, make_user())
    page.click(".drop summary")
    assert page.locator(".drop-panel").is_visible()

    page.keyboard.press("Escape")

    assert not page.locator(".drop-panel").is_visible()
    assert page.evaluate("document.activeElement.matches('.drop summary')")


def test_the_first_tab_leads_to_the_content(open_browser):
    page = open_browser()
    sign_in(page, make_user())

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_the_type_and_the_icons_are_served_by_us(open_browser, live_server):
    page = open_browser()
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/accounts/login/")
    page.wait_for_load_state("networkidle")

    elsewhere = [url for url in asked if not url.startswith((live_server.url, "data:"))]
    assert elsewhere == []
    assert any(url.endswith(".woff2") for url in asked)
    assert any("icons.svg" in url for url in asked)
