"""How reminders behave, case by case: each test has the number of the rule it tries.

Rows 1, 2, 3, 8, 21 and 22 are tried on real processes too, in test_reminders_running.py. Row 23,
everything killed at random moments, is tests/test_chaos.py. All others pass moments in, and what
goes out is what a sandbox Bitrix24 says it has sent.
"""

import re
from datetime import UTC, date, time, timedelta

import pytest

from events import attendance, changes, registration, reminders, rule_changes
from events.models import Event, Registration, ReminderRule, ReminderText
from opendays.models import Series
from opendays.series import create as create_series
from outbox import delivery
from outbox.models import ChannelState, Message, Reason, Status
from people import consent
from people.models import AddressBlock, Medium
from plans.local_time import local_moment
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
from tests.factories import START, make_event, make_offer, make_registration, make_user, riga
from tools.ports import free_port

HANDED_OVER, SKIPPED, EXPIRED = Status.HANDED_OVER, Status.SKIPPED, Status.EXPIRED


# 1 and 2: nobody at work ------------------------------------------------------------------------


def test_01_worker_down_until_ten_minutes_before_sends_all_once_five_minutes_late(portal):
    people = register(portal, make_event(), 3)
    ticks(-16)
    nothing = went(portal)

    ticks(-10, -9)

    assert nothing == {}
    assert went(portal) == everybody(people)
    assert {row.lateness for row in Message.objects.all()} == {5 * MINUTE}


def test_02_worker_down_until_six_minutes_after_sends_nothing_and_lists_it_to_the_moderator(portal):
    moderator = make_user()
    register(portal, make_event(moderator=moderator), 3)
    ticks(-16)

    ticks(6, 7)

    assert went(portal) == {}
    assert states("before_15") == {
        (medium, EXPIRED, Reason.TOO_LATE): 3 for medium in (Medium.SMS, Medium.EMAIL)
    }
    [(address, subject, body)] = letters_to_staff()
    assert address == moderator.email
    assert subject.startswith("6 messages")
    assert "SMS: 3" in body


# 4 and 5: a lost answer (3 is tried on real processes) ------------------------------------------


@pytest.mark.parametrize("channel", [EMAIL, SMS])
def test_04_executed_and_then_cut_off_is_unknown_until_found_and_not_sent_again(portal, channel):
    [anna] = register(portal, make_event())
    fault(portal, "execute-then-drop:method=batch,count=2")
    ticks(-15)
    message = Message.objects.get(channel=channel)
    unclear = (message.status, message.reason)

    ticks(-14, -13, -12)

    message.refresh_from_db()
    assert unclear == (Status.UNKNOWN, Reason.UNCLEAR)
    assert message.status == HANDED_OVER
    assert [each.outcome for each in message.history.all()] == ["unclear", "found"]
    assert went(portal) == everybody([anna])


@pytest.mark.parametrize("channel", [EMAIL, SMS])
def test_05_cut_off_before_it_was_executed_is_looked_up_in_vain_and_sent_once_more(portal, channel):
    [anna] = register(portal, make_event())
    fault(portal, "drop-before-execute:method=batch,count=2")
    ticks(-15)
    message = Message.objects.get(channel=channel)
    unclear = (message.status, message.reason, dict(went(portal)))

    ticks(-14, -13, -12, -11)

    message.refresh_from_db()
    assert unclear == (Status.UNKNOWN, Reason.UNCLEAR, {})
    assert message.status == HANDED_OVER
    assert [each.outcome for each in message.history.all()] == ["unclear", "absent", "handed_over"]
    assert went(portal) == everybody([anna])


def test_05_what_the_look_up_misses_too_late_is_not_sent_any_more(portal):
    register(portal, make_event())
    fault(portal, "drop-before-execute:method=batch,count=2")
    ticks(-15)

    ticks(5)

    assert went(portal) == {}
    assert {row[2:] for row in ledger(key="before_15")} == {(EXPIRED, Reason.TOO_LATE)}


# 6 and 7: the event moves -----------------------------------------------------------------------


