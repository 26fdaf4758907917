"""Delivery reports: in any order, any number of times, before or after our own save."""

import uuid
from datetime import timedelta
from itertools import permutations
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from outbox import decisions, delivery, delivery_reports, look_up
from outbox.channels import HandedOver, NotExecuted, RefusedBecause, Report, Unclear
from outbox.models import DeliveryReport, Message, Status
from outbox.recording import Recorder
from people.models import AddressBlock
from tests import fakes
from tests.factories import START, make_message, make_user

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
State = DeliveryReport.State

ON_ITS_WAY = Report(State.ON_ITS_WAY, "ACK", provider_id="p-1", at=DUE + timedelta(seconds=1))
DELIVERED = Report(State.DELIVERED, "DELIVRD", provider_id="p-1", at=DUE + timedelta(seconds=4))
FAILED = Report(
    State.FAILED,
    "UNDELIV 1",
    "Delivery failure",
    RefusedBecause.MESSAGE,
    "p-1",
    DUE + timedelta(seconds=3),
)
UNKNOWN_NUMBER = Report(
    State.FAILED,
    "UNDELIV 3",
    "Invalid number",
    RefusedBecause.ADDRESS,
    "p-1",
    DUE + timedelta(seconds=3),
)


def at(moment):
    return lambda: moment


def note(message, report, attempt=1, moment=DUE + timedelta(seconds=5)):
    delivery_reports.note("recording", message.uid, attempt, report, moment)


def take(moment=DUE + timedelta(minutes=1)):
    return delivery_reports.take(moment)


def claimed():
    """Claim one message as a worker does, and return it."""
    make_message()
    (message,) = delivery.claim(fakes.RecordingChannel(), DUE, 10).messages
    return message


def record(message, outcome, moment=DUE + timedelta(seconds=2)):
    recorder = Recorder(fakes.RecordingChannel(), at(moment), worker="w")
    recorder.add(message, outcome)
    recorder.flush()


def state(message):
    fresh = Message.objects.get(pk=message.pk)
    return fresh.status, fresh.reason


@pytest.fixture(autouse=True)
def recording(sent):
    """Let the fakes carry everything."""


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([ON_ITS_WAY], ("handed_over", "")),
        ([ON_ITS_WAY, DELIVERED], ("delivered", "")),
        ([FAILED], ("failed", "not_delivered")),
        ([ON_ITS_WAY, UNKNOWN_NUMBER], ("failed", "bad_address")),
        ([FAILED, DELIVERED], ("delivered", "")),
        ([ON_ITS_WAY, FAILED, DELIVERED], ("delivered", "")),
    ],
)
def test_the_state_follows_from_all_reports_whatever_their_order(reports, expected):
    found = set()
    for order in permutations(reports):
        message = claimed()
        record(message, HandedOver("p-1"))
        for report in order:
            note(message, report)
            take()
        found.add(state(message))

    assert found == {expected}


def test_a_report_that_comes_before_our_own_save_waits_for_it():
    message = claimed()
    note(message, DELIVERED)

    assert take() == 0
    assert state(message) == (Status.CALLING, "")

    record(message, HandedOver("p-1"))
    assert take() == 1
    assert state(message) == (Status.DELIVERED, "")
    assert Message.objects.get().handed_over_at == DUE + timedelta(seconds=2)


def test_a_report_settles_what_a_dead_worker_left():
    message = claimed()
    note(message, DELIVERED)

    look_up.abandon_expired_leases(DUE + timedelta(minutes=5))
    take()

    assert state(message) == (Status.DELIVERED, "")
    assert Message.objects.get().delivered_at == DUE + timedelta(seconds=4)


def test_a_worker_that_comes_back_late_does_not_undo_it():
    message = claimed()
    look_up.abandon_expired_leases(DUE + timedelta(minutes=5))
    note(message, DELIVERED)
    take()

    record(message, Unclear("The connection was lost."), DUE + timedelta(minutes=6))

    assert state(message) == (Status.DELIVERED, "")


@pytest.mark.parametrize("report", [ON_ITS_WAY, DELIVERED])
def test_what_we_believed_not_executed_is_not_sent_again_when_a_report_says_it_was(report, sent):
    message = claimed()
    record(message, NotExecuted("503", retry_after=5))
    note(message, report)
    take()

    assert delivery.send_due("recording", at(DUE + timedelta(minutes=2))) == 0
    assert state(message)[0] in (Status.HANDED_OVER, Status.DELIVERED)
    assert sent == []


