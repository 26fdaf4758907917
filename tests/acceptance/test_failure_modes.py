"""Ways in which sending fails elsewhere, and what happens here: a test for each, named after it.

A worker that dies between send and save needs real processes: test_failure_modes_running.py.
Numbers in brackets are cases of test_reminders.py that try the same thing from another side.
"""

import json
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from events import attendance, contacts, preflight, registration, reminders
from events import tasks as event_tasks
from events.forms.rule import RuleForm
from events.models import Event, Registration, Rehearsal, ReminderRule
from events.move_impact import impact_of_move
from events.rehearsal.timeline import key_of
from integrations.messente.sandbox.reports import state_of
from outbox import (
    breaker,
    checks,
    decisions,
    delivery,
    delivery_reports,
    health,
    look_up,
    own_clock,
    pause,
    restored,
)
from outbox import tasks as outbox_tasks
from outbox.channels.messente_sms import MessenteSmsChannel
from outbox.models import ChannelState, Generation, Heartbeat, Message, Reason, Status
from outbox.this_worker import WORKER
from people.models import AddressBlock, Medium
from plans.local_time import local_moment
from smmprocess.watch import Watch
from tests.acceptance.evening import (
    DUE,
    EMAIL,
    MINUTE,
    SMS,
    cancel,
    everybody,
    fault,
    ledger,
    letters_to_staff,
    move,
    only,
    register,
    send,
    states,
    tick,
    ticks,
    went,
)
from tests.factories import START, make_event, make_message, make_registration, make_user, riga
from tests.outbox.test_concurrency import together
from tools.ports import free_port

HANDED_OVER, SKIPPED, EXPIRED = Status.HANDED_OVER, Status.SKIPPED, Status.EXPIRED
SECOND = timedelta(seconds=1)
MESSENTE = "messente_sms"
BOTH = {("sms", HANDED_OVER, ""): 1, ("email", HANDED_OVER, ""): 1}


def live(now):
    for part in Heartbeat.Part:
        health.show_life(part, now)


