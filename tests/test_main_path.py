"""The main job as its people do it, in a browser, against the sandbox portal.

The marketing head plans an open day and imports an Excel list; reminders go out through Bitrix24's
REST; a participant joins by the personal link; who is missing gets an SMS, and afterwards those who
consented get the week's price. The moments are given, the rest is real: pages, plan, ledger,
channels, client and the portal at the far end of the wire.
"""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from events import contacts, reminders
from events.models import Event, Offer
from events.quiet_hours import after_quiet_hours
from outbox import delivery
from smmprocess.demo.list_file import write_list
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import arm_rules, make_offer, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Rudens atvērto durvju diena"


@pytest.fixture
def at_work(settings, portal, live_server, tmp_path):
    """Connect everything that takes part, with an offer for this week and rules long in force."""
    settings.SITE_URL = live_server.url
    settings.EMAIL_CHANNEL = "bitrix24_email"
    now = timezone.localtime(timezone.now())
    arm_rules(now - timedelta(days=30))
    make_offer(first_day=now.date() - timedelta(days=3), last_day=now.date() + timedelta(days=3))
    write_list(tmp_path / "dalibnieki.xlsx", count=20)
    return portal


def tick(moment):
    """Do what beat and a worker do at one moment."""
    while contacts.match_due(moment):
        pass
    reminders.queue_due(moment)
    for channel in ("bitrix24_sms", "bitrix24_email"):
        while delivery.send_due(channel, lambda: moment):
            pass


def kinds(portal):
    return Counter(message.kind for message in portal.sent)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_from_an_excel_list_to_the_offer(open_browser, at_work, tmp_path, size, language):
    portal, found = at_work, {}
    page = open_browser(size, "light", language)
    sign_in(page, make_user(language=language))
    starts_at = (timezone.localtime() + timedelta(minutes=20)).replace(second=0, microsecond=0)

    # The open day is planned.
    page.goto("/events/new/open_day/")
    page.fill("[name=title]", TITLE)
    page.fill("[name=starts_at]", f"{starts_at:%Y-%m-%dT%H:%M}")
    page.fill("[name=room_url]", f"{portal.url}/sandbox/health")
    found["event form"] = faults(page)
    page.click("main form .btn-primary")
    page.wait_for_url(re.compile(r"/events/\d+/$"))
    event = Event.objects.get()
    found["event without people"] = faults(page)

    # The list is imported: what it would do is shown first.
    page.goto(f"/events/{event.pk}/import/")
    page.set_input_files("[name=file]", tmp_path / "dalibnieki.xlsx")
    page.click("main form .btn-primary")
    page.wait_for_url(re.compile(r"/import/\d+/$"))
    before = event.registrations.count()
    found["import preview"] = faults(page)
    press(page, "main form .btn-primary")
    registered = event.registrations.count()
    found["import result"] = faults(page)

    # Fifteen minutes before.
    page.goto(f"/events/{event.pk}/messages/")
    found["who gets what"] = faults(page)
    tick(starts_at - timedelta(minutes=15))
    reminded = kinds(portal)
    page.goto(f"/events/{event.pk}/")
    found["event after the reminders"] = faults(page)

    # A participant joins by the link in the SMS.
    sms = next(message for message in portal.sent if message.kind == "sms")
    guest = open_browser(PHONE, "light", language)
    guest.goto(re.search(r"https?://\S+/j/\w+", sms.text).group())
    found["join page"] = faults(guest)
    guest.click("main .btn-primary")
    guest.wait_for_url(f"{portal.url}/sandbox/health")
    joined = event.registrations.joined().count()

    # The moderator lets people in. Ten minutes after the start, and half an hour after the end.
    page.goto(f"/events/{event.pk}/")
    press(page, f"form[action='/events/{event.pk}/room/'] button")
    moment = starts_at + timedelta(minutes=10)
    event.registrations.joined().update(last_joined_at=starts_at)  # the guest reconnects
    tick(moment)
    after_start = kinds(portal)
    tick(after_quiet_hours(Event.objects.get().ends_at + timedelta(minutes=30)))
    after_end = kinds(portal)
    page.goto("/outbox/")
    found["outbox"] = faults(page)
    page.goto("/participants/")
    found["participants"] = faults(page)

    assert found == {name: [] for name in found}
    assert (before, joined) == (0, 1)
    assert registered == 19
    reachable = event.registrations.exclude(participant__phone="")
    consented = event.registrations.exclude(participant__offers_by_email_at=None)
    by_email = consented.exclude(participant__email="")
    assert reminded["sms"] == reachable.count()
    assert after_start["sms"] == reachable.count() * 2 - 1
    assert after_end["email"] - reminded["email"] == by_email.count() > 0
    assert portal.portal.doubles() == set()
    assert Offer.objects.get().events.get() == event