def test_a_report_after_a_person_decided_to_send_again_prevents_that(sent):
    message = claimed()
    record(message, Unclear("The connection was lost."))
    Message.objects.update(look_up_at=None)
    decisions.settle_by_sending_again(
        Message.objects.get(), by_id=make_user().pk, at=DUE + timedelta(minutes=1)
    )

    note(message, ON_ITS_WAY)
    take()

    assert delivery.send_due("recording", at(DUE + timedelta(minutes=2))) == 0
    assert state(message) == (Status.HANDED_OVER, "")


def test_a_late_failure_of_an_earlier_attempt_does_not_touch_the_later_one(sent):
    message = claimed()
    record(message, HandedOver("p-1"))
    note(message, FAILED)
    take()
    decisions.retry(Message.objects.get(), by_id=make_user().pk, at=DUE + timedelta(minutes=2))
    assert delivery.send_due("recording", at(DUE + timedelta(minutes=2))) == 1

    note(message, UNKNOWN_NUMBER, attempt=1)
    take(DUE + timedelta(minutes=3))

    assert state(message) == (Status.HANDED_OVER, "")
    assert AddressBlock.objects.count() == 0


def test_on_its_way_after_the_failure_does_not_revive_a_message_that_is_to_be_repeated():
    message = claimed()
    record(message, HandedOver("p-1"))
    note(message, FAILED)
    take()
    decisions.retry(Message.objects.get(), by_id=make_user().pk, at=DUE + timedelta(minutes=2))

    note(message, ON_ITS_WAY)
    take(DUE + timedelta(minutes=3))

    assert state(message) == (Status.PLANNED, "")


def test_a_report_after_the_event_is_still_taken():
    message = claimed()
    record(message, HandedOver("p-1"))

    note(message, DELIVERED, moment=START + timedelta(days=1))
    take(START + timedelta(days=1))

    assert state(message) == (Status.DELIVERED, "")


def test_a_report_of_a_message_that_is_not_there_waits_and_is_forgotten_in_the_end():
    delivery_reports.note("recording", uuid.uuid4(), 1, DELIVERED, DUE)

    assert take() == 0
    assert delivery_reports.forget_old(DUE + timedelta(days=29)) == 0
    assert delivery_reports.forget_old(DUE + timedelta(days=30)) == 1


def test_a_clock_that_is_ahead_delivers_nothing_in_the_future():
    message = claimed()
    record(message, HandedOver("p-1"))

    note(message, Report(State.DELIVERED, "DELIVRD", at=DUE + timedelta(hours=1)))
    take()

    assert Message.objects.get().delivered_at == DUE + timedelta(seconds=5)


def test_with_nothing_to_take_a_look_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert take() == 0


def test_an_address_is_for_one_channel_message_and_attempt():
    message = claimed()
    query = urlsplit(delivery_reports.address_for(message)).query
    signed = parse_qs(query)["key"][0]

    assert delivery_reports.read_address(signed, "recording") == (message.uid, 1)
    with pytest.raises(delivery_reports.UnknownAddressError):
        delivery_reports.read_address(signed, "messente_sms")
    with pytest.raises(delivery_reports.UnknownAddressError):
        delivery_reports.read_address(signed.replace(".1:", ".2:"), "recording")


OUTCOMES = st.sampled_from([HandedOver("p-1"), Unclear("lost"), None])
"""What our own save says; None: the worker died, and the lease ran out."""


class AnyOrder(TestCase):
    """The end does not depend on the order, nor on how often anything is told."""

    @pytest.fixture(autouse=True)
    def _recording(self, sent):
        """Let the fakes carry everything."""

    @settings(max_examples=60, deadline=None)
    @given(
        reports=st.sets(
            st.sampled_from([ON_ITS_WAY, DELIVERED, FAILED, UNKNOWN_NUMBER]), min_size=1
        ),
        outcome=OUTCOMES,
        mixed=st.data(),
    )
    def test_the_same_reports_and_our_own_save_end_in_the_same_state(self, reports, outcome, mixed):
        reports = sorted(reports, key=lambda report: report.code)
        steps = [*reports, *reports, "save", "take", "take"]
        expected = self.end_after(["save", *reports, "take"], outcome)

        order = mixed.draw(st.permutations(steps))

        assert self.end_after([*order, "take"], outcome) == expected

    def end_after(self, steps, outcome):
        with transaction.atomic():
            message = claimed()
            for step in steps:
                if step == "take":
                    take()
                elif step != "save":
                    note(message, step)
                elif outcome is None:
                    look_up.abandon_expired_leases(DUE + timedelta(minutes=5))
                else:
                    record(message, outcome)
            row = Message.objects.get(pk=message.pk)
            blocked = AddressBlock.objects.filter(address=row.address).exists()
            end = (row.status, row.reason, row.detail, row.delivered_at, row.provider_id, blocked)
            transaction.set_rollback(True)
        return end
