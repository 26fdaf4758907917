"""A long title makes SMS that Bitrix24 does not send: it is told while it can be shortened."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from events import sms_lengths
from events.models import Event, ReminderRule, ReminderText
from outbox.channels.bitrix24_sms import LONGEST
from tests.factories import START, arm_rules, make_event, make_user

pytestmark = pytest.mark.django_db

NOW = START - timedelta(days=7)
LONG = "Atvērto durvju diena ".ljust(150, "a")


@pytest.fixture(autouse=True)
def rules(settings):
    settings.SITE_URL = "https://notikumi.koledza.example.org"
    arm_rules()


def warnings(event, now=NOW):
    with override("en"):
        return sms_lengths.warnings(event, list(ReminderRule.objects.for_kind(event.kind)), now)


def test_every_sms_of_the_default_rules_begins_with_the_link():
    texts = ReminderText.objects.exclude(sms_body="").values_list("sms_body", flat=True)

    assert len(texts) > 10
    assert [text for text in texts if not text.startswith("{join_link} ")] == []


def test_a_title_of_110_characters_fits_into_every_sms_of_the_default_rules():
    assert warnings(make_event(title="a" * 110, title_en="a" * 110)) == []


def test_the_longest_sms_of_each_language_is_named_if_it_is_too_long():
    [latvian, english] = warnings(make_event(title=LONG, title_en=""))

    assert latvian.startswith("The SMS “New time” (LV) has 2")
    assert f"Bitrix24 sends at most {LONGEST}, so nobody would get it." in latvian
    assert english.startswith("The SMS “Event cancelled” (EN) has 2")


def test_a_long_title_in_english_is_told_of_by_itself():
    [english] = warnings(make_event(title="Diena", title_en=LONG))

    assert "(EN)" in english


def test_characters_are_counted_as_latvian_counts():
    events = [make_event(title="a" * length, title_en="Day") for length in range(142, 151)]
    rules = list(ReminderRule.objects.for_kind(events[0].kind))

    with override("lv"):
        said = [sms_lengths.warnings(event, rules, NOW)[0] for event in events]

    assert [sentence for sentence in said if " ir 231 rakstzīme, bet" in sentence] == said[:1]
    assert all("rakstzīmes, bet" in sentence for sentence in said[1:])


def test_only_rules_that_may_still_fire_and_write_sms_count():
    event = make_event(title=LONG, title_en="")
    before = warnings(event)
    moved = ReminderRule.objects.filter(key="moved")
    moved.update(by_sms=False)
    event.rules_off.set(ReminderRule.objects.filter(key="cancelled"))

    [latvian, _english] = warnings(event)

    assert len(before) == 2
    assert "“Join now” (LV)" in latvian
    assert warnings(event, event.starts_at + timedelta(minutes=26)) == []


def test_another_provider_of_sms_has_no_such_limit(settings):
    settings.SMS_CHANNEL = "messente_sms"

    assert warnings(make_event(title=LONG)) == []


def test_the_page_of_a_new_event_and_its_form_say_so(client_for):
    browser = client_for(make_user(language="en"))
    fields = {
        "title": LONG,
        "starts_at": "2126-03-12T18:00",
        "entry": "personal_link",
        "currency": "EUR",
        "revision": 1,
    }

    answer = browser.post(reverse("events:event_create", args=["open_day"]), fields)
    event = Event.objects.get(title=LONG)
    pages = [
        browser.get(reverse(name, args=[event.pk])).text
        for name in ("events:event_detail", "events:event_update")
    ]

    assert answer.status_code == 302
    assert all("The SMS “New time” (LV) has 2" in page for page in pages)
