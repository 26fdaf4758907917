"""Rules, words and offers as a browser shows them, with scripts and without."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Offer, ReminderRule, ReminderText
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_event, make_offer, make_registration, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def rule():
    return ReminderRule.objects.get(event_type="open_day", key="before_15")


def editor(language="en"):
    return reverse("events:text_update", args=[rule().pk, language, "all"])


def make_open_day():
    event = make_event(starts_at=timezone.now() + timedelta(minutes=10), offer=make_offer())
    make_registration(event, registered_at=timezone.now() - timedelta(days=1))
    return event


@pytest.mark.parametrize(
    ("size", "scheme", "language"), [(DESK, "light", "lv"), (PHONE, "dark", "en")]
)
def test_pages_are_accessible_and_fit(open_browser, size, scheme, language):
    event = make_open_day()
    page = open_browser(size, scheme, language)
    sign_in(page, make_user(language=language))
    found = {}

    for name, args in [
        ("rule_list", []),
        ("rule_detail", [rule().pk]),
        ("rule_update", [rule().pk]),
        ("rule_create", ["webinar"]),
        ("rule_check", [rule().pk]),
        ("offer_list", []),
        ("offer_create", []),
        ("offer_detail", [event.offer.pk]),
        ("offer_update", [event.offer.pk]),
    ]:
        page.goto(reverse(f"events:{name}", args=args))
        found[name] = faults(page)
    page.goto(reverse("events:rule_update", args=[rule().pk]))
    page.fill("[name=offset_minutes]", "-20")
    press(page, "main form .btn-primary")
    found["what saving will do"] = faults(page)
    page.goto(editor())
    page.fill("[name=sms_body]", "{wrong}")
    press(page, "button[value=save]")
    found["words with errors"] = faults(page)

    assert found == {name: [] for name in found}
    assert page.locator(".field-errors li").count() == 2


def test_parts_are_counted_while_one_types_and_a_field_comes_where_the_cursor_is(open_browser):
    make_open_day()
    kept = ReminderText.objects.get(rule=rule(), language="en").sms_body
    page = open_browser()
    sign_in(page, make_user())
    page.goto(editor())

    page.fill("[name=sms_body]", "a" * 130 + " ")
    page.click("button:has-text('{join_link}')")
    page.wait_for_selector("#preview :text('2 parts, 1')")
    page.fill("[name=sms_body]", "Now: {join_link}")
    page.wait_for_selector("#preview :text('1 part, ')")

    assert page.locator("[name=sms_body]").input_value() == "Now: {join_link}"
    assert page.complaints == []
    assert ReminderText.objects.get(rule=rule(), language="en").sms_body == kept


def test_another_event_brings_its_own_people(open_browser):
    make_open_day()
    other = make_event(title_en="Second day", starts_at=timezone.now() + timedelta(days=2))
    make_registration(other, person={"first_name": "Zane"})
    page = open_browser()
    sign_in(page, make_user())
    page.goto(editor())

    page.select_option("[name=event]", str(other.pk))

    page.wait_for_selector("#preview :text('Good day, Zane!')")
    assert "Zane" in page.locator("[name=registration] option").inner_text()


def test_words_are_previewed_and_saved_and_an_offer_made_without_scripts(open_browser):
    make_open_day()
    page = open_browser(PHONE, java_script_enabled=False)
    sign_in(page, make_user())

    page.goto(editor())
    page.fill("[name=sms_body]", "Come: {join_link}")
    press(page, "button[value=preview]")
    assert "1 part, " in page.locator("#preview").inner_text()
    press(page, "button[value=save]")
    page.goto(reverse("events:offer_create"))
    page.fill("[name=title]", "Vasaras cena")
    page.fill("[name=first_day]", "2026-07-01")
    press(page, "button[name=more]")
    for name, value in (("programme", "Law"), ("price", "100"), ("special_price", "80")):
        page.fill(f"[name=lines-4-{name}]", value)
        page.fill(f"[name=lines-0-{name}]", value)
    press(page, "main form .btn-primary")

    assert ReminderText.objects.get(rule=rule(), language="en").sms_body == "Come: {join_link}"
    assert Offer.objects.get(title="Vasaras cena").lines.count() == 2
