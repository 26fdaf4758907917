"""The pre-flight: what it looks at, when, what it says to whom, and where it is seen."""

from datetime import timedelta

import pytest
import time_machine
from django.core.mail.backends import locmem
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Role
from events import preflight
from events.models import Event, Preflight, ReminderText
from events.preflight_checks import look
from outbox import health, pause
from outbox.models import ChannelState, Heartbeat, Message
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_offer,
    make_registration,
    make_user,
    riga,
)

pytestmark = pytest.mark.django_db

HOUR_BEFORE = START - timedelta(hours=1)
MORNING = riga(2026, 3, 11, 8)


@pytest.fixture(autouse=True)
def rules():
    arm_rules()


@pytest.fixture
def event():
    event = make_event(moderator=make_user(), offer=make_offer())
    make_registration(event)
    return event


def alive(now):
    for part in Heartbeat.Part:
        health.show_life(part, now)


def red(event, now=HOUR_BEFORE):
    with override("en"):
        return {str(each.name): str(each.sentence) for each in look(event, now) if not each.ok}


def letters():
    rows = Message.objects.exclude(user=None).order_by("pk")
    return [(row.address, row.subject) for row in rows]


def made():
    return list(Preflight.objects.order_by("pk").values_list("occasion", "about_at"))


def test_an_event_with_everything_in_place_is_ready(event, portal):
    alive(HOUR_BEFORE)

    with override("en"):
        found = {str(each.name): str(each.sentence) for each in look(event, HOUR_BEFORE)}

    assert red(event) == {}
    assert found["Recipients"] == ("1 person is registered. Due at 17:45: e-mails 1, SMS 1.")
    assert found["SMS by Bitrix24"] == "It answers, and takes our account."
    assert found["Time needed"] == "2 messages take about 1 s; there are 60 s."
    assert found["Clock and Bitrix24"].startswith("The clocks are ")


def test_a_silent_worker_and_beat_are_red(event, portal):
    assert set(red(event)) == {"Worker", "Scheduler"}


def test_all_sending_stopped_is_red(event, portal):
    alive(HOUR_BEFORE)
    pause.pause("A wrong price.", by_id=None, at=HOUR_BEFORE)

    assert red(event) == {"Sending": "All sending is stopped: A wrong price."}


def test_reminders_switched_off_are_red(event, portal):
    alive(HOUR_BEFORE)
    event.reminders_stopped_at = HOUR_BEFORE

    assert set(red(event)) == {"Reminders of this event"}


def test_a_portal_that_does_not_answer_is_red(event, portal, settings):
    alive(HOUR_BEFORE)
    settings.BITRIX24_WEBHOOK_URL = "http://localhost:1/rest/1/secret/"

    found = red(event)

    assert set(found) == {"SMS by Bitrix24", "E-mail by Bitrix24"}
    assert found["SMS by Bitrix24"].startswith("Bitrix24 does not answer: no connection")


def test_bitrix24_not_connected_is_red(event, sent, settings):
    alive(HOUR_BEFORE)
    settings.MESSAGE_CHANNELS = {"bitrix24_sms": "outbox.channels.bitrix24_sms.Bitrix24SmsChannel"}
    settings.EMAIL_CHANNEL = settings.SMS_CHANNEL = settings.OFFER_EMAIL_CHANNEL = "bitrix24_sms"

    assert red(event) == {
        "SMS by Bitrix24": "Bitrix24 is not connected: BITRIX24_WEBHOOK_URL is empty."
    }


def test_a_refused_webhook_is_red(event, portal, settings):
    alive(HOUR_BEFORE)
    settings.BITRIX24_WEBHOOK_URL = portal.webhook_url.replace("sandbox-secret", "wrong")

    assert red(event)["E-mail by Bitrix24"].startswith("Bitrix24 refuses our webhook")


def test_a_channel_that_waits_for_a_person_is_red(event, portal):
    alive(HOUR_BEFORE)
    ChannelState.objects.create(channel="bitrix24_sms", needs_a_person=True, problem="No money.")

    assert red(event) == {"SMS by Bitrix24": "No money."}


def test_sms_without_a_template_are_red(event, portal, settings):
    alive(HOUR_BEFORE)
    settings.BITRIX24_SMS_TEMPLATE_ID = 0

    assert set(red(event)) == {"SMS by Bitrix24"}


class LockedBackend(locmem.EmailBackend):
    def open(self):
        from smtplib import SMTPAuthenticationError

        raise SMTPAuthenticationError(535, b"5.7.8 no")


class AwayBackend(locmem.EmailBackend):
    def open(self):
        raise ConnectionRefusedError


