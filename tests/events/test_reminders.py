"""Which reminders are due: the process's own three, late people, moves, and the clock changes."""

from datetime import timedelta

import pytest

from events import attendance, changes, registration, reminders
from events.models import Registration
from outbox import delivery
from outbox.models import Message, Reason, Status
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


@pytest.fixture(autouse=True)
def rules():
    arm_rules()


def run(now, channel="recording"):
    """Do what beat and a worker do at one moment."""
    reminders.queue_due(now)
    delivery.send_due(channel, lambda: now)


def move(event, start, now):
    changes.move(event, start, start + timedelta(hours=1), by_id=make_user().pk, now=now)


def cancel(event, now):
    changes.cancel(event, "The presenter is ill.", by_id=make_user().pk, now=now)


def ledger(**filters):
    rows = Message.objects.filter(**filters).order_by("pk")
    return [(row.dispatch.reminder.rule.key, row.medium, row.status, row.reason) for row in rows]


def test_nothing_is_queued_before_it_is_due(sent):
    make_registration()

    run(START - timedelta(minutes=15, seconds=1))

    assert sent == []


def test_sms_and_email_go_fifteen_minutes_before_and_only_once(sent):
    registered = make_registration()

    run(START - timedelta(minutes=15))
    run(START - timedelta(minutes=14))

    link = f"https://smm.example.org/j/{registered.token}"
    assert [(address, link in text) for address, text in sent] == [
        (registered.participant.phone, True),
        (registered.participant.email, True),
    ]
    assert ledger() == [
        ("before_15", "sms", Status.HANDED_OVER, ""),
        ("before_15", "email", Status.HANDED_OVER, ""),
    ]


def test_ten_minutes_after_the_start_only_those_not_joined_get_an_sms(sent):
    event = make_event()
    joined, missing = make_registration(event), make_registration(event)
    run(START - timedelta(minutes=15))
    attendance.press_join(joined, START + timedelta(minutes=1))
    sent.clear()

    run(START + timedelta(minutes=10))

    assert [address for address, _ in sent] == [missing.participant.phone]
    assert ledger(dispatch__reminder__rule__key="begun_10") == [
        ("begun_10", "sms", Status.SKIPPED, Reason.PRESENT),
        ("begun_10", "sms", Status.HANDED_OVER, ""),
    ]


def test_when_nobody_has_joined_the_sms_is_held_until_the_moderator_releases_it(sent):
    event = make_event()
    make_registration(event)
    run(START - timedelta(minutes=15))
    sent.clear()

    attendance.check_feeds(START + timedelta(minutes=8))
    run(START + timedelta(minutes=10))
    held = ledger(dispatch__reminder__rule__key="begun_10")
    event.refresh_from_db()
    attendance.release_no_show(event, START + timedelta(minutes=12))
    run(START + timedelta(minutes=12))

    assert held == [("begun_10", "sms", Status.HELD, Reason.FEED_NOT_TRUSTED)]
    assert len(sent) == 1


def test_what_nobody_released_expires_twenty_five_minutes_after_the_start(sent):
    make_registration()
    run(START - timedelta(minutes=15))
    sent.clear()
    run(START + timedelta(minutes=10))

    delivery.expire(START + timedelta(minutes=25))

    assert ledger(dispatch__reminder__rule__key="begun_10") == [
        ("begun_10", "sms", Status.EXPIRED, Reason.TOO_LATE)
    ]
    assert sent == []


def test_we_start_late_goes_to_all_instead_of_the_sms_to_those_missing(sent):
    event = make_event()
    make_registration(event)
    run(START - timedelta(minutes=15))
    sent.clear()

    attendance.start_late(event, START + timedelta(minutes=8))
    run(START + timedelta(minutes=8))
    run(START + timedelta(minutes=10))

    assert ledger(dispatch__reminder__rule__anchor="late_start") == [
        ("late_start", "sms", Status.HANDED_OVER, "")
    ]
    assert ledger(dispatch__reminder__rule__key="begun_10") == [
        ("begun_10", "sms", Status.SKIPPED, Reason.LATE_START)
    ]
    assert len(sent) == 1


