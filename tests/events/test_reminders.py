"""Which reminders are due, and in which words; the rules case by case are in tests/acceptance."""

from datetime import timedelta

import pytest

from events import attendance, reminders
from outbox import delivery
from outbox.models import Message, Reason, Status
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_offer,
    make_registration,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules():
    arm_rules()


def run(now, channel="recording"):
    """Do what beat and a worker do at one moment."""
    reminders.queue_due(now)
    delivery.send_due(channel, lambda: now)


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


def test_offers_may_go_by_a_channel_of_their_own(sent, settings):
    settings.OFFER_EMAIL_CHANNEL = "smtp"
    event = make_event(offer=make_offer())
    make_registration(event, person={"offers_by_email_at": START})

    reminders.queue_due(event.ends_at + timedelta(minutes=30))

    channels = Message.objects.filter(status=Status.PLANNED).values_list(
        "dispatch__reminder__rule__key", "channel"
    )
    assert list(channels) == [("offer", "smtp")]
