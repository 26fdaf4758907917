"""An open day's preparation and its funnel in a browser, after it took place."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.models import Registration
from opendays.models import LeadCount
from plans.local_time import local_day
from plans.models import Channel
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_event, make_offer, make_registration, make_user
from tests.plans.making import make_activity, make_channel, make_intake
from tests.webinars.making import make_banner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNKNOWN = {"lv": "nav zināms", "en": "not known"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def event(live_server):
    start = timezone.now() - timedelta(hours=3)
    activity = make_activity(make_intake(), kind="open_day", starts_at=start)
    make_channel(activity.intake, kind=Channel.Kind.HOME_PAGE, name="Home page")
    days = {"first_day": local_day(start), "last_day": local_day(start) + timedelta(days=3)}
    event = make_event(
        starts_at=start,
        activity=activity,
        offer=make_offer(**days, url=live_server.url + "/robots.txt"),
    )
    make_banner(event)
    for number in range(8):
        registration = make_registration(event)
        came, opened = "present" if number < 5 else "", timezone.now() if number < 2 else None
        Registration.objects.filter(pk=registration.pk).update(
            attendance=came, offer_opened_at=opened
        )
    return event


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_open_day_from_its_concept_to_the_leads(open_browser, event, language, size, tmp_path):
    page = open_browser(size, "light", language)
    sign_in(page, make_user(language=language))

    page.goto(f"/open-days/events/{event.pk}/")
    expect(page.locator("#funnel tbody tr").last).to_contain_text(UNKNOWN[language])
    press(page, "#concept a[href$='/concept/']")
    page.fill("[name=concept]", "Atnāc un paskaties")
    assert faults(page) == []
    press(page, "main form button.btn-primary")
    press(page, "#publication a[href$='/publications/new/']")
    page.select_option("[name=channel]", label="Home page")
    page.fill("[name=url]", "https://college.example/open-day")
    press(page, "main form button.btn-primary")
    press(page, "#funnel a[href$='/leads/']")
    page.fill("[name=count]", "1")
    press(page, "main form button.btn-primary")

    expect(page.locator("#funnel tbody tr td.number:nth-child(2)")).to_have_text(
        ["8", "0", "5", "2", "1"]
    )
    assert LeadCount.objects.get().count == 1
    assert faults(page) == []
    page.screenshot(path=tmp_path / "board.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_personal_page_of_the_offer(open_browser, event, scheme, tmp_path):
    registration = event.registrations.last()
    page = open_browser(PHONE, scheme, "lv")

    page.goto(f"/o/{registration.token}")
    page.screenshot(path=tmp_path / "offer.png", full_page=True)
    assert faults(page) == []
    press(page, "main form button")

    assert page.url == event.offer.url
    registration.refresh_from_db()
    assert registration.offer_opened_at is not None