@pytest.mark.parametrize(
    ("backend", "sentence"),
    [
        ("LockedBackend", "The mail server refuses our name or password (535)."),
        ("AwayBackend", "The mail server cannot be reached (ConnectionRefusedError)."),
    ],
)
def test_a_mail_server_that_does_not_let_us_in_is_red(event, portal, settings, backend, sentence):
    alive(HOUR_BEFORE)
    settings.EMAIL_CHANNEL = "smtp"
    settings.EMAIL_BACKEND = f"{__name__}.{backend}"

    assert red(event) == {"E-mail by the mail server (SMTP)": sentence}


def test_a_missing_room_is_red(event, portal):
    alive(HOUR_BEFORE)
    event.room_url = ""

    assert red(event) == {"Room": "There is no link to the room: nobody can join."}


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://127.0.0.1:1/", {}),
        ("mailto:room@example.org", {"Room": "The link is no address that a browser can open."}),
    ],
)
def test_the_room_is_opened_where_the_server_may(event, portal, settings, url, found):
    alive(HOUR_BEFORE)
    settings.CHECK_ROOM_LINK = True
    event.room_url = url

    assert red(event) == found


def test_a_text_that_cannot_be_filled_in_is_red_with_the_number_of_people(event, portal):
    alive(HOUR_BEFORE)
    make_registration(event)
    text = ReminderText.objects.filter(rule__key="before_15", rule__event_type="open_day")
    text.update(email_body="{presenter} waits: {join_link}")

    assert red(event) == {
        "Texts": "“We begin in 15 minutes” cannot be filled in for 2 people. "
        "The field {presenter} is empty."
    }


def test_a_rule_that_will_not_fire_any_more_is_not_looked_at(event, portal):
    now = START + timedelta(minutes=6)
    alive(now)
    ReminderText.objects.filter(rule__key="before_15").update(email_body="{presenter}")

    assert red(event, now) == {}


def test_an_event_without_its_offer_is_red_and_its_text_is_not(portal):
    event = make_event()
    make_registration(event)
    alive(HOUR_BEFORE)

    assert red(event) == {"Offer": "No offer holds on that day: nothing would be advertised."}


@pytest.mark.parametrize("kind", ["webinar", "open_day"])
def test_an_event_that_advertises_nothing_needs_no_offer(portal, kind):
    event = make_event(kind=kind, with_offer=False)
    make_registration(event)
    alive(HOUR_BEFORE)

    assert red(event) == {}


def test_people_without_a_contact_are_red_where_bitrix24_sends(event, portal):
    alive(HOUR_BEFORE)
    make_registration(event, person={"bitrix24_contact_id": None})

    assert red(event) == {
        "Contacts": "1 person is not matched to a Bitrix24 contact, and gets nothing before."
    }


def test_more_than_fits_into_a_minute_is_red(event, portal, settings):
    alive(HOUR_BEFORE)
    settings.BITRIX24_BURST, settings.BITRIX24_DRAIN_PER_SECOND = 1, 0.01
    for _number in range(10):
        make_registration(event)

    assert set(red(event)) == {"Time needed"}


def test_it_is_made_in_the_morning_and_an_hour_before_once_each(event, portal):
    moments = [
        MORNING - timedelta(minutes=1),
        MORNING,
        MORNING + timedelta(minutes=1),
        HOUR_BEFORE - timedelta(minutes=1),
        HOUR_BEFORE,
        HOUR_BEFORE + timedelta(minutes=1),
        START,
    ]

    assert [preflight.make_due(now) for now in moments] == [0, 1, 0, 0, 1, 0, 0]
    assert made() == [("morning", START), ("hour_before", START)]


def test_the_moderator_is_told_that_all_is_ready(event, portal):
    alive(HOUR_BEFORE)

    preflight.make_due(HOUR_BEFORE)

    assert letters() == [(event.moderator.email, "All ready: Atvērto durvju diena, 18:00")]
    assert Message.objects.get().channel == "smtp"


def test_the_moderator_gets_the_red_list_with_what_to_do(event, portal):
    Event.objects.update(room_url="")
    alive(HOUR_BEFORE)

    preflight.make_due(HOUR_BEFORE)

    [letter] = Message.objects.all()
    assert letter.subject == "1 thing is not ready: Atvērto durvju diena, 18:00"
    assert "Room: There is no link to the room: nobody can join." in letter.body
    assert "Put the link in under “Edit”." in letter.body
    assert f"https://smm.example.org/events/{event.pk}/" in letter.body


def test_a_late_worker_makes_up_for_it(event, portal):
    assert preflight.make_due(START - timedelta(minutes=5)) == 1
    assert made() == [("hour_before", START)]


