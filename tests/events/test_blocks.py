"""Blocked addresses: the list, the STOP lists of providers, and lifting a block."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from events import reminders
from outbox import delivery, stop_lists
from outbox.models import Status
from people.models import AddressBlock, Consent, Medium
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_participant,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

STOPPED = "+37120000009"


@pytest.fixture
def head(client_for):
    return client_for(make_user(full_name="Laura Liepiņa"))


def stopped():
    return list(
        AddressBlock.objects.in_force().order_by("address").values_list("address", "stop_list")
    )


def test_the_list_of_the_gateway_blocks_whom_we_know_and_withdraws_their_consent(gateway):
    gateway.account.blacklist |= {STOPPED, "+37120000008"}
    person = make_participant(phone=STOPPED, offers_by_sms_at=START)
    make_participant(phone="+37120000007")

    assert stop_lists.read_all(START) == (1, [])
    assert stop_lists.read_all(START + timedelta(days=1)) == (0, [])

    person.refresh_from_db()
    assert stopped() == [(STOPPED, "messente_sms")]
    assert person.offers_by_sms_at is None
    assert Consent.objects.get().get_source_display()


def test_a_stop_overrides_another_reason_for_the_block(gateway):
    gateway.account.blacklist.add(STOPPED)
    make_participant(phone=STOPPED)
    AddressBlock.objects.block(Medium.SMS, STOPPED, "Invalid number.", START)

    assert stop_lists.read_all(START) == (1, [])

    assert stopped() == [(STOPPED, "messente_sms")]


def test_a_gateway_that_cannot_be_read_changes_nothing_and_is_named(gateway):
    gateway.account.password = "changed"

    blocked, problems = stop_lists.read_all(START)

    assert blocked == 0
    assert ["password is wrong" in problem for problem in problems] == [True]


def test_without_messente_there_is_no_list_to_read():
    assert stop_lists.read_all(START) == (0, [])


def test_an_sms_to_who_stopped_at_night_is_not_sent(gateway, settings):
    settings.SMS_CHANNEL = "messente_sms"
    gateway.account.blacklist.add(STOPPED)
    registration = make_registration(make_event(), person={"phone": STOPPED})
    arm_rules()
    due = START - timedelta(minutes=15)
    reminders.queue_due(due)
    stop_lists.read_all(due)

    delivery.send_due("messente_sms", lambda: due)

    (sms,) = registration.participant.messages.filter(medium="sms")
    assert (sms.status, sms.reason) == (Status.SKIPPED, "blocked")
    assert gateway.sent == []


def test_the_page_lists_every_block_with_whose_it_is(head, gateway):
    person = make_participant(phone=STOPPED, last_name="Kalniņa")
    AddressBlock.objects.block(Medium.SMS, STOPPED, "Stopped.", START, stop_list="messente_sms")
    AddressBlock.objects.block(Medium.EMAIL, "gone@example.org", "No such mailbox.", START)

    shown = head.get(reverse("events:block_list")).content.decode()

    assert f'href="{reverse("events:participant_detail", args=[person.pk])}"' in shown
    assert "gone@example.org" in shown
    assert "SMS by Messente" in shown
    assert "Read the STOP lists now" in shown


def test_the_page_asks_the_database_the_same_for_one_person_and_for_three(
    head, django_assert_max_num_queries
):
    def asked():
        with django_assert_max_num_queries(30) as asking:
            head.get(reverse("events:block_list"))
        return len(asking)

    def block_somebody():
        person = make_participant()
        AddressBlock.objects.block(Medium.SMS, person.phone, "Wrong.", START)
        AddressBlock.objects.block(Medium.EMAIL, person.email, "Wrong.", START)

    block_somebody()
    with_one = asked()
    block_somebody()
    block_somebody()

    assert asked() == with_one


def test_the_button_reads_the_lists_and_says_what_came_of_it(head, gateway):
    gateway.account.blacklist.add(STOPPED)
    make_participant(phone=STOPPED)

    assert head.get(reverse("events:stop_lists_read")).status_code == 405
    shown = head.post(reverse("events:stop_lists_read"), follow=True).content.decode()

    assert "1 address is newly blocked" in shown
    assert stopped() == [(STOPPED, "messente_sms")]

    gateway.account.password = "changed"
    shown = head.post(reverse("events:stop_lists_read"), follow=True).content.decode()

    assert "password is wrong" in shown
    assert "The STOP lists are read" not in shown


def test_an_administrator_of_another_role_may_read_the_lists(client_for, gateway):
    client = client_for(make_user(role=Role.DIRECTOR, is_administrator=True))

    assert client.post(reverse("events:stop_lists_read")).status_code == 302


def lift(client, block):
    address = reverse("events:block_lift", args=[block.pk])
    return client.post(address, {"reason": "She called."}).content.decode()


def test_a_stop_is_lifted_only_when_the_provider_has_it_no_longer(head, gateway):
    gateway.account.blacklist.add(STOPPED)
    make_participant(phone=STOPPED)
    stop_lists.read_all(timezone.now())
    block = AddressBlock.objects.get()

    refused = lift(head, block)
    gateway.account.password = "changed"
    silent = lift(head, block)

    assert "has it on its own list" in refused
    assert "cannot be asked now" in silent
    assert stopped() == [(STOPPED, "messente_sms")]

    gateway.account.password = "sandbox-password"
    gateway.account.blacklist.clear()
    lift(head, block)

    assert stopped() == []


def test_a_stop_at_a_provider_that_is_gone_can_be_lifted(head):
    block = AddressBlock.objects.block(
        Medium.SMS, STOPPED, "Stopped.", START, stop_list="messente_sms"
    )

    lift(head, block)

    assert stopped() == []


def test_a_person_sees_on_the_participants_page_that_only_they_can_undo_it(head):
    person = make_participant(phone=STOPPED)
    AddressBlock.objects.block(Medium.SMS, STOPPED, "Stopped.", START, stop_list="messente_sms")

    shown = head.get(reverse("events:participant_detail", args=[person.pk])).content.decode()

    assert "only the person can undo it there" in shown