def page(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def own_memory(settings, tmp_path):
    """Remember how far the database has come in a place of this test's own."""
    settings.MEDIA_ROOT = tmp_path
    restored.forget()
    yield
    restored.forget()


# The machinery ----------------------------------------------------------------------------------


def test_worker_down_at_due_time_sends_what_is_of_use_oldest_first_and_lists_the_rest(portal):
    """(1, 2) Of three events in a row the first is past helping when the worker is back."""
    gone = make_event(starts_at=START - 30 * MINUTE, moderator=make_user())
    later = make_event(starts_at=START + 10 * MINUTE)
    sooner = make_event(starts_at=START)
    registered = {event: register(portal, event)[0] for event in (gone, later, sooner)}

    ticks(-4)

    assert [sent.address for sent in portal.sent if sent.kind == "sms"] == [
        registered[sooner].participant.phone,
        registered[later].participant.phone,
    ]
    lateness = {row.lateness for row in Message.objects.filter(status=HANDED_OVER, user=None)}
    assert lateness == {11 * MINUTE, MINUTE}
    assert {row[2:] for row in ledger(participant=registered[gone].participant)} == {
        (EXPIRED, Reason.TOO_LATE)
    }
    [(_, subject, body)] = letters_to_staff()
    assert "came too late" in subject
    assert "Sākam pēc 15 minūtēm, SMS: 1" in body


def test_worker_down_the_watch_outside_rings_before_the_event_needs_it(portal):
    head = make_user()
    make_event(title="Rudens atvērto durvju diena")
    live(DUE - 5 * MINUTE)
    watch = Watch()

    rang = [watch.look(DUE - 5 * MINUTE + seconds * SECOND) for seconds in range(0, 300, 10)]

    assert rang.index(True) * 10 == 100
    assert [address for address, _, _ in letters_to_staff()] == [head.email]
    assert "Rudens atvērto durvju diena" in letters_to_staff()[0][2]


@pytest.mark.parametrize(
    ("what", "settled_at"), [("execute-then-drop", 10), ("drop-before-execute", 90)]
)
def test_provider_time_out_is_unknown_found_soon_and_believed_absent_after_90_seconds(
    portal, what, settled_at
):
    """That it is there is true at once; that it is not, only after the provider's own limit."""
    [anna] = register(portal, make_event(), person={"phone": "+37167000000"})
    fault(portal, f"{what}:method=batch,count=1")
    reminders.queue_due(DUE)
    send(DUE)
    unclear, settled = only(anna, "email").status, []

    for seconds in (1, 10, 60, 89, 90):
        moment = DUE + seconds * SECOND
        if look_up.resolve_unclear(lambda moment=moment: moment):
            settled.append(seconds)
        send(moment)

    assert (unclear, settled) == (Status.UNKNOWN, [settled_at])
    assert only(anna, "email").status == HANDED_OVER
    assert went(portal) == everybody([anna], ["email"])


def test_provider_time_out_that_no_look_up_settles_is_for_a_person(portal, client_for):
    """(4, 5) Neither found nor surely absent: nothing is repeated, somebody decides."""
    register(portal, make_event(), person={"phone": "+37167000000"})
    fault(portal, "execute-then-drop:method=batch,count=1")
    ticks(-15)
    fault(portal, "error:method=crm.activity.list,code=ACCESS_DENIED,status=403")

    ticks(-14)
    too_early = Message.objects.for_a_person().count()
    ticks(-13, -12)

    [message] = Message.objects.for_a_person()
    assert too_early == 0
    assert (message.status, decisions.can_send_again(message, DUE)) == (Status.UNKNOWN, True)
    ticks(*range(-11, 10))
    assert went(portal).total() == 1
    shown = page(client_for(make_user()).get(f"/outbox/{message.pk}/"))
    assert "It went out" in shown
    assert "It did not: send it again" not in shown  # it is of no use any more


def test_provider_says_no_to_an_address_the_other_channel_still_goes_and_it_is_seen(
    portal, client_for
):
    """(14) The next message does not try that address again; a person can lift the block."""
    event = make_event()
    [anna] = register(portal, event, person={"email": "anna at example"}, is_confirmed=True)

    tick(START - timedelta(days=7))
    ticks(-15)

    assert states("confirmation") == {("email", Status.FAILED, Reason.BAD_ADDRESS): 1}
    assert states("before_15") == {
        ("sms", HANDED_OVER, ""): 1,
        ("email", SKIPPED, Reason.BLOCKED): 1,
    }
    assert AddressBlock.objects.get().medium == Medium.EMAIL
    shown = page(client_for(make_user()).get(f"/participants/{anna.participant_id}/"))
    assert "this address is blocked" in shown


def test_provider_down_for_all_pauses_alarms_probes_and_resumes(portal, settings):
    """(15) The lamp and an e-mail by the other route say so while it lasts, and not longer."""
    head = make_user()
    people = register(portal, make_event(), 3)
    settings.BITRIX24_WEBHOOK_URL = f"http://127.0.0.1:{free_port()}/rest/1/sandbox-secret/"
    reminders.queue_due(DUE)
    watch = Watch()
    for seconds in range(0, 40, 2):
        live(DUE + seconds * SECOND)
        send(DUE + seconds * SECOND)
        watch.look(DUE + seconds * SECOND)
    is_red = health.lamp(DUE + 38 * SECOND).problems
    told = letters_to_staff()
    settings.BITRIX24_WEBHOOK_URL = portal.webhook_url

    for seconds in range(40, 120, 2):
        live(DUE + seconds * SECOND)
        send(DUE + seconds * SECOND)

    assert sum("does not answer and rests" in problem for problem in is_red) == 2
    assert [address for address, _, _ in told] == [head.email]
    assert went(portal) == everybody(people)
    assert health.lamp(DUE + 120 * SECOND).problems == []


def test_provider_down_for_all_the_other_one_is_offered_and_takes_over_what_waits(
    portal, gateway, client_for, time_machine
):
    """Nobody gets it twice when the first is back; e-mail, which has no other way here, waits."""
    head, people = client_for(make_user()), register(portal, make_event(), 3)
    portal.portal.configure(webhook_secret="another")
    reminders.queue_due(DUE)
    send(DUE)
    time_machine.move_to(DUE + 10 * SECOND, tick=False)

    offered = page(head.get("/outbox/"))
    head.post(reverse("outbox:detour_begin", args=[SMS, MESSENTE]))
    send(DUE + 10 * SECOND)
    portal.portal.configure(webhook_secret="sandbox-secret")
    for channel in (SMS, EMAIL):
        breaker.reopen(channel)
    send(DUE + 20 * SECOND)

    assert "Send what waits by “SMS by Messente” instead" in offered
    assert Counter(("sms", sms.to) for sms in gateway.sent) == everybody(people, ["sms"])
    assert went(portal) == everybody(people, ["email"])


def told(sms, status):
    """Post a report as the gateway does, to the address that the message named."""
    sms.status = status
    path = sms.report_url.removeprefix("https://smm.example.org")
    answer = Client().post(path, json.dumps(state_of(sms)), "application/json")
    assert answer.status_code == 200


class HastyGateway(MessenteSmsChannel):
    """Its report is there, and looked at, before the worker has written down that it went."""

    reports_on = None

    def send(self, messages):
        for message, outcome in super().send(messages):
            told(self.reports_on.sent[-1], "DELIVRD")
            delivery_reports.take(DUE + SECOND)
            assert Message.objects.get(pk=message.pk).status == Status.CALLING
            yield message, outcome


def test_delivery_report_before_our_save_twice_and_late_only_moves_the_message_forward(
    gateway, settings, monkeypatch
):
    """Found by our own key; what arrived stays arrived, and is not sent again."""
    settings.SMS_CHANNEL = MESSENTE
    hasty = {MESSENTE: f"{__name__}.HastyGateway"}
    settings.MESSAGE_CHANNELS = settings.MESSAGE_CHANNELS | hasty
    monkeypatch.setattr(HastyGateway, "reports_on", gateway)
    anna = make_registration(make_event())
    reminders.queue_due(DUE)
    send(DUE)
    saved = only(anna, "sms").status

    delivery_reports.take(DUE + 2 * SECOND)
    arrived = only(anna, "sms")
    for status in ("DELIVRD", "ACK", "DELIVRD"):
        told(gateway.sent[0], status)
        delivery_reports.take(START + timedelta(days=1))
    send(DUE + MINUTE)

    assert (saved, arrived.status) == (HANDED_OVER, Status.DELIVERED)
    assert only(anna, "sms").delivered_at == arrived.delivered_at
    assert states("before_15")[("sms", Status.DELIVERED, "")] == 1
    assert len(gateway.sent) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_row_once_and_claim_it_once(portal):
    """(3) The database decides: a unique key for the row, a condition for the claim."""
    event = make_event()
    people = register(portal, event, 20)
    stale = [Event.objects.get() for _worker in range(2)]
    together(*(partial(reminders.look, each, DUE) for each in stale))
    written = states("before_15")
    claimed = []

    def work():
        while taken := delivery.claim(delivery.get_channel(EMAIL), DUE, 3).messages:
            claimed.extend(message.pk for message in taken)

    together(work, work)
    for _worker in range(2):
        send(DUE)

    assert written == {("sms", Status.PLANNED, ""): 20, ("email", Status.PLANNED, ""): 20}
    emails = Message.objects.filter(medium=Medium.EMAIL)
    assert Counter(claimed) == Counter(emails.values_list("pk", flat=True))
    assert set(emails.values_list("status", "attempts")) == {(Status.CALLING, 1)}
    assert went(portal) == everybody(people, kinds=("sms",))


# Changes of the event ---------------------------------------------------------------------------


def test_event_rescheduled_not_yet_reminded_nothing_of_the_old_time_survives_the_commit(portal):
    """(6) Its rows are written and due; who moves it takes them back in the same transaction."""
    event = make_event()
    [anna] = register(portal, event)
    reminders.queue_due(DUE)
    later = START + 60 * MINUTE

    move(event, later, DUE)
    at_the_commit = states("before_15")
    ticks(-15, -14, 44, 45)

    assert at_the_commit == {("sms", SKIPPED, Reason.MOVED): 1, ("email", SKIPPED, Reason.MOVED): 1}
    assert went(portal) == everybody([anna])
    assert {row.about_at for row in Message.objects.filter(status=HANDED_OVER)} == {later}


@pytest.mark.parametrize(("minutes", "times"), [(4, 1), (5, 3)])
def test_event_rescheduled_already_reminded_by_less_than_five_minutes_tells_nobody(
    portal, minutes, times
):
    """(6, 7) Five minutes and more: one notice with the new time, and the rules are armed again."""
    event = make_event()
    [anna] = register(portal, event)
    ticks(-15)

    move(event, START + minutes * MINUTE, START - 14 * MINUTE)
    ticks(-14, -11, -10, -9, 0)

    assert states("moved", status=HANDED_OVER).total() == (0 if minutes == 4 else 2)
    assert went(portal) == dict.fromkeys(everybody([anna]), times)


def test_moved_nearer_than_the_offset_says_before_saving_what_is_skipped_and_who_gets_the_link(
    portal, client_for, time_machine
):
    """The reminder of the day before is past; so near the start everybody gets the link at once."""
    far = START + timedelta(days=7)
    event = make_event(kind="webinar", starts_at=far)
    told, untold = register(
        portal, event, 2, registered_at=START - timedelta(days=7), is_confirmed=False
    )
    Registration.objects.filter(pk=told.pk).update(is_confirmed=True)
    tick(START - timedelta(days=6))
    confirmed = went(portal)
    now = START - 10 * MINUTE
    time_machine.move_to(now, tick=False)

    asked = page(
        client_for(make_user()).post(
            f"/events/{event.pk}/move/", {"starts_at": "2026-03-11T18:00", "ends_at": ""}
        )
    )
    unmoved = Event.objects.get().starts_at
    move(event, START, now)
    ticks(-10, -9)

    assert "1 person was told 18 Mar 2026, 18:00 and will get one message" in asked
    assert "would have been due already by the new time and are skipped." in asked
    assert "1 person gets the link at once." in asked
    assert unmoved == far
    assert states("tomorrow", participant=untold.participant) == {
        ("email", SKIPPED, Reason.PAST_BY_MOVE): 1
    }
    assert states("before_15", participant=untold.participant) == BOTH
    assert states("moved", participant=told.participant) == BOTH
    assert went(portal) - confirmed == everybody([told, untold])


def test_moved_nearer_with_nobody_told_does_not_say_that_nobody_is_written_to():
    event = make_event(starts_at=START + timedelta(days=7))
    make_registration(event)

    sentence = impact_of_move(event, START, START - 10 * MINUTE).sentence(event.starts_at, START)

    assert sentence == (
        "Nobody has been told the old time yet. 2 reminders move. 1 person gets the link at once."
    )


def test_moved_into_the_past_sends_no_reminder_that_is_past_its_use(portal):
    event = make_event()
    register(portal, event)

    move(event, START - 60 * MINUTE, START - 30 * MINUTE)
    ticks(-30, -29, -15, 0)

    assert went(portal) == {}
    assert {row[2] for row in ledger(key="before_15")} == {EXPIRED}


def test_event_cancelled_closes_the_rows_in_its_transaction_and_tells_all_registered_once(portal):
    """(8) Those who were reminded already, and those who were told nothing."""
    event = make_event()
    reminded = register(portal, event, 2)
    ticks(-15)
    [new] = register(portal, event, registered_at=START - 14 * MINUTE)
    reminders.queue_due(START - 14 * MINUTE)
    before = went(portal)

    cancel(event, START - 14 * MINUTE)
    waiting = Message.objects.planned().count()
    ticks(-14, -13, 0, 10)

    assert waiting == 0
    assert went(portal) - before == everybody([*reminded, new])
    assert states("join_now") == {
        (medium, SKIPPED, Reason.EVENT_CANCELLED): 1 for medium in ("sms", "email")
    }
    assert any("Atvainojamies" in sent.text for sent in portal.sent)


# Changes of a person ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "reminder", "join_now"),
    [
        ("skip", {("email", SKIPPED, Reason.REGISTERED_LATER): 1}, 0),
        ("send", {("email", HANDED_OVER, ""): 1}, 0),
        ("replace", {("email", SKIPPED, Reason.JOIN_NOW_INSTEAD): 1}, 0),
    ],
)
def test_participant_registers_after_due_time_gets_what_the_rule_says(
    portal, policy, reminder, join_now
):
    """(9) Each rule has its own policy; in the last 15 minutes "join now" goes in any case."""
    rules = ReminderRule.objects.filter(event_type="webinar", key="tomorrow")
    rules.update(late=policy, registered_before_minutes=0)
    event = make_event(kind="webinar")
    register(portal, event)
    tick(riga(2026, 3, 10, 10))
    moment = riga(2026, 3, 11, 9)
    [late] = register(portal, event, registered_at=moment)
    reminders.wake(event.pk, moment)

    tick(moment)
    reminders.reconcile(moment + MINUTE)

    assert states("tomorrow", participant=late.participant) == reminder
    assert states("join_now", participant=late.participant).total() == join_now


