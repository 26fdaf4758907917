"""A rehearsal walked through in a browser, in both languages, wide and on a phone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from outbox.models import Message
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import arm_rules, make_event, make_registration, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "begin": "Rehearse this evening",
        "held": "is held",
        "released": "The moderator releases what is held",
        "wrong": "would go wrong on the evening",
        "sent": "went to the team",
    },
    "lv": {
        "begin": "Izmēģināt šo vakaru",
        "held": "aizturēta",
        "released": "Moderators atlaiž aizturēto",
        "wrong": "Vakarā neizdotos",
        "sent": "komandai, dalībniekiem – neviena",
    },
}


@pytest.fixture
def event():
    from events.event_type import seed_rules

    seed_rules()
    arm_rules()
    start = (timezone.now() + timedelta(hours=4)).replace(second=0, microsecond=0)
    event = make_event(starts_at=start, room_url="", with_offer=False)
    make_registration(event)
    return event


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("language", ["en", "lv"])
def test_an_evening_is_rehearsed(open_browser, event, size, language, scripts):
    user, words = make_user(language=language), WORDS[language]
    page = open_browser(size, "light", language, java_script_enabled=scripts)
    sign_in(page, user)

    page.goto(f"/events/{event.pk}/")
    press(page, f"text={words['begin']}")
    page.check("[name=nobody_joins]")
    press(page, "form.card .btn-primary")
    for moment in range(3):
        page.click("#play-next")
        expect(page.locator("article")).to_have_count(moment + 1)
    page.fill(
        "[name=to]", f"{timezone.localtime(event.starts_at + timedelta(minutes=11)):%Y-%m-%dT%H:%M}"
    )
    page.click("#play-jump")
    expect(page.locator("#held-title")).to_contain_text(words["held"])
    page.click("#act-release")
    expect(page.locator("article").first).to_contain_text(words["released"])
    page.select_option("#id_register_who", "new")
    page.click("#act-register")
    expect(page.locator("article").first).to_contain_text("Dace Eglīte")
    first_words = page.locator("article").first.locator("details")
    first_words.first.locator("summary").click()
    first_words.last.locator("summary").click()
    press(page, "article:first-of-type form .btn")
    expect(page.locator("main")).to_contain_text(words["sent"])
    page.click("#play-end")
    expect(page.locator("#verdict")).to_contain_text(words["wrong"])

    assert {to for letter in mail.outbox for to in letter.to} == {user.email}
    assert Message.objects.count() == 0
    if scripts:
        assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_each_page_can_be_read_by_everybody(open_browser, event, size, scheme):
    page = open_browser(size, scheme, "en")
    sign_in(page, make_user())

    page.goto(f"/events/{event.pk}/")
    press(page, "text=Rehearse this evening")
    created = faults(page)
    press(page, "form.card .btn-primary")
    begun = faults(page)
    page.click("#play-next")
    expect(page.locator("article")).to_have_count(1)

    assert (created, begun, faults(page)) == ([], [], [])


def test_the_keyboard_goes_from_moment_to_moment(open_browser, event):
    page = open_browser(DESK, "light", "en")
    sign_in(page, make_user())
    page.goto(f"/events/{event.pk}/rehearsals/new/")
    press(page, "form.card .btn-primary")

    page.focus("#play-next")
    for moment in range(3):
        expect(page.locator("#play-next")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("article")).to_have_count(moment + 1)

    assert page.evaluate("document.activeElement.id") == "play-next"