def test_06_moved_by_an_hour_ten_minutes_before_gives_one_notice_and_reminds_anew(portal):
    """Who was told 18:00 is told 19:00 at once, since it is near, and reminded at 18:45."""
    event = make_event()
    [anna] = register(portal, event)
    ticks(-15)
    later = START + 60 * MINUTE

    move(event, later, START - 10 * MINUTE)
    ticks(-10, -9, 0, 10)
    told = states("moved")
    texts = [sent.text for sent in portal.sent if "Jauns laiks" in sent.text]
    ticks(44, 45, 46)

    assert told == {("sms", HANDED_OVER, ""): 1, ("email", HANDED_OVER, ""): 1}
    assert all("19:00" in text for text in texts)
    assert states("before_15", about_at=later) == told
    assert went(portal) == dict.fromkeys(everybody([anna]), 3)


def test_06_moved_before_anybody_was_reminded_the_plan_follows_without_a_word(portal):
    event = make_event()
    [anna] = register(portal, event)

    move(event, START + 60 * MINUTE, START - timedelta(hours=5))
    ticks(-300, -290, -15)
    before = went(portal)
    ticks(45)

    assert before == {}
    assert went(portal) == everybody([anna])


def test_07_moved_twice_within_ten_minutes_gives_one_notice_with_the_final_time(portal):
    event = make_event()
    register(portal, event, is_confirmed=True)
    tick(START - timedelta(days=7))
    moment = START - timedelta(days=2)

    move(event, START + 60 * MINUTE, moment)
    tick(moment)
    move(event, START + 120 * MINUTE, moment + 6 * MINUTE)
    for minutes in (6, 10, 15):
        tick(moment + minutes * MINUTE)
    quiet = states("moved")[("sms", HANDED_OVER, "")]
    for minutes in (16, 17, 30):
        tick(moment + minutes * MINUTE)

    notices = [sent.text for sent in portal.sent if "Jauns laiks" in sent.text]
    assert quiet == 0
    assert [("20:00" in text, "19:00" in text) for text in notices] == [(True, False)]
    assert states("moved")[("email", HANDED_OVER, "")] == 1


# 8: the event is cancelled ----------------------------------------------------------------------


def test_08_cancelled_while_the_batch_runs_nobody_is_reminded_after_the_commit(portal):
    """The first of two channels has gone when it is cancelled; the second never goes."""
    event = make_event()
    people = register(portal, event, 3)
    reminders.queue_due(DUE)
    delivery.send_due(SMS, lambda: DUE)

    withdrawn = cancel(event, DUE + timedelta(seconds=1))
    at_the_commit = went(portal)
    send(DUE + timedelta(seconds=2))
    after = went(portal)
    ticks(-14, -13, 10)

    assert (withdrawn, at_the_commit, after) == (3, *2 * [everybody(people, ["sms"])])
    assert states("before_15") == {
        ("sms", HANDED_OVER, ""): 3,
        ("email", SKIPPED, Reason.EVENT_CANCELLED): 3,
    }
    assert states("cancelled") == {("sms", HANDED_OVER, ""): 3, ("email", HANDED_OVER, ""): 3}
    assert states("begun_10") == {("sms", SKIPPED, Reason.EVENT_CANCELLED): 3}


# 9 and 10: late, and back again -----------------------------------------------------------------


@pytest.mark.parametrize("minutes", [-14, -1, 5])
def test_09_who_registers_late_gets_one_join_now_in_place_of_the_reminders(portal, minutes):
    event = make_event()
    moment = START + minutes * MINUTE
    [anna] = register(portal, event, registered_at=moment, is_confirmed=True)

    ticks(*range(minutes, 26))

    assert states("join_now") == {("sms", HANDED_OVER, ""): 1, ("email", HANDED_OVER, ""): 1}
    assert went(portal) == everybody([anna])
    assert {row[3] for row in ledger(status=SKIPPED)} == {Reason.JOIN_NOW_INSTEAD}


def test_09_who_registers_half_an_hour_after_the_start_is_not_asked_in_any_more(portal):
    event = make_event()
    [anna] = register(portal, event, registered_at=START + 30 * MINUTE, is_confirmed=True)

    ticks(30, 31)

    assert [row for row in ledger() if row[2] == HANDED_OVER] == [
        ("confirmation", "email", HANDED_OVER, "")
    ]
    assert went(portal) == everybody([anna], ["email"])


