"""Confirming goes once over what was handed over, channel by channel."""

from datetime import timedelta

import pytest

from outbox import confirmation
from outbox.channels import CannotTell
from outbox.models import Message, Status
from tests import fakes
from tests.factories import START, make_message

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)
HANDED_OVER = {"status": Status.HANDED_OVER, "handed_over_at": DUE, "look_up_at": DUE}


class SilentChannel(fakes.RecordingChannel):
    """Never answers; what it was asked about stands where others keep what they sent."""

    def look_up(self, messages):
        for message in messages:
            fakes.sent.append((message.channel, message.body))
            yield message, CannotTell("It is silent.")


class FaultyChannel(fakes.RecordingChannel):
    """Has a mistake in it."""

    def look_up(self, messages):
        raise ZeroDivisionError


def test_a_silent_provider_is_asked_once_about_each_message(sent, settings):
    settings.MESSAGE_CHANNELS = {"recording": f"{__name__}.SilentChannel"}
    for number in range(confirmation.BATCH + 1):
        make_message(body=f"number {number}", **HANDED_OVER)
    moments = iter(range(6))

    confirmation.confirm_due(lambda: DUE + confirmation.AGAIN * next(moments))

    assert [body for _channel, body in sent] == [
        f"number {number}" for number in range(confirmation.BATCH + 1)
    ]


def test_neither_a_channel_that_is_gone_nor_one_at_fault_keeps_the_others_from_theirs(
    sent, settings, caplog
):
    settings.MESSAGE_CHANNELS |= {"faulty": f"{__name__}.FaultyChannel"}
    *_others, confirmed = (
        make_message(channel=channel, **HANDED_OVER) for channel in ("faulty", "gone", "recording")
    )
    sent.append((confirmed.address, confirmed.body))

    assert confirmation.confirm_due(lambda: DUE) == 1

    assert list(Message.objects.exclude(provider_id="")) == [confirmed]
    assert "channel faulty" in caplog.text
    assert "gone" not in caplog.text
