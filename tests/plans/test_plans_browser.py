"""From an intake to its approved plans in a browser: two languages, at a desk and on a phone."""

from datetime import date

import pytest

from accounts.models import Role
from goals.models import Series
from plans.models import Activity, Intake, Wording
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_goal, make_indicator, make_user, make_year, riga
from tests.plans.making import (
    make_activity,
    make_audience,
    make_channel,
    make_intake,
    make_message,
    make_publication,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def save(page):
    press(page, "main form button.btn-primary")


def follow(page, path):
    press(page, f"main a[href$='{path}'] >> nth=0")


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_an_intake_is_drawn_up_and_approved(open_browser, language, size):
    head, director = (
        make_user(role=role, language=language) for role in (Role.MARKETING_HEAD, Role.DIRECTOR)
    )
    leads = Series.objects.get(key="new_leads")
    make_indicator(make_goal(make_year(2026)), target=900, series=leads)
    page = open_browser(size, language=language)
    sign_in(page, head)

    page.goto("/plans/")
    follow(page, "/plans/new/")
    page.select_option("[name=season]", "spring")
    page.fill("[name=year]", "2026")
    page.fill("[name=begins_on]", "2026-01-12")
    page.fill("[name=ends_on]", "2026-06-30")
    save(page)
    assert faults(page) == []
    intake = Intake.objects.get()

    follow(page, "/targets/")
    page.fill("[name^=target_]", "400")
    save(page)
    assert "500" in page.inner_text("main")

    page.goto(f"/plans/{intake.pk}/communication/")
    follow(page, "/communication/edit/")
    page.fill("[name=aims]", "Vairāk līdu")
    save(page)

    page.goto(f"/plans/{intake.pk}/audiences/")
    follow(page, "/audiences/new/")
    page.fill("[name=name]", "Skolēni")
    page.fill("[name=how_we_know]", "Aptauja")
    assert faults(page) == []
    save(page)
    assert faults(page) == []

    page.goto(f"/plans/{intake.pk}/channels/new/")
    page.select_option("[name=kind]", "facebook")
    page.fill("[name=name]", "Facebook")
    save(page)
    assert faults(page) == []

    page.goto(f"/plans/{intake.pk}/messages/new/")
    page.fill("[name=text]", "Studē, strādājot")
    save(page)
    assert faults(page) == []

    # The empty cell is a link: the keyboard gets there, and straight into its field.
    page.focus("a.grid-empty")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.fill("textarea[name^=text_]", "Lekcijas vakaros")
    assert faults(page) == []
    save(page)
    assert page.locator(".grid-empty").count() == 0
    assert Wording.objects.get().text == "Lekcijas vakaros"

    page.goto(f"/plans/{intake.pk}/activities/")
    follow(page, "/activities/new/")
    page.select_option("[name=kind]", "guest_lecture")
    page.fill("[name=title]", "Mākslīgais intelekts")
    page.fill("[name=starts_at]", "2026-03-11T18:00")
    page.fill("[name=ends_at]", "2026-03-11T19:30")
    page.check("[name=goals] >> nth=0")
    assert faults(page) == []
    save(page)
    assert faults(page) == []

    for part in ("communication", "activities"):
        page.goto(f"/plans/{intake.pk}/{part}/")
        press(page, "form[action$='/submit/'] button")
    sign_out(page)
    sign_in(page, director)
    for part in ("communication", "activities"):
        page.goto(f"/plans/{intake.pk}/{part}/")
        press(page, "form[action$='/approve/'] button")
        assert faults(page) == []
    intake.refresh_from_db()
    assert intake.communication_plan.document.is_approved
    assert intake.activity_plan.document.is_approved


def sign_out(page):
    page.context.clear_cookies()


@pytest.fixture
def planned():
    """Plan an intake with something of everything that its pages show."""
    intake = make_intake()
    facebook, pupils = make_channel(intake, name="Facebook"), make_audience(intake, name="Skolēni")
    make_channel(intake, name="Instagram", access_expires_on=date(2026, 1, 1))
    make_message(intake, text="Studē, strādājot")
    first = make_activity(
        intake, title="Vebinārs", presenter="Anna", channels=[facebook], audiences=[pupils]
    )
    make_activity(intake, title="Lekcija", presenter="Anna", kind="guest_lecture")
    make_activity(
        intake,
        title="Atvērto durvju diena",
        kind="open_day",
        starts_at=riga(2026, 3, 4, 18),
        last_on=date(2026, 5, 27),
    )
    make_activity(intake, title="Ierosinājums", state="proposed")
    make_publication(first, facebook, planned_at=riga(2026, 3, 2, 12))
    return intake


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_page_of_a_plan_is_without_fault(open_browser, planned, language, size):
    activity = planned.activities.get(title="Vebinārs")
    page = open_browser(size, language=language)
    sign_in(page, make_user(language=language))

    found = {}
    for path in (
        "/plans/",
        f"/plans/{planned.pk}/",
        f"/plans/{planned.pk}/channels/",
        f"/plans/{planned.pk}/roll-forward/",
        f"/plans/{planned.pk}/communication/",
        f"/plans/{planned.pk}/activities/",
        f"/plans/{planned.pk}/activities/month/?month=2026-03",
        f"/plans/{planned.pk}/activities/week/?week=2026-03-11",
        f"/plans/{planned.pk}/activities/warnings/",
        f"/plans/{planned.pk}/activities/versions/",
        f"/plans/{planned.pk}/activities/import/",
        f"/plans/activities/{activity.pk}/",
        f"/plans/activities/{activity.pk}/edit/",
        f"/plans/activities/{activity.pk}/move/?on=2026-05-04",
        f"/plans/activities/{activity.pk}/cancel/",
        f"/plans/advertisements/{activity.publications.get().pk}/publish/",
    ):
        page.goto(path)
        if wrong := faults(page):
            found[path] = wrong
    assert found == {}


def test_an_activity_is_dragged_to_another_day_and_asked_about_first(open_browser, planned):
    page = open_browser((1366, 1400), language="lv")
    sign_in(page, make_user(language="lv"))
    page.goto(f"/plans/{planned.pk}/activities/month/?month=2026-03")
    activity = planned.activities.get(title="Lekcija")

    with page.expect_navigation():
        drag(page, f"[data-move-url$='/{activity.pk}/move/']", "[data-day='2026-03-18']")
    assert page.input_value("[name=starts_at]") == "2026-03-18T18:00"
    assert Activity.objects.get(pk=activity.pk).starts_at == riga(2026, 3, 11, 18)

    save(page)
    assert Activity.objects.get(pk=activity.pk).starts_at == riga(2026, 3, 18, 18)


def drag(page, what, where):
    """Drag like a hand: in small steps, which is what makes a browser begin a drag at all."""
    start, end = (page.locator(each).bounding_box() for each in (what, where))
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 20, start["y"] + 20, steps=4)
    page.mouse.move(end["x"] + 20, end["y"] + 60, steps=8)
    page.mouse.up()