def test_the_offer_goes_after_the_end_in_words_that_fit_and_only_with_consent(sent):
    event = make_event(offer=make_offer())
    consented = {"offers_by_email_at": START}
    came = make_registration(event, person=consented)
    stayed_away = make_registration(event, person=consented)
    refused = make_registration(event)
    attendance.press_join(came, START)
    sent.clear()

    run(event.ends_at + timedelta(minutes=30))

    letters = dict(sent)
    assert set(letters) == {came.participant.email, stayed_away.participant.email}
    assert "Paldies, ka piedalījāties" in letters[came.participant.email]
    assert "nesatikāmies" in letters[stayed_away.participant.email]
    assert "– Uzņēmējdarbība: 1 790 EUR" in letters[came.participant.email].replace("\xa0", " ")
    assert ledger(participant=refused.participant, dispatch__reminder__rule__key="offer") == [
        ("offer", "email", Status.SKIPPED, Reason.NO_CONSENT)
    ]


def test_who_is_unknown_gets_the_neutral_text(sent):
    event = make_event(offer=make_offer())
    make_registration(event, person={"offers_by_email_at": START})

    run(event.ends_at + timedelta(minutes=30))

    [(_, letter)] = [each for each in sent if "1" in each[1]]
    assert "Paldies par interesi" in letter


def test_the_offer_is_not_sent_after_its_last_day(sent):
    event = make_event(offer=make_offer())
    make_registration(event, person={"offers_by_email_at": START})

    run(riga(2026, 3, 15, 18))

    assert ledger(dispatch__reminder__rule__key="offer") == [
        ("offer", "email", Status.EXPIRED, Reason.TOO_LATE)
    ]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-14, ["join_now"]),
        (-1, ["join_now"]),
        (5, ["join_now"]),
        (30, []),
    ],
)
def test_who_registers_late_gets_join_now_instead_of_the_reminders(sent, minutes, expected):
    event = make_event()
    moment = START + timedelta(minutes=minutes)
    make_registration(event, registered_at=moment, is_confirmed=True)

    for after in range(minutes, 26):
        run(START + timedelta(minutes=after))

    keys = {key for key, _, status, _ in ledger() if status == Status.HANDED_OVER}
    if minutes == 30:
        run(moment)
        keys = {key for key, _, status, _ in ledger() if status == Status.HANDED_OVER}
        assert keys == {"confirmation"}
    else:
        assert [key for key in expected if key in keys] == expected
        assert not keys & {"before_15", "confirmation"}


def test_who_came_in_between_the_plan_and_the_call_is_not_written_to(sent):
    registered = make_registration()
    reminders.queue_due(START - timedelta(minutes=15))
    attendance.press_join(registered, START - timedelta(minutes=15))

    delivery.send_due("recording", lambda: START - timedelta(minutes=14))

    assert sent == []
    assert ledger() == [
        ("before_15", "sms", Status.SKIPPED, Reason.PRESENT),
        ("before_15", "email", Status.SKIPPED, Reason.PRESENT),
    ]


def test_a_withdrawn_consent_counts_between_the_plan_and_the_call(sent):
    event = make_event(offer=make_offer())
    registered = make_registration(event, person={"offers_by_email_at": START})
    now = event.ends_at + timedelta(minutes=30)
    reminders.queue_due(now)
    planned = ledger(dispatch__reminder__rule__key="offer")
    registered.participant.offers_by_email_at = None
    registered.participant.save()

    delivery.send_due("recording", lambda: now)

    assert planned == [("offer", "email", Status.PLANNED, "")]
    assert ledger(dispatch__reminder__rule__key="offer") == [
        ("offer", "email", Status.SKIPPED, Reason.NO_CONSENT)
    ]


def test_a_moved_event_that_nobody_was_reminded_of_is_followed_silently(sent):
    event = make_event()
    make_registration(event)
    later = START + timedelta(hours=1)

    changes.move(
        event,
        later,
        later + timedelta(hours=1),
        by_id=make_user().pk,
        now=START - timedelta(hours=5),
    )
    run(START - timedelta(minutes=15))
    nothing = list(sent)
    run(later - timedelta(minutes=15))

    assert nothing == []
    assert {key for key, _, status, _ in ledger() if status == Status.HANDED_OVER} == {"before_15"}


