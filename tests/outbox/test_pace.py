"""How long so many messages take under a provider's limit."""

import pytest

from outbox.channels.base import Rate
from outbox.pace import seconds_needed
from tests import fakes


class LimitedChannel(fakes.RecordingChannel):
    """Ten messages a call, five calls at once, then two a second."""

    def batch_size(self):
        return 10

    def rate(self):
        return Rate(5, 2)


@pytest.mark.parametrize(
    ("messages", "seconds"), [(0, 0), (50, 0), (51, 0.5), (60, 0.5), (61, 1), (1000, 47.5)]
)
def test_the_first_calls_are_free_and_the_others_wait_for_the_limit(messages, seconds):
    assert seconds_needed(messages, LimitedChannel()) == seconds


def test_a_provider_without_a_limit_needs_no_time_of_its_own():
    assert seconds_needed(100_000, fakes.RecordingChannel()) == 0


def test_a_channel_that_is_off_is_not_asked(monkeypatch):
    monkeypatch.setattr(LimitedChannel, "missing", lambda self: "Not connected.")

    assert seconds_needed(1000, LimitedChannel()) == 0