def test_participant_cancels_the_rows_are_closed_at_once_and_the_claim_asks_again(portal):
    """(10) One cancels by our page; of another only the registration says it, as after a race."""
    event = make_event()
    by_page, by_race, stays = register(portal, event, 3)
    reminders.queue_due(DUE)

    registration.cancel(by_page, DUE)
    closed = states("before_15", participant=by_page.participant)
    Registration.objects.filter(pk=by_race.pk).update(cancelled_at=DUE)
    send(DUE)

    gone = {
        (medium, SKIPPED, Reason.REGISTRATION_CANCELLED): 1 for medium in (Medium.SMS, Medium.EMAIL)
    }
    assert closed == gone
    assert states("before_15", participant=by_race.participant) == gone
    assert went(portal) == everybody([stays])


def test_participant_joins_between_selection_and_send_is_seen_by_the_claim(portal):
    """(11) The SMS "we have begun" is written for two; one comes in before it is handed over."""
    event = make_event()
    there, comes, missing = register(portal, event, 3)
    ticks(-15)
    attendance.press_join(there, START + MINUTE)
    before = went(portal)
    reminders.queue_due(START + 10 * MINUTE)
    planned = states("begun_10")

    attendance.press_join(comes, START + 10 * MINUTE)
    send(START + 10 * MINUTE + SECOND)

    assert planned[("sms", Status.PLANNED, "")] == 2
    assert went(portal) - before == everybody([missing], ["sms"])


