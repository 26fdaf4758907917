"""What changes while a worker has messages in hand: what it has not begun is asked about anew."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import attendance, changes, registration, reminders, stays
from events.models import Evidence, Registration, ReminderRule, Stay
from events.registration import Origin, Person
from outbox import delivery, stop_words
from outbox.beginning import begin
from outbox.channels import NotExecuted
from outbox.models import Claim, Message, Reason, Status
from people import consent
from people.models import ConsentSource, Medium
from people.unsubscribe import stop_offers
from tests import fakes
from tests.events.participant_import.lists import import_rows
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_message,
    make_offer,
    make_participant,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

EARLIER = START - timedelta(hours=4)
OFFER_DUE = EARLIER + timedelta(minutes=120)
NO_SHOW_DUE = EARLIER + timedelta(minutes=10)


class OneByOneChannel(fakes.RecordingChannel):
    """Begins with each by itself; while the first one goes something changes for the other."""

    begins_in_shares = True
    happens = None

    def send(self, messages):
        for message in messages:
            if begin([message]):
                yield from super().send([message])
                if len(fakes.sent) == 1:
                    self.happens()
            else:
                yield message, NotExecuted("It waits for its turn.", is_failure=False)


@pytest.fixture
def event():
    """Make an event that ends early enough for its offer to go on the same day."""
    arm_rules()
    make_offer()
    return make_event(starts_at=EARLIER, with_offer=True, no_show_released_at=EARLIER)


@pytest.fixture
def other(event):
    """Register somebody behind another, to whom a message goes before anything changes."""
    first, second = (
        make_participant(offers_by_email_at=START - timedelta(days=60)) for _ in range(2)
    )
    make_registration(event, participant=first)
    return make_registration(event, participant=second)


@pytest.fixture
def sending(sent, settings, monkeypatch):
    """Send what one rule has due, while something happens; return how many got it."""
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.OneByOneChannel"}

    def send(key, now, happens):
        reminders.queue_due(now)
        rest = Message.objects.exclude(dispatch__reminder__rule__key=key)
        rest.update(status=Status.SKIPPED, reason=Reason.NOT_NEEDED)
        assert Message.objects.planned().count() == 2
        monkeypatch.setattr(OneByOneChannel, "happens", staticmethod(happens))
        delivery.send_due("recording", lambda: now)
        return len(sent)

    return send


def states(registered, key):
    rows = Message.objects.filter(
        participant=registered.participant, dispatch__reminder__rule__key=key
    )
    return list(rows.values_list("status", "reason", "attempts"))


def test_consent_withdrawn_while_in_hand(sending, other):
    person = other.participant

    def happens():
        consent.record(
            person, Medium.EMAIL, is_given=False, at=OFFER_DUE, source=ConsentSource.STAFF
        )

    assert sending("offer", OFFER_DUE, happens) == 1
    assert states(other, "offer") == [(Status.SKIPPED, Reason.NO_CONSENT, 0)]


def test_who_unsubscribes_while_the_offer_is_in_hand_gets_none(sending, other):
    def happens():
        assert stop_offers(other.participant, [Medium.EMAIL], OFFER_DUE) == 1

    assert sending("offer", OFFER_DUE, happens) == 1
    assert states(other, "offer") == [(Status.SKIPPED, Reason.NO_CONSENT, 0)]


def test_who_registers_again_and_refuses_offers_while_one_is_in_hand_gets_none(sending, other):
    elsewhere, known = make_event(starts_at=START + timedelta(days=7)), other.participant
    person = Person(known.first_name, known.last_name, known.email, consents={Medium.EMAIL: False})

    def happens():
        origin = Origin(Registration.Source.PUBLIC_PAGE)
        registration.register(elsewhere, person, origin, OFFER_DUE, participant=known)

    assert sending("offer", OFFER_DUE, happens) == 1
    assert states(other, "offer") == [(Status.SKIPPED, Reason.NO_CONSENT, 0)]


def test_whom_an_imported_list_says_to_refuse_offers_while_one_is_in_hand_gets_none(sending, other):
    known = other.participant
    refusing = (known.first_name, known.last_name, known.email, "", "nē")

    def happens():
        import_rows(make_event(starts_at=START + timedelta(days=7)), refusing)

    assert sending("offer", OFFER_DUE, happens) == 1
    assert states(other, "offer") == [(Status.SKIPPED, Reason.NO_CONSENT, 0)]


def test_who_is_said_to_want_nothing_more_while_the_offer_is_in_hand_gets_none(
    sending, other, client_for
):
    head = client_for(make_user(full_name="Laura Liepiņa"))
    page = reverse("events:participant_stop", args=[other.participant_id])

    def happens():
        response = head.post(page, {"block_email": "on", "note": "By phone."})
        assert response.status_code == 302

    assert sending("offer", OFFER_DUE, happens) == 1
    assert states(other, "offer") == [(Status.SKIPPED, Reason.BLOCKED, 0)]


def test_who_answers_stop_while_an_sms_is_in_hand_gets_none(sending, other):
    def happens():
        assert stop_words.heed(other.participant.phone, "STOP", NO_SHOW_DUE)

    assert sending("begun_10", NO_SHOW_DUE, happens) == 1
    assert states(other, "begun_10") == [(Status.SKIPPED, Reason.BLOCKED, 0)]


def test_a_rule_switched_off_for_the_event_while_its_messages_are_in_hand_sends_no_more(
    sending, other
):
    def happens():
        rule = ReminderRule.objects.get(event_type="open_day", key="begun_10")
        changes.switch_rule(other.event, rule, is_on=False)

    assert sending("begun_10", NO_SHOW_DUE, happens) == 1
    assert states(other, "begun_10") == [(Status.SKIPPED, Reason.RULE_OFF, 0)]


def test_who_joins_while_we_have_begun_is_in_hand_is_not_told_so(sending, other):
    def happens():
        assert attendance.press_join(other, NO_SHOW_DUE) is attendance.Door.ROOM

    assert sending("begun_10", NO_SHOW_DUE, happens) == 1
    assert states(other, "begun_10") == [(Status.SKIPPED, Reason.PRESENT, 0)]


def test_who_is_seen_in_the_meeting_while_we_have_begun_is_in_hand_is_not_told_so(sending, other):
    kind = Evidence.Kind.MEETING
    stay = Stay(registration=other, kind=kind, joined_at=EARLIER, left_at=None)

    def happens():
        stays.replace(other, kind, [stay])

    assert sending("begun_10", NO_SHOW_DUE, happens) == 1
    assert states(other, "begun_10") == [(Status.SKIPPED, Reason.PRESENT, 0)]


def test_whose_wishes_stay_as_they_are_gets_what_was_taken_back(sending, other):
    """Asked anew, the plan says yes again: SMS are refused, and the offer is an e-mail."""

    def happens():
        person = other.participant
        consent.record(person, Medium.SMS, is_given=True, at=OFFER_DUE, source=ConsentSource.STAFF)
        assert stop_offers(person, [Medium.SMS], OFFER_DUE) == 1
        assert Claim.objects.filter(is_taken_from=True).exists()

    assert sending("offer", OFFER_DUE, happens) == 2
    assert states(other, "offer") == [(Status.HANDED_OVER, "", 1)]


def test_joining_asks_the_ledger_once_where_nothing_is_in_hand_and_not_again(other):
    make_message(participant=other.participant, status=Status.SKIPPED, reason=Reason.NO_CONSENT)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            attendance.press_join(other, NO_SHOW_DUE)
        return len([query for query in queries if "outbox_" in query["sql"]])

    assert [asked(), asked()] == [1, 0]
