"""When it is said what a mail server means that refuses a recipient."""

from contextlib import closing
from datetime import timedelta

import pytest

from outbox import delivery, look_up
from outbox.channels import HandedOver, Refused, RefusedBecause
from outbox.channels.smtp import SmtpChannel
from outbox.models import Message, Reason, Status
from people.models import AddressBlock
from tests.factories import START
from tests.outbox.channels.mail_server import addressed, server

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
SURE = ["550 5.1.1 no such user", "530 5.7.0 authentication required"]
DOUBTFUL = [
    "550 no such mailbox",
    "550 5.7.1 not from you",
    "550 5.1.7 the sender's address is not valid",
    "552 5.2.2 mailbox full",
]


class KilledChannel(SmtpChannel):
    """Takes its worker along after three letters."""

    def send(self, messages):
        handed_over = 0
        for message, outcome in super().send(messages):
            yield message, outcome
            handed_over += isinstance(outcome, HandedOver)
            if handed_over == 3:
                raise SystemExit


@pytest.mark.parametrize("words", [SURE[0], DOUBTFUL[0]])
def test_what_was_clearly_refused_comes_to_nobody_after_the_worker_was_killed(settings, words):
    settings.SMTP_CONNECTIONS = 1
    settings.MESSAGE_CHANNELS = {"smtp": f"{__name__}.KilledChannel"}
    bad, *_good = addressed("bad", *(f"anna{number}" for number in range(11)))

    with server(settings, **{"TO:<bad@": words}), pytest.raises(SystemExit):
        delivery.send_due("smtp", lambda: DUE)
    look_up.abandon_expired_leases(DUE + timedelta(seconds=150))

    bad.refresh_from_db()
    assert (bad.status, bad.reason) == (Status.FAILED, Reason.BAD_ADDRESS)
    assert AddressBlock.objects.get().address == bad.address
    assert bad not in Message.objects.for_a_person()


def answered(messages):
    """Send by one connection; return the names of those addressed in the order of the answers."""
    with closing(SmtpChannel()) as channel:
        return [message.address.partition("@")[0] for message, _outcome in channel.send(messages)]


@pytest.mark.parametrize("words", SURE)
def test_a_clear_refusal_is_answered_for_at_once(settings, words):
    settings.SMTP_CONNECTIONS = 1

    with server(settings, **{"TO:<bad": words}):
        order = answered(addressed("bad1", "bad2", "anna", "bad3", "berta"))

    assert order == ["bad1", "bad2", "anna", "bad3", "berta"]


@pytest.mark.parametrize("words", DOUBTFUL)
def test_a_doubtful_refusal_is_answered_for_as_soon_as_a_letter_is_taken(settings, words):
    settings.SMTP_CONNECTIONS = 1

    with server(settings, **{"TO:<bad": words}):
        order = answered(addressed("bad1", "bad2", "anna", "bad3", "berta"))

    assert order == ["anna", "bad1", "bad2", "bad3", "berta"]


def test_a_doubtful_refusal_waits_for_the_end_where_nothing_is_taken(settings):
    settings.SMTP_CONNECTIONS = 1

    with server(settings, **{"TO:<bad": DOUBTFUL[0], "TO:<full": "452 mailbox full"}):
        order = answered(addressed("bad1", "full1", "bad2", "full2"))

    assert order == ["full1", "full2", "bad1", "bad2"]


def test_a_fault_of_our_own_leaves_no_refusal_unanswered(settings):
    settings.SMTP_CONNECTIONS = 1
    bad, _next = messages = addressed("bad", "anna")
    moments = [DUE]
    found = []

    def send(channel):
        for answer in channel.send(messages):
            found.append(answer)

    with server(settings, RCPT=DOUBTFUL[0]) as running, closing(SmtpChannel()) as channel:
        channel.clock = moments.pop
        with pytest.raises(IndexError, match="pop from empty list"):
            send(channel)

    assert found == [(bad, Refused(DOUBTFUL[0], RefusedBecause.ADDRESS))]
    assert running.taken == []