def test_who_becomes_eligible_behind_the_cursor_gets_a_row_within_five_minutes(portal, settings):
    """There is no cursor. Rows that nobody announced are found by looking at the plan again."""
    event = make_event()
    register(portal, event, 2)
    ticks(-15)
    before = went(portal)
    [unannounced] = register(portal, event)
    ticks(-14)
    not_yet = went(portal)

    reminders.reconcile(START - 12 * MINUTE)
    send(START - 12 * MINUTE)

    assert not_yet == before
    assert went(portal) - before == everybody([unannounced])
    beat = settings.CELERY_BEAT_SCHEDULE["make-up-for-what-was-missed"]
    assert (beat["task"], beat["schedule"]) == ("events.tasks.reconcile_plans", 5 * MINUTE)


def test_address_corrected_after_planning_is_read_at_the_claim_and_kept_as_evidence(portal):
    event = make_event()
    [anna] = register(portal, event)
    reminders.queue_due(DUE)
    participant = anna.participant
    participant.email, participant.phone = "new@example.com", "+37129999999"
    participant.save()

    contacts.match_due(DUE)
    send(DUE)
    contacts.match_due(DUE + 5 * SECOND)
    send(DUE + 20 * SECOND)

    assert went(portal) == {("sms", "+37129999999"): 1, ("email", "new@example.com"): 1}
    assert {row.address for row in Message.objects.all()} == {"new@example.com", "+37129999999"}