def test_10_who_cancels_and_registers_again_is_confirmed_and_reminded_again(portal):
    event = make_event()
    [anna] = register(portal, event, is_confirmed=True)
    tick(START - timedelta(days=7))
    registration.cancel(anna, START - timedelta(days=6))
    person = registration.Person(email=anna.participant.email)
    origin = registration.Origin(Registration.Source.PUBLIC_PAGE)

    again = registration.register(event, person, origin, START - timedelta(days=5))
    tick(START - timedelta(days=5))
    ticks(-15)

    assert again.is_again
    assert [row[0] for row in ledger(medium="email", status=HANDED_OVER)] == [
        "confirmation",
        "confirmation",
        "before_15",
    ]


def test_10_who_cancels_between_the_plan_and_the_call_is_left_in_peace(portal):
    event = make_event()
    gone, stays = register(portal, event, 2)
    reminders.queue_due(DUE)

    registration.cancel(gone, DUE)
    send(DUE)

    assert went(portal) == everybody([stays])
    assert only(gone, "sms").reason == Reason.REGISTRATION_CANCELLED


# 11 and 12: who is in already, and what is not known --------------------------------------------


def test_11_who_joins_between_the_plan_and_the_call_is_not_written_to(portal):
    event = make_event()
    early, other = register(portal, event, 2)
    reminders.queue_due(DUE)
    planned = only(early, "sms").status

    attendance.press_join(early, DUE)
    send(DUE + timedelta(seconds=1))

    assert planned == Status.PLANNED
    assert only(early, "sms").reason == Reason.PRESENT
    assert went(portal) == everybody([other])


def test_12_with_nobody_in_the_message_is_held_and_the_moderator_asked_once(portal):
    moderator = make_user()
    register(portal, make_event(moderator=moderator), 2)
    ticks(-15)
    before = went(portal)

    ticks(8, 9, 10, 12)

    assert states("begun_10") == {("sms", Status.HELD, Reason.FEED_NOT_TRUSTED): 2}
    assert went(portal) == before
    assert [address for address, _, _ in letters_to_staff()] == [moderator.email]


def test_12_one_tap_releases_it(portal, client_for, time_machine):
    moderator = make_user()
    event = make_event(moderator=moderator)
    people = register(portal, event, 2)
    ticks(-15, 8, 10)
    before = went(portal)

    time_machine.move_to(START + 12 * MINUTE, tick=False)
    client_for(moderator).post(f"/events/{event.pk}/release/")
    ticks(12)

    assert went(portal) - before == everybody(people, ["sms"])


def test_12_the_other_tap_tells_all_that_it_starts_late_instead(portal):
    event = make_event()
    people = register(portal, event, 2)
    ticks(-15, 8)
    before = went(portal)

    attendance.start_late(Event.objects.get(), START + 9 * MINUTE)
    ticks(9, 10, 15)

    assert went(portal) - before == everybody(people, ["sms"])
    assert states("late_start") == {("sms", HANDED_OVER, ""): 2}
    assert states("begun_10") == {("sms", SKIPPED, Reason.LATE_START): 2}


def test_12_held_until_twenty_five_minutes_after_the_start_it_expires(portal):
    register(portal, make_event(), 2)
    ticks(-15, 8, 10)
    before = went(portal)

    ticks(25, 26)

    assert states("begun_10") == {("sms", EXPIRED, Reason.TOO_LATE): 2}
    assert went(portal) == before


def test_12_with_the_feed_alive_only_the_missing_get_it(portal):
    event = make_event()
    there, missing = register(portal, event, 2)
    ticks(-15)
    before = went(portal)
    attendance.press_join(there, START + MINUTE)

    ticks(8, 10)

    assert went(portal) - before == everybody([missing], ["sms"])


# 13: the clocks change --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "due"),
    [
        # In March 03:30 is missing and becomes 04:30; in October it comes twice, the first counts.
        (date(2026, 3, 29), "2026-03-29 01:15"),
        (date(2026, 10, 25), "2026-10-25 00:15"),
    ],
)
def test_13_an_event_at_half_past_three_in_the_night_of_the_clock_change(portal, day, due):
    start = local_moment(day, time(3, 30))
    [anna] = register(portal, make_event(starts_at=start))
    moment = start.astimezone(UTC) - 15 * MINUTE

    tick(moment - MINUTE)
    nothing = went(portal)
    tick(moment)

    assert nothing == {}
    assert went(portal) == everybody([anna])
    assert {f"{row.due_at:%Y-%m-%d %H:%M}" for row in Message.objects.all()} == {due}


