"""SMS by Messente, against a gateway that does what it is told to do wrong."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from integrations.messente.client import Messente
from integrations.messente.sandbox import Fault
from integrations.messente.sandbox.reports import Style, state_of
from outbox import confirmation, delivery, delivery_reports, look_up, queue
from outbox.channels import HandedOver, NotExecuted
from outbox.channels.messente_sms import MessenteSmsChannel
from outbox.models import Attempt, ChannelState, DeliveryReport, Message, Reason, Status
from people.models import AddressBlock, Consent
from tests.factories import START, make_message, make_participant

pytestmark = pytest.mark.django_db

KEY = "messente_sms"
DUE = START - timedelta(minutes=15)
LATER = DUE + timedelta(minutes=2)


def at(moment):
    return lambda: moment


def make_sms(phone="+37120000001", **fields):
    person = fields.pop("person", None) or make_participant(phone=phone)
    return make_message(
        channel=KEY, medium="sms", participant=person, address=person.phone, **fields
    )


def send(moment=DUE):
    return delivery.send_due(KEY, at(moment))


def report(sms, status, error=0, **headers):
    """Post a report as the gateway would, to the address that the message named."""
    sms.status, sms.error = status, error
    path = sms.report_url.removeprefix(settings.SITE_URL)
    return Client().post(path, json.dumps(state_of(sms)), "application/json", headers=headers)


def state(message):
    message.refresh_from_db()
    return message.status, message.reason


def history(message):
    return [attempt.outcome for attempt in message.history.all()]


def test_an_sms_is_handed_over_with_the_gateways_number(gateway):
    message = make_sms(body="Sākam pēc 15 minūtēm!")

    assert send() == 1

    (sms,) = gateway.sent
    assert state(message) == (Status.HANDED_OVER, "")
    assert (message.provider_id, sms.to, sms.text, sms.sender) == (
        sms.number,
        "+37120000001",
        "Sākam pēc 15 minūtēm!",
        "BVK",
    )


def test_of_those_in_hand_nobody_gets_an_sms_after_the_event_is_cancelled(gateway, monkeypatch):
    messages = [make_sms(phone=f"+3712000000{number}") for number in range(3)]
    call = Messente.send_sms

    def send_and_cancel(client, **sms):
        queue.withdraw(Message.objects.all(), Reason.EVENT_CANCELLED)
        return call(client, **sms)

    monkeypatch.setattr(Messente, "send_sms", send_and_cancel)

    assert send() == 1

    assert [sms.to for sms in gateway.sent] == ["+37120000000"]
    cancelled = (Status.SKIPPED, Reason.EVENT_CANCELLED)
    assert [state(each) for each in messages] == [(Status.HANDED_OVER, ""), cancelled, cancelled]


def test_the_gateway_gives_up_when_the_message_is_of_no_use_any_more(gateway):
    now = datetime.now(UTC)
    make_sms(due_at=now, expires_at=now + timedelta(minutes=20))

    send(now)

    assert gateway.sent[0].validity == 20


def test_a_wrong_number_is_blocked_and_the_others_go(gateway):
    wrong, right = make_sms(phone="+123"), make_sms()

    assert send() == 1

    assert state(wrong) == (Status.FAILED, "bad_address")
    assert state(right) == (Status.HANDED_OVER, "")
    (block,) = AddressBlock.objects.in_force()
    assert (block.address, block.stop_list) == ("+123", "")


def test_who_told_the_gateway_to_stop_is_blocked_and_gets_no_offers(gateway):
    gateway.account.blacklist.add("+37120000009")
    person = make_participant(phone="+37120000009", offers_by_sms_at=START)
    message = make_sms(person=person)

    send()

    person.refresh_from_db()
    assert state(message) == (Status.FAILED, "stopped_there")
    (block,) = AddressBlock.objects.in_force()
    assert (block.address, block.stop_list) == ("+37120000009", KEY)
    assert "blacklisted" in block.reason
    assert person.offers_by_sms_at is None
    assert Consent.objects.get().source == "provider"


@pytest.mark.parametrize(
    "change",
    [{"password": "changed"}, {"credit": 0.0}, {"senders": ("Other",)}],
    ids=["password", "credit", "sender"],
)
def test_an_account_that_is_refused_stops_the_channel_and_loses_nothing(gateway, change):
    for name, value in change.items():
        setattr(gateway.account, name, value)
    messages = [make_sms(phone=f"+3712000000{n}") for n in range(3)]

    send()

    assert ChannelState.objects.get(pk=KEY).needs_a_person is True
    assert {state(message) for message in messages} == {(Status.PLANNED, "")}
    assert (gateway.sent, AddressBlock.objects.count()) == ([], 0)


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.THROTTLED])
def test_what_was_not_executed_goes_a_moment_later(gateway, fault):
    gateway.account.faults.append(fault)
    message = make_sms()

    send()
    assert state(message) == (Status.PLANNED, "")
    send(DUE + timedelta(seconds=2))

    assert state(message) == (Status.HANDED_OVER, "")
    assert len(gateway.sent) == 1


def test_where_nobody_listens_the_message_waits(gateway, settings):
    settings.MESSENTE_API_URL = "http://127.0.0.1:9/v1"
    message = make_sms()

    send()

    assert state(message) == (Status.PLANNED, "")


def test_a_dropped_connection_stops_the_batch_and_is_never_blindly_repeated(gateway):
    gateway.account.faults.append(Fault.DROP)
    dropped, next_one = make_sms(), make_sms(phone="+37120000002")

    send()
    look_up.resolve_unclear(at(DUE + timedelta(minutes=10)))
    send(DUE + timedelta(minutes=10))

    assert state(dropped) == (Status.UNKNOWN, "unclear")
    assert dropped.look_up_at is None
    assert state(next_one) == (Status.HANDED_OVER, "")
    assert [sms.to for sms in gateway.sent] == ["+37120000001", "+37120000002"]


def test_a_report_settles_what_was_dropped_after_sending(gateway):
    gateway.account.faults.append(Fault.DROP)
    message = make_sms()
    send()

    assert report(gateway.sent[0], "DELIVRD").status_code == 200
    assert delivery_reports.take(LATER) == 1

    assert state(message) == (Status.DELIVERED, "")
    assert message.provider_id == gateway.sent[0].number
    assert history(message) == [Attempt.Outcome.UNCLEAR, Attempt.Outcome.DELIVERED]
    assert send(LATER) == 0
    assert len(gateway.sent) == 1


def test_a_report_of_a_number_unknown_to_the_operator_blocks_it(gateway):
    message = make_sms()
    send()

    report(gateway.sent[0], "UNDELIV", 3)
    delivery_reports.take(LATER)

    assert state(message) == (Status.FAILED, "bad_address")
    (block,) = AddressBlock.objects.in_force()
    assert (block.medium, block.address) == ("sms", "+37120000001")
    assert "Invalid number" in block.reason
    assert "Invalid number" in message.detail


def test_a_report_that_the_account_is_empty_stops_the_channel(gateway):
    message = make_sms()
    send()

    report(gateway.sent[0], "REJECTD", 4)
    delivery_reports.take(LATER)

    assert state(message) == (Status.FAILED, "account")
    assert ChannelState.objects.get(pk=KEY).needs_a_person is True


def test_a_report_counts_once_however_often_it_comes(gateway):
    message = make_sms()
    send()

    for _ in range(3):
        report(gateway.sent[0], "DELIVRD")
        delivery_reports.take(LATER)

    assert DeliveryReport.objects.count() == 1
    assert history(message) == [Attempt.Outcome.HANDED_OVER, Attempt.Outcome.DELIVERED]


def test_a_report_in_characters_that_no_database_takes_counts_without_them(gateway):
    message = make_sms()
    send()
    path = gateway.sent[0].report_url.removeprefix(settings.SITE_URL)
    told = {"status": "UNDELIV", "err": 1, "error": "No\0 such\ud800 phone"}

    answer = Client().post(path, json.dumps(told), "application/json")
    delivery_reports.take(LATER)

    assert answer.status_code == 200
    assert state(message) == (Status.FAILED, "not_delivered")
    assert "No such phone" in message.detail


def test_a_signature_that_is_wrong_is_refused_and_the_address_kept_secret(gateway, caplog):
    make_sms()
    send()

    wrong = report(gateway.sent[0], "DELIVRD", **{"X-Messente-Signature": "0" * 64})

    assert (wrong.status_code, DeliveryReport.objects.count()) == (401, 0)
    assert gateway.sent[0].report_url.rpartition("%3A")[2] not in caplog.text
    assert "/outbox/messente/report" in caplog.text


def test_the_real_server_takes_what_the_gateway_posts(gateway, settings, live_server):
    settings.SITE_URL = live_server.url
    gateway.reports.style = Style.EARLY
    message = make_sms()

    send()
    delivery_reports.take(timezone.now())

    assert gateway.reports.answers == [200, 200]
    assert state(message) == (Status.DELIVERED, "")


@pytest.mark.parametrize("change", ["", "x", "0"])
def test_an_address_that_we_did_not_give_is_not_there(gateway, change):
    make_sms()
    send()
    path = gateway.sent[0].report_url.removeprefix(settings.SITE_URL)
    forged = path.replace("%3A", f"{change}%3A") if change else f"{path[:-2]}zz"

    assert Client().post(forged, b"{}", "application/json").status_code == 404
    assert Client().get(path).status_code == 405


@pytest.mark.parametrize(("body", "status"), [(b"[]", 400), (b"x" * 70_000, 413)])
def test_what_is_no_report_is_refused(gateway, body, status):
    make_sms()
    send()
    path = gateway.sent[0].report_url.removeprefix(settings.SITE_URL)

    assert Client().post(path, body, "application/json").status_code == status
    assert DeliveryReport.objects.count() == 0


def test_the_state_is_asked_for_where_no_report_comes_and_ever_more_rarely(gateway):
    message = make_sms()
    send()

    confirmation.confirm_due(at(DUE + timedelta(minutes=1)))
    message.refresh_from_db()
    asked_again = message.look_up_at
    gateway.sent[0].status = "DELIVRD"
    confirmation.confirm_due(at(asked_again))
    delivery_reports.take(asked_again)

    assert asked_again == DUE + timedelta(minutes=2)
    assert state(message) == (Status.DELIVERED, "")
    assert history(message) == [Attempt.Outcome.HANDED_OVER, Attempt.Outcome.DELIVERED]


def test_asking_ends_after_two_hours(gateway):
    message = make_sms()
    send()

    confirmation.confirm_due(at(DUE + timedelta(hours=2)))

    message.refresh_from_db()
    assert (message.status, message.look_up_at) == (Status.HANDED_OVER, None)


def test_a_gateway_that_is_silent_is_asked_again(gateway, settings):
    message = make_sms()
    send()
    settings.MESSENTE_API_URL = "http://127.0.0.1:9/v1"

    confirmation.confirm_due(at(DUE + timedelta(minutes=1)))

    message.refresh_from_db()
    assert (message.status, message.look_up_at) == (
        Status.HANDED_OVER,
        DUE + timedelta(minutes=2),
    )


def test_what_is_past_its_use_when_its_turn_comes_does_not_go(gateway):
    late, fresh = make_sms("+37120000001", expires_at=DUE), make_sms("+37120000002")
    channel = MessenteSmsChannel()
    channel.clock = at(DUE)

    outcomes = {message.pk: type(outcome) for message, outcome in channel.send([late, fresh])}

    assert outcomes == {late.pk: NotExecuted, fresh.pk: HandedOver}
    assert [sms.to for sms in gateway.sent] == [fresh.address]


def test_it_says_what_is_missing_and_whether_the_account_works(gateway, settings):
    channel = MessenteSmsChannel()
    assert (channel.missing(), channel.trouble()) == ("", "")

    gateway.account.password = "changed"
    assert "password is wrong" in channel.trouble()

    settings.MESSENTE_SENDER = ""
    assert "MESSENTE_SENDER" in channel.missing()