def test_one_bad_row_in_a_batch_is_nobody_elses_matter(portal):
    """(14) A bad address, and a contact that was deleted in the portal meanwhile."""
    event = make_event()
    good = register(portal, event, 5)
    [bad] = register(portal, event, person={"email": "anna at example"})
    [gone] = register(portal, event)
    portal.portal.contacts.delete(gone.participant.bitrix24_contact_id)

    ticks(-15, -14)

    assert went(portal) == everybody(good) + everybody([bad], ["sms"])
    assert only(bad, "email").status == Status.FAILED
    assert only(gone, "email").status == Status.PLANNED
    contacts.match_due(START - 13 * MINUTE)
    ticks(-13)
    assert went(portal)[("email", gone.participant.email)] == 1


# Rules, copies, clocks --------------------------------------------------------------------------


@pytest.mark.parametrize("tick_it", [False, True])
def test_rule_edited_after_registrations_exist_skips_the_past_unless_it_is_ticked(
    portal, client_for, time_machine, tick_it
):
    """(17) What saving would do is said first; until then nothing is changed."""
    event = make_event(starts_at=START + 10 * MINUTE)
    [anna] = register(portal, event)
    rule = ReminderRule.objects.get(event_type="open_day", key="before_15")
    head, address = client_for(make_user()), reverse("events:rule_update", args=[rule.pk])
    time_machine.move_to(START - 8 * MINUTE, tick=False)
    form = RuleForm(None, instance=rule)
    values = {name: form[name].value() for name in form.fields if not form.fields[name].disabled}
    typed = {
        name: value for name, value in values.items() if value is not None and value is not False
    }
    typed["offset_minutes"] = -20

    asked = page(head.post(address, typed))
    unchanged = ReminderRule.objects.get(pk=rule.pk).offset_minutes
    head.post(address, typed | {"confirmed": "1"} | ({"also_past": "on"} if tick_it else {}))
    ticks(-8, -5, -4)

    assert "2 messages were due already" in asked
    assert "Who would get it: 1 person" in asked
    assert unchanged == -15
    if tick_it:
        assert went(portal) == everybody([anna])
    else:
        assert went(portal) == {}
        assert {row[2:] for row in ledger(key="before_15")} == {(SKIPPED, Reason.RULE_NEWER)}


