"""The pre-flight's box on the page of an event, in a browser: green, red, and not made yet."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events import preflight
from events.models import Preflight
from outbox import health
from outbox.models import Heartbeat
from tests.browser import DESK, PHONE, faults, sign_in
from tests.factories import arm_rules, make_event, make_registration, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def event(portal):
    from events.event_type import seed_rules

    seed_rules()
    arm_rules()
    start = timezone.now() + timedelta(hours=1)
    event = make_event(starts_at=start, moderator=make_user(), with_offer=False)
    make_registration(event)
    for part in Heartbeat.Part:
        health.show_life(part, timezone.now())
    return event


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize(
    ("room", "word"), [("https://room.example.org", "ready"), ("", "Not ready")]
)
def test_the_box_can_be_read_by_everybody(open_browser, event, size, scheme, room, word, tmp_path):
    event.room_url = room
    event.save(update_fields=["room_url"])
    preflight.make(event, Preflight.Occasion.ASKED, timezone.now())
    page = open_browser(size, scheme, "en")
    sign_in(page, event.moderator)

    page.goto(f"/events/{event.pk}/")
    page.click("#preflight summary")

    expect(page.locator("#preflight .state").first).to_contain_text(word)
    page.locator("#preflight").screenshot(path=tmp_path / "preflight.png")
    assert faults(page) == []


def test_the_button_checks_and_comes_back_to_the_box(open_browser, event):
    page = open_browser(DESK, "light", "en")
    sign_in(page, event.moderator)
    page.goto(f"/events/{event.pk}/")

    page.click("#preflight form button")

    page.wait_for_url("**/#preflight")
    expect(page.locator("#preflight .state").first).to_contain_text("All ready")
    assert Preflight.objects.count() == 1