def test_a_moved_event_already_reminded_of_gives_one_notice_and_arms_the_rules_again(sent):
    event = make_event()
    make_registration(event)
    run(START - timedelta(minutes=15))
    later = START + timedelta(hours=1)

    changes.move(
        event,
        later,
        later + timedelta(hours=1),
        by_id=make_user().pk,
        now=START - timedelta(minutes=10),
    )
    for minutes in (-10, -5, 0, 5, 44, 45, 46):
        run(START + timedelta(minutes=minutes))

    sms = [row[0] for row in ledger(medium="sms", status=Status.HANDED_OVER)]
    assert sms == ["before_15", "moved", "before_15"]
    assert "19:00" in next(text for _, text in sent if "Jauns laiks" in text)


def test_an_event_moved_twice_within_ten_minutes_gives_one_notice_with_the_final_time(sent):
    event = make_event()
    make_registration(event, is_confirmed=True)
    run(START - timedelta(days=7))
    moment = START - timedelta(days=2)

    for minutes, hours in ((0, 1), (6, 2)):
        start = START + timedelta(hours=hours)
        move(event, start, now=moment + timedelta(minutes=minutes))
        run(moment + timedelta(minutes=minutes))
    for minutes in (10, 15, 16, 17, 30):
        run(moment + timedelta(minutes=minutes))

    notices = [text for _, text in sent if "Jauns laiks" in text or "citā laikā" in text]
    assert len(notices) == 2
    assert all("20:00" in text for text in notices)


def test_a_cancelled_event_sends_nothing_more_but_one_notice(sent):
    event = make_event()
    make_registration(event)
    reminders.queue_due(START - timedelta(minutes=15))

    changes.cancel(
        event, "The presenter is ill.", by_id=make_user().pk, now=START - timedelta(minutes=14)
    )
    run(START - timedelta(minutes=14))
    run(START + timedelta(minutes=10))

    assert {row[0] for row in ledger(status=Status.HANDED_OVER)} == {"cancelled"}
    assert len(sent) == 2


def test_who_cancels_and_registers_again_is_confirmed_and_reminded_again(sent):
    event = make_event()
    registered = make_registration(event, is_confirmed=True)
    run(START - timedelta(days=7))
    registration.cancel(registered, START - timedelta(days=6))
    person = registration.Person(email=registered.participant.email)
    origin = registration.Origin(Registration.Source.PUBLIC_PAGE)

    again = registration.register(event, person, origin, START - timedelta(days=5))
    run(START - timedelta(days=5))
    run(START - timedelta(minutes=15))

    assert again.is_again
    assert [row[0] for row in ledger(medium="email", status=Status.HANDED_OVER)] == [
        "confirmation",
        "confirmation",
        "before_15",
    ]


def test_a_worker_back_too_late_lets_the_reminder_expire(sent):
    make_registration()

    run(START + timedelta(minutes=6))

    assert sent == []
    assert ledger(dispatch__reminder__rule__key="before_15") == [
        ("before_15", "sms", Status.EXPIRED, Reason.TOO_LATE),
        ("before_15", "email", Status.EXPIRED, Reason.TOO_LATE),
    ]


def test_a_worker_back_in_time_sends_once_and_shows_how_late(sent):
    make_registration()

    run(START - timedelta(minutes=10))
    run(START - timedelta(minutes=10))

    assert [row.lateness for row in Message.objects.all()] == [timedelta(minutes=5)] * 2
    assert len(sent) == 2


@pytest.mark.parametrize("day", [riga(2026, 3, 29, 4, 30), riga(2026, 10, 25, 3, 30)])
def test_fifteen_minutes_are_real_minutes_over_the_clock_change(sent, day):
    make_registration(make_event(starts_at=day))

    run(day - timedelta(minutes=16))
    before = len(sent)
    run(day - timedelta(minutes=15))

    assert (before, len(sent)) == (0, 2)


def test_offers_may_go_by_a_channel_of_their_own(sent, settings):
    settings.OFFER_EMAIL_CHANNEL = "smtp"
    event = make_event(offer=make_offer())
    make_registration(event, person={"offers_by_email_at": START})

    reminders.queue_due(event.ends_at + timedelta(minutes=30))

    channels = Message.objects.filter(status=Status.PLANNED).values_list(
        "dispatch__reminder__rule__key", "channel"
    )
    assert list(channels) == [("offer", "smtp")]