def test_event_cloned_is_off_in_yellow_and_shows_what_switching_on_would_send(
    portal, client_for, time_machine
):
    """(18)"""
    time_machine.move_to(START - timedelta(days=1), tick=False)
    register(portal, event := make_event(), 2)
    head = client_for(make_user())

    copied = head.post(f"/events/{event.pk}/copy/", {"starts_at": "2026-03-18T18:00"}, follow=True)
    duplicate = Event.objects.latest("pk")
    register(portal, duplicate)
    preview = page(head.get(f"/events/{duplicate.pk}/resume/"))

    assert "The reminders of this event are off: nothing goes out." in page(copied)
    assert '<span class="state is-warning">' in page(copied)
    assert duplicate.reminders_stopped_at == START - timedelta(days=1)
    assert "1 e-mail planned" in preview


@pytest.mark.parametrize(
    ("day", "hours"), [(datetime(2026, 3, 29), 32 - 1), (datetime(2026, 10, 25), 32 + 1)]
)
def test_dst_change_days_are_days_of_the_calendar_and_minutes_are_real(portal, day, hours):
    """(13) "The day before at 10:00" of 18:00 is 31 or 33 hours away; 15 minutes stay 15."""
    start = local_moment(day.date(), time(18))
    event = make_event(kind="webinar", starts_at=start)
    [anna] = register(portal, event)
    day_before = start.astimezone(UTC) - timedelta(hours=hours)

    tick(day_before - MINUTE)
    too_early = went(portal)
    tick(day_before)
    told = went(portal)
    tick(start.astimezone(UTC) - 15 * MINUTE)

    assert too_early == {}
    assert told == everybody([anna], ["email"])
    assert went(portal) - told == everybody([anna])


