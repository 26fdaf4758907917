"""Features a reminder system is measured by, where nothing else in the suite names them.

Tried elsewhere: minutes from start and end, moved and cancelled events, late registration,
windows, uniqueness, leases, unknown outcomes, repeats, the breaker, tests to oneself, new rules,
copies and clock changes (test_reminders.py, test_failure_modes.py); links, scanners, evidence,
Zoom, reports, minutes and the health of the feed (test_attendance.py); the doctor
(tests/smmprocess/test_doctor.py); no network at all (test_without_network.py); the sandbox and
the limiter that all processes share (tests/integrations/bitrix24).
"""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings as project_settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from events import attendance, changes, reminders
from events.models import Event, ReminderRule
from outbox import health, pause
from outbox.models import Heartbeat, Message, Reason, Status
from tests.acceptance.evening import (
    DUE,
    MINUTE,
    everybody,
    register,
    send,
    states,
    tick,
    ticks,
    went,
)
from tests.factories import START, make_event, make_offer, make_registration, make_user

SECOND = timedelta(seconds=1)


def page(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def url(name, *args):
    return reverse(f"events:{name}", args=args)


@pytest.fixture
def head(client_for):
    return client_for(make_user())


def test_unsent_messages_are_listed_with_the_reason_for_each_person(portal, head, time_machine):
    """Skipped is a result: who has no phone is a row like the others, and stays one for ever."""
    event = make_event()
    register(portal, event)
    make_registration(event, person={"first_name": "Juris", "last_name": "Bērziņš", "phone": ""})
    ticks(-15)
    time_machine.move_to(START, tick=False)

    rule = ReminderRule.objects.get(event_type="open_day", key="before_15")
    listed = page(
        head.get(url("event_messages", event.pk), {"rule": rule.pk, "outcome": "skipped"})
    )

    assert "Juris Bērziņš" in listed
    assert "no phone number" in listed


def test_the_preview_before_anything_is_due_says_who_gets_what_and_who_not(head, time_machine):
    time_machine.move_to(START - timedelta(days=1), tick=False)
    event = make_event()
    make_registration(event, person={"first_name": "Līga", "last_name": "Kalniņa"})
    make_registration(event, person={"first_name": "Juris", "last_name": "Bērziņš", "phone": ""})

    shown = page(head.get(url("event_detail", event.pk)))
    rule = ReminderRule.objects.get(event_type="open_day", key="before_15")
    named = page(head.get(url("event_messages", event.pk), {"rule": rule.pk, "outcome": "skipped"}))

    assert "2 e-mails planned" in shown
    assert "1 SMS skipped: no phone number" in shown
    assert ("Juris Bērziņš" in named, "Līga Kalniņa" in named) == (True, False)


def test_one_press_stops_one_event_and_another_stops_everything(portal, head, time_machine):
    stopped, other = make_event(), make_event()
    register(portal, stopped)
    [goes] = register(portal, other)
    time_machine.move_to(DUE - MINUTE, tick=False)

    head.post(url("event_stop", stopped.pk), {"reason": "The room is flooded."})
    tick(DUE)
    only_the_other = went(portal)
    head.post("/outbox/stop/", {"reason": "Wrong texts."})
    [late] = register(portal, other, registered_at=DUE + SECOND)
    reminders.wake(other.pk, DUE + SECOND)
    tick(DUE + MINUTE)
    paused = (pause.is_paused(), went(portal))
    head.post("/outbox/resume/")
    tick(DUE + 2 * MINUTE)

    assert only_the_other == everybody([goes])
    assert paused == (True, only_the_other)
    assert went(portal) == everybody([goes, late])


def test_the_schedule_is_in_our_database_and_providers_are_only_told_send_now(portal):
    """Nothing is at the provider or in the broker before a message is due."""
    register(portal, make_event(), 3)

    tick(DUE - SECOND)
    asked = portal.portal.statistics.requests
    rows = Message.objects.count()
    tick(DUE)

    assert (asked, rows) == (0, 0)
    assert went(portal).total() == 6
    options = [entry["options"] for entry in project_settings.CELERY_BEAT_SCHEDULE.values()]
    assert all("eta" not in each and "countdown" not in each for each in options)


def test_nobody_gets_more_than_two_offers_in_seven_days_but_every_reminder(portal):
    offer = make_offer()
    agreed = {"offers_by_email_at": START - timedelta(days=9)}
    first = make_event(offer=offer)
    [anna] = register(portal, first, person=agreed)
    events = [first] + [make_event(starts_at=START + timedelta(days=day)) for day in (1, 2)]
    for event in events[1:]:
        make_registration(event, participant=anna.participant)

    for event in events:
        tick(event.starts_at - 15 * MINUTE)
        tick(event.ends_at + 30 * MINUTE)

    assert states("offer") == {
        ("email", Status.HANDED_OVER, ""): 2,
        ("email", Status.SKIPPED, Reason.TOO_MANY): 1,
    }
    assert states("before_15")[("email", Status.HANDED_OVER, "")] == 3


def test_a_silent_worker_is_seen_on_every_page_at_an_address_for_monitors_and_by_containers(head):
    """And told by e-mail: tests/smmprocess/test_watch.py."""
    lamp, monitor = page(head.get("/")), head.get("/healthz")
    for part in Heartbeat.Part:
        health.show_life(part, timezone.now())
    alive = head.get("/healthz")
    call_command("check_heartbeat", "worker")

    assert "The worker is silent: nothing is sent." in lamp
    assert (monitor.status_code, monitor.json()["status"]) == (503, "failing")
    assert (alive.status_code, alive.json()["status"]) == (200, "ok")


def test_punctuality_is_published_for_each_event_with_the_middle_and_the_worst(
    portal, head, time_machine
):
    event = make_event()
    register(portal, event, 3)
    reminders.queue_due(DUE)
    first = Message.objects.filter(medium="email").first()
    Message.objects.exclude(pk=first.pk).update(not_before=DUE + 4 * SECOND)
    send(DUE + SECOND)
    send(DUE + 4 * SECOND)
    time_machine.move_to(START, tick=False)

    shown = page(head.get(url("event_detail", event.pk)))

    assert "3 e-mails handed over (median 4 s, last 4 s after due)" in shown


@pytest.mark.parametrize(("price", "shown"), [("0.05", True), ("0", False)])
def test_parts_and_price_of_an_sms_are_shown_while_it_is_written(
    head, settings, time_machine, price, shown
):
    settings.SMS_PART_PRICE = Decimal(price)
    time_machine.move_to(START - timedelta(days=1), tick=False)
    event = make_event()
    for _ in range(3):
        make_registration(event)
    rule = ReminderRule.objects.get(event_type="open_day", key="before_15")
    words = {"do": "preview", "email_subject": "Soon", "email_body": "{join_link}"}

    typed = words | {"sms_body": "a" * 170 + " {join_link}"}
    editor = page(head.post(url("text_update", rule.pk, "en", "all"), typed))
    everybody_of_it = page(head.get(url("rule_check", rule.pk)))

    assert "2 parts" in editor
    assert ("0.10 €; for 3 people with a phone number at most 0.30 €" in editor) is shown
    assert ("Price of all" in everybody_of_it) is shown


def test_one_failed_message_does_not_silence_the_persons_next_one(portal):
    """A provider that has no room for one message says nothing about the person's address."""
    event = make_event()
    register(portal, event, is_confirmed=True, person={"phone": "+37167000000"})
    portal.portal.faults.add_spec(
        "error:method=crm.activity.add,code=ERROR_CORE,text=Full,status=400"
    )
    tick(START - timedelta(days=7))
    failed = states("confirmation")
    portal.portal.faults.clear()

    ticks(-15)

    assert failed == {("email", Status.FAILED, Reason.REFUSED): 1}
    assert states("before_15")[("email", Status.HANDED_OVER, "")] == 1


def test_a_host_who_tries_the_room_early_does_not_start_the_event(portal):
    """The room is open by the moderator's button, or by a sign from five minutes before on."""
    event = make_event()
    host, other = register(portal, event, 2)

    attendance.press_join(host, START - 6 * MINUTE)
    too_early = Event.objects.get().room_opened_at
    ticks(8, 10)
    held = states("begun_10")[("sms", Status.HELD, Reason.FEED_NOT_TRUSTED)]
    attendance.press_join(other, START + 11 * MINUTE)

    assert too_early is None
    assert held == 1
    assert Event.objects.get().room_opened_at == START + 11 * MINUTE


def test_whoever_was_reminded_gets_an_apology_when_the_event_is_cancelled(portal):
    [anna] = register(portal, event := make_event())
    ticks(-15)

    changes.cancel(event, "Ill.", by_id=make_user().pk, now=START - 14 * MINUTE)
    ticks(-14)

    letter = next(sent for sent in portal.sent if "Atvainojamies" in sent.text)
    assert letter.address == anna.participant.email


def test_a_personal_link_is_random_and_one_for_each_person_and_event():
    first, second = make_event(), make_event()
    anna = make_registration(first)
    tokens = {
        anna.token,
        make_registration(second, participant=anna.participant).token,
        *(make_registration(first).token for _ in range(50)),
    }

    assert len(tokens) == 52
    assert all(re.fullmatch(r"[A-Za-z0-9]{10}", token) for token in tokens)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SPECIALIST])
def test_who_only_looks_sees_the_plan_and_cannot_stop_it(client_for, role):
    event = make_event()
    client = client_for(make_user(role=role))

    assert client.get(url("event_detail", event.pk)).status_code == 200
    assert client.post("/outbox/stop/", {"reason": "No."}).status_code in (403, 404)
    assert not pause.is_paused()
