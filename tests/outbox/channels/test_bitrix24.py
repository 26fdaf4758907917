"""E-mail and SMS by Bitrix24, against a portal that does what it is told to do wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.limiter import Bucket, MemoryLimiter
from integrations.bitrix24.owners import Owner, OwnerKind
from integrations.bitrix24.sandbox.people import add_person
from outbox import breaker, confirmation, decisions, delivery, delivery_reports, look_up, queue
from outbox.channels import Absent, Found, NotExecuted
from outbox.channels.bitrix24 import CALL_SECONDS, call_deadline
from outbox.channels.bitrix24_email import Bitrix24EmailChannel
from outbox.channels.bitrix24_sms import Bitrix24SmsChannel
from outbox.models import Attempt, ChannelState, Message, Reason, Status
from people.models import AddressBlock, Participant
from tests.factories import START, make_message, make_participant, make_user

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
LATER = DUE + timedelta(minutes=2)
EMAIL, SMS = "bitrix24_email", "bitrix24_sms"


def at(moment):
    return lambda: moment


def make_person(portal, number=1, **fields):
    """Make a participant with a contact of the same name, phone and e-mail in the portal."""
    fields = {"phone": f"+3712000000{number}", "email": f"anna{number}@example.com"} | fields
    contact = add_person(portal.portal, {"name": "Anna", "last_name": "Ozola"} | fields)
    return make_participant(
        bitrix24_contact_id=contact,
        bitrix24_phone=fields["phone"],
        bitrix24_email=fields["email"],
        **fields,
    )


def make_email(person, **fields):
    return make_message(channel=EMAIL, participant=person, address=person.email, **fields)


def make_sms(person, token="AB12CD34EF", **fields):
    fields.setdefault("body", f"Sākam 18:00! https://smm.example.org/j/{token}")
    return make_message(
        channel=SMS, medium="sms", participant=person, address=person.phone, token=token, **fields
    )


def state(message):
    message.refresh_from_db()
    return message.status, message.reason


def history(message):
    return [attempt.outcome for attempt in message.history.all()]


def test_an_email_goes_once_with_our_key_and_its_calendar_file(portal):
    message = make_email(make_person(portal), attachment="BEGIN:VCALENDAR")

    assert delivery.send_due(EMAIL, at(DUE)) == 1
    assert delivery.send_due(EMAIL, at(DUE)) == 0

    [mail] = portal.sent
    assert (mail.address, mail.subject, mail.text) == (
        "anna1@example.com",
        "Hello",
        "<p>We begin soon.</p>",
    )
    assert mail.origin_id == str(message.uid)
    assert mail.due_at == DUE.timestamp()
    assert state(message) == (Status.HANDED_OVER, "")


def test_the_calendar_file_is_attached(portal):
    person = make_person(portal)
    message = make_email(person, attachment="BEGIN:VCALENDAR\r\nĀ")

    owner = Owner(OwnerKind.CONTACT, person.bitrix24_contact_id)

    command = Bitrix24EmailChannel().command(message, owner)

    [file] = command.parameters["fields"]["FILES"]
    assert file == {"fileData": ["event.ics", "QkVHSU46VkNBTEVOREFSDQrEgA=="]}


def test_an_sms_goes_to_the_contacts_first_phone_with_the_text(portal):
    message = make_sms(make_person(portal))

    delivery.send_due(SMS, at(DUE))

    assert [(sms.kind, sms.address, sms.text) for sms in portal.sent] == [
        ("sms", "+37120000001", message.body)
    ]
    assert state(message) == (Status.HANDED_OVER, "")


def test_a_batch_that_fails_in_part_sends_the_rest_and_blocks_the_bad_address_only(portal):
    good = make_email(make_person(portal, 1))
    wrong = make_email(make_person(portal, 2, email="anna at example"))
    fine = make_email(make_person(portal, 3))

    assert delivery.send_due(EMAIL, at(DUE)) == 2

    assert [state(each) for each in (good, wrong, fine)] == [
        (Status.HANDED_OVER, ""),
        (Status.FAILED, "bad_address"),
        (Status.HANDED_OVER, ""),
    ]
    assert [block.address for block in AddressBlock.objects.all()] == ["anna at example"]
    assert breaker.allowance(EMAIL, DUE) == breaker.UNLIMITED


def test_the_record_of_a_refused_email_does_not_stay_on_the_card(portal):
    make_email(make_person(portal, email="anna at example"))

    delivery.send_due(EMAIL, at(DUE))

    assert portal.portal.statistics.methods["crm.activity.delete"] == 1
    assert portal.portal.activities.rows == {}


def test_the_record_left_by_a_refusal_is_deleted_before_a_repeat(portal):
    portal.portal.faults.add_spec("drop:method=crm.activity.list")
    person = make_person(portal, email="anna at example")
    message = make_email(person)
    delivery.send_due(EMAIL, at(DUE))
    assert len(portal.portal.activities.rows) == 1

    portal.portal.faults.clear()
    Participant.objects.update(email="anna@example.com")
    retry(message)
    delivery.send_due(EMAIL, at(LATER))

    assert state(message) == (Status.HANDED_OVER, "")
    assert [mail.address for mail in portal.sent] == ["anna@example.com"]
    assert len(portal.portal.activities.rows) == 1


def test_what_did_go_after_all_is_not_repeated_by_a_person(portal):
    message = make_email(make_person(portal))
    delivery.send_due(EMAIL, at(DUE))
    Attempt.objects.update(outcome=Attempt.Outcome.REFUSED)

    retry(message)
    delivery.send_due(EMAIL, at(LATER))

    assert state(message) == (Status.HANDED_OVER, "")
    assert len(portal.sent) == 1


def unclear(portal, make, channel, fault):
    """Send one of which nobody knows whether it went, and have a person decide that it did not."""
    message = make(make_person(portal))
    portal.portal.faults.add_spec(f"{fault}:method=batch,count=1")
    delivery.send_due(channel, at(DUE))
    Message.objects.filter(pk=message.pk).update(no_answer_at=DUE)
    message.refresh_from_db()
    decisions.settle_by_sending_again(message, by_id=make_user().pk, at=LATER)
    return message


@pytest.mark.parametrize(("make", "channel"), [(make_email, EMAIL), (make_sms, SMS)])
@pytest.mark.parametrize("fault", ["execute-then-drop", "drop-before-execute"])
def test_what_a_person_sends_again_goes_once_whatever_became_of_it(portal, make, channel, fault):
    message = unclear(portal, make, channel, fault)

    delivery.send_due(channel, at(LATER))

    assert state(message) == (Status.HANDED_OVER, "")
    assert len(portal.sent) == 1


@pytest.mark.parametrize(("make", "channel"), [(make_email, EMAIL), (make_sms, SMS)])
def test_where_the_portal_cannot_be_asked_what_a_person_sends_again_goes(portal, make, channel):
    message = unclear(portal, make, channel, "drop-before-execute")
    portal.portal.faults.add_spec("error:method=crm.activity.list,code=ACCESS_DENIED,status=403")

    delivery.send_due(channel, at(LATER))

    assert state(message) == (Status.HANDED_OVER, "")
    assert len(portal.sent) == 1


def test_what_was_taken_and_not_delivered_is_sent_again_unasked(portal):
    message = make_sms(make_person(portal))
    delivery.send_due(SMS, at(DUE))
    Message.objects.update(status=Status.FAILED, reason=Reason.NOT_DELIVERED, repeats=1)
    message.refresh_from_db()
    decisions.retry(message, by_id=make_user().pk, at=LATER)

    delivery.send_due(SMS, at(LATER))

    assert len(portal.sent) == 2


def retry(message):
    type(message).objects.filter(pk=message.pk).update(
        status=Status.PLANNED, reason="", claim=None, handed_over_at=None
    )


def test_an_sms_is_told_from_another_with_the_same_link_by_its_text(portal):
    person = make_person(portal)
    make_sms(person, body="Pēc 15 min! https://smm.example.org/j/AB12CD34EF")
    delivery.send_due(SMS, at(DUE))
    second = make_sms(person, body="Sākam! https://smm.example.org/j/AB12CD34EF")
    portal.portal.faults.add_spec("drop-before-execute:method=batch,count=1")

    delivery.send_due(SMS, at(DUE))
    look_up.resolve_unclear(at(LATER))

    assert state(second) == (Status.PLANNED, "")


def test_a_look_up_without_an_answer_decides_nothing(portal):
    message = make_email(make_person(portal))
    portal.portal.faults.add_spec("execute-then-drop:method=batch,count=1")
    delivery.send_due(EMAIL, at(DUE))
    portal.portal.faults.add_spec("error:method=crm.activity.list,code=ACCESS_DENIED,status=403")

    look_up.resolve_unclear(at(LATER))

    assert state(message) == (Status.UNKNOWN, "unclear")
    assert message.look_up_at == LATER + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("channel", "change"),
    [
        (EMAIL, {"scopes": frozenset({"bizproc"})}),
        (EMAIL, {"is_commercial": False}),
        (EMAIL, {"webhook_secret": "another"}),
        (SMS, {"is_admin": False}),
        (SMS, {"scopes": frozenset({"crm"})}),
    ],
)
def test_a_refusal_of_our_account_stops_the_channel_and_keeps_the_message(portal, channel, change):
    message = (make_email if channel == EMAIL else make_sms)(make_person(portal))
    portal.portal.configure(**change)

    delivery.send_due(channel, at(DUE))

    assert state(message) == (Status.PLANNED, "")
    stopped = ChannelState.objects.get(pk=channel)
    assert stopped.needs_a_person
    assert "another" not in stopped.problem
    assert breaker.allowance(channel, DUE + timedelta(hours=1)) == 0
    assert portal.sent == []


def test_a_sender_the_portal_does_not_know_stops_the_channel_and_leaves_no_records(
    portal, settings
):
    settings.BITRIX24_SENDER = ""
    message = make_email(make_person(portal))

    delivery.send_due(EMAIL, at(DUE))

    assert state(message) == (Status.PLANNED, "")
    assert ChannelState.objects.get(pk=EMAIL).needs_a_person
    assert portal.portal.activities.rows == {}


def test_the_wrong_template_stops_the_channel(portal, settings):
    settings.BITRIX24_SMS_TEMPLATE_ID = 1
    make_sms(make_person(portal))

    delivery.send_due(SMS, at(DUE))

    assert ChannelState.objects.get(pk=SMS).problem == ("Template type and DOCUMENT_ID mismatch!")


@pytest.mark.parametrize("fault", ["503:method=batch", "429:method=crm.activity.add"])
def test_a_limit_puts_the_message_off_without_counting_as_a_failure(portal, fault, monkeypatch):
    monkeypatch.setattr("outbox.channels.bitrix24.CALL_SECONDS", 1)
    message = make_email(make_person(portal))
    portal.portal.faults.add_spec(fault)

    delivery.send_due(EMAIL, at(DUE))

    assert state(message) == (Status.PLANNED, "")
    assert message.not_before > DUE
    assert not ChannelState.objects.filter(pk=EMAIL).exists()


def test_nothing_is_claimed_while_the_portal_lets_the_method_rest(portal):
    first, second = make_email(make_person(portal, 1)), make_email(make_person(portal, 2))
    portal.portal.faults.add_spec("429:method=crm.activity.add,count=1")
    delivery.send_due(EMAIL, at(DUE))
    requests = portal.portal.statistics.requests

    delivery.send_due(EMAIL, at(LATER))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, second.attempts) == (1, 1)
    assert portal.portal.statistics.requests == requests


def test_who_has_no_contact_yet_waits_and_then_goes(portal):
    person = make_person(portal)
    contact = person.bitrix24_contact_id
    message = make_email(person)
    Participant.objects.filter(pk=person.pk).update(bitrix24_contact_id=None)

    delivery.send_due(EMAIL, at(DUE))
    waiting = state(message), message.not_before
    Participant.objects.filter(pk=person.pk).update(bitrix24_contact_id=contact)
    delivery.send_due(EMAIL, at(LATER))

    assert waiting == ((Status.PLANNED, ""), DUE + timedelta(seconds=3))
    assert state(message) == (Status.HANDED_OVER, "")


def test_an_sms_waits_until_its_phone_is_the_contacts_first(portal):
    person = make_person(portal)
    message = make_sms(person)
    Participant.objects.update(phone="+37129999999")

    delivery.send_due(SMS, at(DUE))

    assert state(message) == (Status.PLANNED, "")
    assert portal.sent == []


def test_a_contact_that_was_deleted_is_forgotten_so_that_a_new_one_is_made(portal):
    person = make_person(portal)
    message = make_email(person)
    portal.portal.contacts.clear()

    delivery.send_due(EMAIL, at(DUE))

    person.refresh_from_db()
    assert person.bitrix24_contact_id is None
    assert state(message) == (Status.PLANNED, "")


def test_members_of_staff_are_not_written_to_by_bitrix24(portal):
    message = make_message(channel=EMAIL, user=make_user(), participant=None)

    delivery.send_due(EMAIL, at(DUE))

    assert state(message) == (Status.FAILED, "refused")


@pytest.mark.parametrize(
    ("body", "token"), [("x" * 180 + " /j/AB12CD34EF AB12CD34EF", "AB12CD34EF"), ("Sākam!", "")]
)
def test_an_sms_that_is_too_long_or_could_not_be_found_again_is_not_tried(portal, body, token):
    message = make_sms(make_person(portal), body=body, token=token)

    delivery.send_due(SMS, at(DUE))

    assert state(message) == (Status.FAILED, "refused")
    assert portal.portal.statistics.requests == 0


def test_an_sms_is_found_although_our_clock_is_ahead_of_the_portals(portal, monkeypatch):
    now = datetime.now(UTC)
    message = make_sms(
        make_person(portal),
        due_at=now + timedelta(minutes=4),
        expires_at=now + timedelta(hours=1),
    )
    list(Bitrix24SmsChannel().send([message]))
    monkeypatch.setattr(Bitrix24, "clock_skew", lambda self: timedelta(minutes=5))
    [(_message, unaware)] = Bitrix24SmsChannel().look_up([message])
    monkeypatch.setattr(Bitrix24, "clock_skew", lambda self: timedelta(minutes=-5))

    [(_message, found)] = Bitrix24SmsChannel().look_up([message])

    assert isinstance(unaware, Absent)
    assert isinstance(found, Found)


def test_an_sms_is_confirmed_by_the_activity_it_leaves(portal):
    message = make_sms(make_person(portal))
    delivery.send_due(SMS, at(DUE))

    early = confirmation.confirm_due(at(DUE + timedelta(seconds=59)))
    confirmed = confirmation.confirm_due(at(DUE + timedelta(seconds=60)))
    again = confirmation.confirm_due(at(DUE + timedelta(minutes=5)))

    assert (early, confirmed, again) == (0, 1, 0)
    assert state(message) == (Status.HANDED_OVER, "")
    assert message.provider_id == str(next(iter(portal.portal.activities.rows)))
    assert message.handed_over_at == DUE


def test_an_sms_the_portal_never_made_fails_after_five_minutes_and_is_not_sent_again(portal):
    contact = add_person(portal.portal, {"name": "Anna", "email": "anna@example.com"})
    person = make_participant(
        phone="+37120000001", bitrix24_phone="+37120000001", bitrix24_contact_id=contact
    )
    message = make_sms(person)
    delivery.send_due(SMS, at(DUE))

    confirmation.confirm_due(at(DUE + timedelta(minutes=4)))
    still = state(message)
    confirmation.confirm_due(at(DUE + timedelta(minutes=5)))
    delivery.send_due(SMS, at(DUE + timedelta(minutes=6)))

    assert still == (Status.HANDED_OVER, "")
    assert state(message) == (Status.FAILED, "refused")
    assert "SMS" in message.detail
    assert history(message) == ["handed_over", "absent"]
    assert portal.sent == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Delivered", (Status.DELIVERED, "")),
        ("Undelivered", (Status.FAILED, "not_delivered")),
        ("Sent", (Status.HANDED_OVER, "")),
        ("Something new", (Status.HANDED_OVER, "")),
    ],
)
def test_what_the_portal_was_told_of_an_sms_is_taken_over(portal, word, expected):
    portal.portal.settings.sms_status = word
    message = make_sms(make_person(portal))
    delivery.send_due(SMS, at(DUE))

    confirmation.confirm_due(at(DUE + timedelta(minutes=1)))
    delivery_reports.take(DUE + timedelta(minutes=1))

    assert state(message) == expected
    is_open = expected[0] == Status.HANDED_OVER
    assert message.look_up_at == (DUE + timedelta(minutes=2) if is_open else None)
    assert (word in message.detail) == (expected[0] == Status.FAILED)
    assert len(portal.sent) == 1


def test_an_sms_that_is_on_its_way_is_asked_about_until_the_last_word(portal):
    portal.portal.settings.sms_status = "Sent"
    message = make_sms(make_person(portal))
    delivery.send_due(SMS, at(DUE))
    confirmation.confirm_due(at(DUE + timedelta(minutes=1)))
    portal.portal.settings.sms_status = "Delivered"

    confirmation.confirm_due(at(DUE + timedelta(minutes=2)))
    delivery_reports.take(DUE + timedelta(minutes=2))

    assert state(message) == (Status.DELIVERED, "")
    assert history(message) == ["handed_over", "found", "delivered"]


def test_a_portal_that_tells_nothing_of_delivery_confirms_all_the_same(portal):
    portal.portal.settings.scopes -= {"messageservice"}
    message = make_sms(make_person(portal))
    delivery.send_due(SMS, at(DUE))

    confirmation.confirm_due(at(DUE + timedelta(minutes=1)))
    delivery_reports.take(DUE + timedelta(minutes=1))

    assert state(message) == (Status.HANDED_OVER, "")
    assert message.look_up_at is None
    assert history(message) == ["handed_over", "found"]


def test_a_confirmation_without_an_answer_is_asked_again(portal):
    message = make_sms(make_person(portal))
    delivery.send_due(SMS, at(DUE))
    fault = portal.portal.faults.add_spec(
        "error:method=crm.activity.list,code=ACCESS_DENIED,status=403"
    )

    confirmation.confirm_due(at(DUE + timedelta(minutes=10)))
    portal.portal.faults.remove(fault.id)
    confirmation.confirm_due(at(DUE + timedelta(minutes=11)))

    assert state(message) == (Status.HANDED_OVER, "")
    assert history(message) == ["handed_over", "found"]


@pytest.fixture
def busy(portal, monkeypatch):
    """Make a client for which it is not our turn before it has slept, and which can be told how."""

    def of(sleep, drain=2):
        limiter = MemoryLimiter(Bucket(50, drain, margin_seconds=0), level=50)
        client = Bitrix24.at(portal.webhook_url, limiter=limiter, sleep=sleep)
        monkeypatch.setattr(Bitrix24, "from_settings", staticmethod(lambda: client))
        return limiter

    return of


def test_what_is_cancelled_while_a_sender_waits_for_its_turn_does_not_go(portal, busy):
    gone, stays = make_email(make_person(portal, 1)), make_email(make_person(portal, 2))

    def cancel(seconds):
        queue.withdraw(Message.objects.filter(pk=gone.pk), Reason.EVENT_CANCELLED)

    busy(cancel)

    delivery.send_due(EMAIL, at(DUE))

    assert state(gone) == (Status.SKIPPED, Reason.EVENT_CANCELLED)
    assert state(stays) == (Status.HANDED_OVER, "")
    assert [mail.address for mail in portal.sent] == [stays.address]


def test_a_batch_waits_for_its_turn_once(portal, busy):
    waits = []
    limiter = busy(waits.append)
    before = limiter.level
    message = make_email(make_person(portal))

    delivery.send_due(EMAIL, at(DUE))

    assert state(message) == (Status.HANDED_OVER, "")
    assert (len(waits), limiter.level) == (1, pytest.approx(before + 1, abs=1))


def refused_before(message):
    """Let it wait for a repeat, as after a refusal that a person has mended."""
    Message.objects.filter(pk=message.pk).update(attempts=1)
    Attempt.objects.create(
        message=message, number=1, channel=EMAIL, ended_at=DUE, outcome=Attempt.Outcome.REFUSED
    )
    return message


def test_in_a_rush_a_repeat_that_is_looked_up_first_does_not_keep_the_others_waiting(portal, busy):
    repeat = refused_before(make_email(make_person(portal, 1)))
    fresh = make_email(make_person(portal, 2))
    busy(lambda seconds: None, drain=0.1)

    delivery.send_due(EMAIL, at(DUE))

    assert [mail.address for mail in portal.sent] == [fresh.address]
    assert [state(each) for each in (fresh, repeat)] == [
        (Status.HANDED_OVER, ""),
        (Status.PLANNED, ""),
    ]
    assert portal.portal.statistics.methods["crm.activity.list"] == 0
    assert not ChannelState.objects.filter(pk=EMAIL).exists()


def test_a_repeat_is_looked_up_and_sent_where_the_portal_has_time(portal):
    repeat = refused_before(make_email(make_person(portal, 1)))
    fresh = make_email(make_person(portal, 2))

    assert delivery.send_due(EMAIL, at(DUE)) == 2

    assert [mail.address for mail in portal.sent] == [fresh.address, repeat.address]


def test_a_place_for_which_nothing_was_left_is_given_back(portal, busy):
    message = make_email(make_person(portal))

    def settle(seconds):
        queue.withdraw(Message.objects.filter(pk=message.pk), Reason.EVENT_CANCELLED)

    limiter = busy(settle)
    before = limiter.level

    delivery.send_due(EMAIL, at(DUE))

    assert portal.sent == []
    assert limiter.level <= before


def test_what_is_past_its_use_when_its_turn_comes_does_not_go(portal):
    late = make_email(make_person(portal, 1), expires_at=DUE)
    fresh = make_email(make_person(portal, 2))
    channel = Bitrix24EmailChannel()
    channel.clock = at(DUE)

    outcomes = {message.pk: outcome for message, outcome in channel.send([late, fresh])}

    assert isinstance(outcomes[late.pk], NotExecuted)
    assert not outcomes[late.pk].is_failure
    assert [mail.address for mail in portal.sent] == [fresh.address]


@pytest.mark.parametrize(
    ("left", "status"), [(0.1, Status.PLANNED), (60, Status.HANDED_OVER)], ids=["late", "of use"]
)
def test_a_call_begins_before_the_first_of_its_messages_expires(portal, busy, left, status):
    """The portal refuses for now; a moment later it would take it, but that is too late."""
    portal.portal.faults.add_spec("503:method=batch,count=1")
    busy(lambda seconds: None, drain=1_000)
    message = make_email(make_person(portal), expires_at=DUE + timedelta(seconds=left))

    delivery.send_due(EMAIL, at(DUE))

    assert state(message)[0] == status


@pytest.mark.parametrize("seconds", [150, 90, 85])
def test_a_claim_outlives_the_longest_wait_and_call(settings, seconds):
    settings.MESSAGE_LEASE = timedelta(seconds=seconds)
    settings.BITRIX24_READ_TIMEOUT = 75
    begun = datetime.now(UTC)

    wait = call_deadline() - begun

    assert wait.total_seconds() == pytest.approx(min(CALL_SECONDS, seconds - 80), abs=1)


def test_without_a_webhook_the_channels_say_that_they_are_off(settings):
    settings.BITRIX24_WEBHOOK_URL = ""

    assert "BITRIX24_WEBHOOK_URL" in Bitrix24EmailChannel().missing()
    assert "BITRIX24_WEBHOOK_URL" in Bitrix24SmsChannel().missing()


def test_an_address_that_is_none_switches_off_instead_of_failing(settings):
    settings.BITRIX24_WEBHOOK_URL = "https://college.bitrix24.eu/secret"
    message = make_email(make_participant(email="anna@example.com"))

    assert delivery.send_due(EMAIL, at(DUE)) == 0

    assert "secret" not in Bitrix24EmailChannel().missing()
    assert "BITRIX24_WEBHOOK_URL" in Bitrix24EmailChannel().missing()
    assert state(message) == (Status.PLANNED, "")


def test_without_a_template_only_the_sms_are_off(portal, settings):
    settings.BITRIX24_SMS_TEMPLATE_ID = 0

    assert "BITRIX24_SMS_TEMPLATE_ID" in Bitrix24SmsChannel().missing()
    assert Bitrix24EmailChannel().missing() == ""