@pytest.mark.parametrize(("seconds", "is_red"), [(-31, True), (30, False), (31, True)])
def test_clock_of_the_server_wrong_by_more_than_30_seconds_turns_the_lamp_red(seconds, is_red):
    """How the clocks of the database and of the provider are read: tests/outbox/test_checks.py."""
    health.show_life(Heartbeat.Part.BEAT, DUE)
    health.show_life(Heartbeat.Part.WORKER, DUE, timedelta(seconds=seconds))

    with override("en"):
        problems = health.lamp(DUE).problems
    wrong = [f"The clock of the worker {WORKER} is 31 seconds away"] if is_red else []
    assert [problem.partition(" from that of ")[0] for problem in problems] == wrong
    assert (health.report(DUE)["status"] == "failing") is is_red


@pytest.fixture
def set_clock(monkeypatch, time_machine):
    """Set the clock of the worker `by` so much wrong; those it can compare with are right."""
    monkeypatch.setattr(own_clock, "own_clock", own_clock.OwnClock())
    monkeypatch.setattr(own_clock, "EVERY_SECONDS", 0)
    monkeypatch.setattr(own_clock, "AFTER_BAD_NEWS_SECONDS", 0)

    def set_wrong(right, by=timedelta()):
        time_machine.move_to(right + by, tick=False)
        for others in ("known_skew", "database_skew", "portal_skew"):
            monkeypatch.setattr(checks, others, lambda: -by)

    return set_wrong


@pytest.mark.parametrize("ahead", [timedelta(hours=1), 6 * MINUTE])
def test_clock_of_the_server_wrong_sends_and_closes_nothing_until_it_is_put_right(
    portal, set_clock, settings, ahead
):
    """How beat goes on afterwards: tests/smmprocess/test_scheduler.py."""
    [anna] = register(portal, make_event())
    of_use = make_message(due_at=DUE - timedelta(hours=1), expires_at=DUE + 20 * MINUTE)
    of_no_use = make_message(due_at=DUE - timedelta(hours=1), expires_at=DUE)

    def work():
        event_tasks.queue_due_reminders()
        event_tasks.close_expired()
        for channel in settings.MESSAGE_CHANNELS:
            outbox_tasks.send_channel(channel)

    set_clock(DUE - 5 * MINUTE, by=ahead)
    work()
    while_wrong = went(portal), ledger()
    waiting = list(Message.objects.planned().order_by("pk"))
    set_clock(DUE)
    work()

    assert while_wrong == (Counter(), [])
    assert waiting == [of_use, of_no_use]
    assert went(portal) == everybody([anna])
    assert list(Message.objects.filter(status=EXPIRED)) == [of_no_use]


def test_a_test_run_while_real_rows_wait_reaches_only_oneself_and_leaves_the_rows_alone(
    portal, client_for, time_machine
):
    head = make_user()
    [anna] = register(portal, make_event())
    reminders.queue_due(DUE)
    waiting = list(Message.objects.values().order_by("pk"))
    rule = ReminderRule.objects.get(event_type="open_day", key="before_15")
    time_machine.move_to(DUE, tick=False)

    client_for(head).post(
        reverse("events:text_update", args=[rule.pk, "lv", "all"]),
        {
            "do": "test",
            "email_subject": "Drīz",
            "email_body": "{join_link}",
            "sms_body": "{join_link}",
        },
    )
    tested = letters_to_staff()
    unchanged = list(Message.objects.values().order_by("pk"))
    send(DUE)

    assert [(address, subject) for address, subject, _ in tested] == [
        (head.email, "[Test] Drīz"),
        (head.email, "[Test] The SMS, as it would go"),
    ]
    assert unchanged == waiting
    assert went(portal) == everybody([anna])