@pytest.mark.parametrize(
    ("first_day", "hours"), [(date(2026, 3, 22), 167), (date(2026, 10, 18), 169)]
)
def test_13_a_series_stays_at_18_and_reminds_at_quarter_to_over_the_clock_change(
    portal, first_day, hours
):
    series = Series(title="Atvērto durvju diena", weekday=6, clock=time(18), first_day=first_day)
    series.last_day = first_day + timedelta(days=7)
    create_series(series, by_id=make_user().pk, now=local_moment(first_day, time(12)))
    before, after = Event.objects.order_by("starts_at")
    [anna] = register(portal, after)

    tick(local_moment(series.last_day, time(17, 44)))
    nothing = went(portal)
    tick(local_moment(series.last_day, time(17, 45)))

    assert (after.starts_at - before.starts_at) / timedelta(hours=1) == hours
    assert nothing == {}
    assert went(portal) == everybody([anna])


# 14 and 15: faults ------------------------------------------------------------------------------


def test_14_one_bad_address_among_fifty_blocks_only_itself(portal):
    event = make_event()
    people = register(portal, event, 49)
    [bad] = register(portal, event, person={"email": "anna at example"})

    ticks(-15)

    assert went(portal) == everybody(people) + everybody([bad], ["sms"])
    assert (only(bad, "email").status, only(bad, "email").reason) == (
        Status.FAILED,
        Reason.BAD_ADDRESS,
    )
    assert [block.address for block in AddressBlock.objects.all()] == ["anna at example"]
    assert ledger(status=Status.UNKNOWN) == ledger(status=Status.PLANNED) == []


def test_15_five_failures_in_a_row_open_the_breaker_and_a_probe_closes_it(portal, settings):
    [anna] = register(portal, make_event(), person={"phone": "+37167000000"})
    settings.BITRIX24_WEBHOOK_URL = f"http://127.0.0.1:{free_port()}/rest/1/sandbox-secret/"
    reminders.queue_due(DUE)
    for seconds in range(0, 10, 2):
        send(DUE + timedelta(seconds=seconds))
    opened = ChannelState.objects.get(pk=EMAIL)
    settings.BITRIX24_WEBHOOK_URL = portal.webhook_url

    send(opened.closed_until - timedelta(seconds=1))
    resting = went(portal)
    send(opened.closed_until)

    assert (opened.failures, opened.closed_until) == (5, DUE + timedelta(seconds=38))
    assert resting == {}
    assert went(portal) == everybody([anna], ["email"])
    assert ChannelState.objects.get(pk=EMAIL).closed_until is None


# 16: machines follow links ----------------------------------------------------------------------


def test_16_a_scanner_that_fetches_every_link_of_every_message_makes_nobody_present(portal, client):
    event = make_event(offer=make_offer())
    consented = {"offers_by_email_at": START - timedelta(days=8)}
    register(portal, event, 2, person=consented, is_confirmed=True)
    tick(START - timedelta(days=7))
    ticks(-15, 120)
    links = {link for sent in portal.sent for link in our_links(sent.text)}

    for link in sorted(links):
        for agent in ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141", "WhatsApp/2.23"):
            client.get(link, headers={"user-agent": agent}, follow=True)
            client.head(link, headers={"user-agent": agent})

    after = Registration.objects.all()
    assert {link.split("/")[1] for link in links} >= {"j", "u"}
    assert [(each.attendance, each.is_active) for each in after] == [("", True)] * 2
    assert [each.participant.accepts_offers(Medium.EMAIL) for each in after] == [True] * 2
    assert Event.objects.get().room_opened_at is None


def our_links(text):
    return re.findall(r"https://smm\.example\.org(/[^\s\"'<>]+)", text)


# 17 and 18: rules and copies --------------------------------------------------------------------