def test_a_moved_event_is_looked_at_again(event, portal):
    preflight.make_due(HOUR_BEFORE)
    Event.objects.update(starts_at=START + timedelta(minutes=30))

    preflight.make_due(HOUR_BEFORE + timedelta(minutes=30))

    assert made() == [("hour_before", START), ("hour_before", START + timedelta(minutes=30))]
    assert len(letters()) == 2


def test_a_cancelled_event_and_one_of_another_day_are_not_looked_at(portal):
    make_event(cancelled_at=MORNING, cancel_reason="Ill")
    make_event(starts_at=START + timedelta(days=1))

    assert preflight.make_due(HOUR_BEFORE) == 0


def test_an_event_soon_after_midnight_is_looked_at_an_hour_before(portal):
    make_event(starts_at=riga(2026, 3, 12, 0, 30))

    assert preflight.make_due(riga(2026, 3, 11, 23, 29)) == 0
    assert preflight.make_due(riga(2026, 3, 11, 23, 30)) == 1


def test_a_tick_with_nothing_near_is_one_query(django_assert_num_queries, portal):
    for days in range(2, 6):
        make_event(starts_at=START + timedelta(days=days))

    with django_assert_num_queries(1):
        preflight.make_due(HOUR_BEFORE)


def test_the_fault_of_one_event_is_not_the_others(event, portal):
    make_event(starts_at=START - timedelta(minutes=10), kind="no_such_kind")

    assert preflight.make_due(HOUR_BEFORE) == 1
    assert made() == [("hour_before", START)]


def test_what_was_found_is_kept_in_each_language(event, portal):
    Event.objects.update(room_url="")
    alive(HOUR_BEFORE)
    preflight.make_due(HOUR_BEFORE)
    found = Preflight.objects.get()

    with override("en"):
        english = [each["name"] for each in found.red()]
    with override("lv"):
        latvian = len(found.red())

    assert (english, latvian, set(found.results)) == (["Room"], 1, {"en", "lv"})


def page(client, event):
    return client.get(f"/events/{event.pk}/").content.decode()


def test_the_page_says_that_a_start_moved_so_near_has_not_been_checked(event, portal, client_for):
    with time_machine.travel(START - timedelta(minutes=20), tick=False):
        found = page(client_for(event.moderator), event)

    assert "Nothing has been checked for this start yet." in found


def test_the_page_says_when_it_will_be_checked(event, portal, client_for):
    with time_machine.travel(MORNING, tick=False):
        found = page(client_for(event.moderator), event)

    assert "checked by itself at 11 Mar 2026, 17:00" in found


@pytest.mark.parametrize(
    ("room_url", "words", "other"),
    [
        ("https://room.example.org/42", "All ready", "Not ready"),
        ("", "Put the link in under “Edit”.", "All ready"),
    ],
)
def test_the_page_shows_what_was_found(event, portal, client_for, room_url, words, other):
    Event.objects.update(room_url=room_url)
    alive(HOUR_BEFORE)
    preflight.make_due(HOUR_BEFORE)

    with time_machine.travel(HOUR_BEFORE, tick=False):
        found = page(client_for(event.moderator), event)

    assert words in found
    assert other not in found


def test_the_button_checks_now_and_writes_to_nobody(event, portal, client_for):
    now = timezone.now()
    Event.objects.update(starts_at=now + timedelta(hours=3), ends_at=now + timedelta(hours=4))
    alive(now)

    response = client_for(event.moderator).post(f"/events/{event.pk}/preflight/")

    assert response.url == reverse("events:event_detail", args=[event.pk]) + "#preflight"
    assert [occasion for occasion, _about in made()] == ["asked"]
    assert letters() == []


def test_an_earlier_start_is_not_shown_for_the_present_one(event, portal):
    preflight.make_due(HOUR_BEFORE)
    event.starts_at += timedelta(hours=1)

    assert preflight.box(event, HOUR_BEFORE).latest is None


def test_there_is_no_box_once_it_is_over(event):
    assert preflight.box(event, START + timedelta(hours=2)) is None


def test_the_moderator_may_ask_whatever_the_role(portal, client_for):
    director = make_user(role=Role.DIRECTOR)
    own, other = make_event(moderator=director), make_event()

    codes = [
        client_for(director).post(f"/events/{each.pk}/preflight/").status_code
        for each in (own, other)
    ]

    assert codes == [302, 403]


def test_what_would_be_too_long_if_the_event_moved_is_red_before_it_does(event, portal):
    alive(HOUR_BEFORE)
    Event.objects.filter(pk=event.pk).update(title="a" * 150)
    ReminderText.objects.exclude(rule__key="moved").update(sms_body="{join_link}")

    found = red(Event.objects.get(pk=event.pk))

    assert found.keys() == {"Texts"}
    assert found["Texts"].startswith("“New time” cannot be filled in for 1 person.")
    assert "Bitrix24 sends at most 200." in found["Texts"]