def test_a_test_run_of_a_whole_evening_writes_to_the_ticked_members_of_staff_only(
    portal, client_for, time_machine
):
    """It changes no row of the ledger, and what is due for real meanwhile goes as ever."""
    head, colleague = make_user(), make_user()
    event = make_event()
    [anna] = register(portal, event)
    reminders.queue_due(DUE)
    waiting = list(Message.objects.values().order_by("pk"))
    time_machine.move_to(DUE, tick=False)
    client = client_for(head)

    client.post(
        reverse("events:rehearsal_create", args=[event.pk]),
        {"recipients": [head.pk, colleague.pk], "with_crowd": "on"},
    )
    own = [event.pk, Rehearsal.objects.get().pk]
    client.post(reverse("events:rehearsal_clock", args=own), {"do": "end"})
    client.post(
        reverse("events:rehearsal_send", args=own), {"of": key_of(DUE), "to": [colleague.pk]}
    )
    rehearsed = letters_to_staff()
    unchanged = list(Message.objects.values().order_by("pk"))
    nothing_went = went(portal)
    send(DUE)

    assert {address for address, _, _ in rehearsed} == {colleague.email}
    assert all(subject.startswith("[Rehearsal]") for _, subject, _ in rehearsed)
    assert (unchanged, nothing_went) == (waiting, {})
    assert went(portal) == everybody([anna])


def test_sender_password_or_token_expired_is_found_in_the_morning_and_an_hour_before(portal):
    """By the second route; and as soon as a message was tried, the lamp is red."""
    moderator = make_user()
    event = make_event(moderator=moderator, room_url=f"{portal.url}/sandbox/health")
    register(portal, event)
    portal.portal.configure(webhook_secret="another")
    morning, hour_before = riga(2026, 3, 11, 8), START - 60 * MINUTE
    for moment in (morning, hour_before):
        live(moment)
        preflight.make_due(moment)
        delivery.send_due("smtp", lambda moment=moment: moment)
    told = letters_to_staff()
    live(DUE)

    tick(DUE)

    assert [address for address, _, _ in told] == [moderator.email] * 2
    assert all("not ready" in subject for _, subject, _ in told)
    assert all("SMS by Bitrix24" in body for _, _, body in told)
    problems = health.lamp(DUE).problems
    assert sum("refuses our account" in problem for problem in problems) == 2
    assert ChannelState.objects.filter(needs_a_person=True).count() == 2
    assert went(portal) == {}


def test_restore_from_last_nights_backup_starts_paused_and_looks_the_gap_up_first(
    portal, own_memory
):
    """(21) One had gone before the crash, one had not: the look-up tells them apart."""
    event = make_event()
    [told] = register(portal, event)
    restored.look(DUE - timedelta(hours=15))
    at_night = Generation.objects.get().number
    ticks(-15)
    gone = went(portal)
    [untold] = register(portal, event)
    Message.objects.update(
        status=Status.PLANNED, claim=None, handed_over_at=None, attempts=0, look_up_at=None
    )
    Generation.objects.update(number=at_night)
    reminders.reconcile(START - 13 * MINUTE)

    send(START - 13 * MINUTE)
    is_paused, nothing_more = pause.is_paused(), went(portal)
    look_up.resolve_unclear(lambda: START - 13 * MINUTE)
    looked_up = states("before_15", participant=told.participant)
    pause.resume(by_id=None, at=START - 12 * MINUTE)
    ticks(-12, -11)

    assert (is_paused, nothing_more) == (True, gone)
    assert looked_up == BOTH
    assert went(portal) == everybody([told, untold])