def add_rule(now, *, also_past=False):
    """Add a rule "five minutes before" with words, and switch it on."""
    by = make_user()
    rule = ReminderRule(
        event_type="open_day", name="Pēdējais", purpose="service", anchor="start", is_on=False
    )
    rule.offset_minutes = -5
    rule_changes.save_rule(rule, by=by, now=now)
    words = ReminderText(rule=rule, language="lv", email_subject="Drīz", email_body="{join_link}")
    rule_changes.save_text(words, by=by, now=now)
    rule.is_on = True
    impact = rule_changes.impact_of(rule, now)
    rule_changes.save_rule(rule, by=by, now=now, also_past=also_past)
    return rule, impact


def test_17_a_rule_added_two_minutes_before_mails_nobody_for_whom_it_was_due_already(portal):
    register(portal, make_event(), 3)
    ticks(-15)
    before = went(portal)

    rule, impact = add_rule(START - 2 * MINUTE)
    ticks(-2, -1)

    assert (impact.now, impact.later) == (3, 0)
    assert went(portal) == before
    assert states(rule.key) == {("email", SKIPPED, Reason.RULE_NEWER): 3}


def test_17_with_an_explicit_tick_it_does(portal):
    people = register(portal, make_event(), 3)
    ticks(-15)
    before = went(portal)

    add_rule(START - 2 * MINUTE, also_past=True)
    ticks(-2, -1)

    assert went(portal) - before == everybody(people, ["email"])


def test_18_of_a_copied_event_nothing_is_on_until_somebody_switches_it_on(portal):
    next_week = START + timedelta(days=7)
    duplicate = changes.copy(make_event(), next_week, by_id=make_user().pk, now=START)
    people = register(portal, duplicate, 2)

    tick(next_week - 15 * MINUTE)
    held = states("before_15")
    changes.resume_reminders(duplicate, next_week - 14 * MINUTE)
    tick(next_week - 14 * MINUTE)

    assert held == {
        (medium, Status.HELD, Reason.STOPPED): 2 for medium in (Medium.SMS, Medium.EMAIL)
    }
    assert went(portal) == everybody(people)


# 19 and 20: the offer ---------------------------------------------------------------------------


def test_19_a_consent_withdrawn_between_the_plan_and_the_call_is_respected(portal):
    event = make_event(offer=make_offer())
    agreed = {"offers_by_email_at": START - timedelta(days=8)}
    changed_mind, other = register(portal, event, 2, person=agreed)
    moment = event.ends_at + 30 * MINUTE
    reminders.queue_due(moment)
    planned = states("offer")

    consent.record(
        changed_mind.participant, Medium.EMAIL, is_given=False, at=moment, source="unsubscribe"
    )
    send(moment)

    assert planned == {("email", Status.PLANNED, ""): 2}
    assert went(portal) == everybody([other], ["email"])
    assert states("offer", participant=changed_mind.participant) == {
        ("email", SKIPPED, Reason.NO_CONSENT): 1
    }


@pytest.mark.parametrize(
    ("moment", "times"),
    [(riga(2026, 3, 15, 17, 59), 1), (riga(2026, 3, 15, 18), 0), (riga(2026, 3, 16, 9), 0)],
)
def test_20_after_18_on_its_last_day_the_offer_is_expired(portal, moment, times):
    event = make_event(offer=make_offer())
    register(portal, event, person={"offers_by_email_at": START - timedelta(days=8)})

    tick(moment)

    assert went(portal).total() == times
    assert [row[2] for row in ledger(key="offer")] == [HANDED_OVER if times else EXPIRED]


# 22: how long it takes --------------------------------------------------------------------------


def test_22_what_cannot_go_within_a_minute_is_said_while_planning(
    client_for, settings, time_machine
):
    settings.BITRIX24_WEBHOOK_URL = "https://college.bitrix24.eu/rest/1/secret/"
    settings.BITRIX24_SMS_TEMPLATE_ID = 2
    event = make_event()
    for _ in range(60):
        make_registration(event)
    time_machine.move_to(START - timedelta(days=3), tick=False)
    page = client_for(make_user())

    enough = page.get(f"/events/{event.pk}/").content.decode()
    settings.BITRIX24_BURST, settings.BITRIX24_DRAIN_PER_SECOND = 1, 0.02
    too_slow = page.get(f"/events/{event.pk}/").content.decode()

    assert "more than the 60 s" not in enough
    assert "120 messages are due at 17:45 (e-mails: 60, SMS: 60)" in too_slow
    assert "more than the 60 s" in too_slow
