"""Threads are shared out: one for each channel in any case, and some are left for deciding."""

from contextlib import ExitStack

import pytest

from outbox import senders
from tests import fakes


class EmailChannel(fakes.RecordingChannel):
    key = "email"
    senders = 4


class SmsChannel(EmailChannel):
    key = "sms"


@pytest.fixture
def channels(settings):
    settings.MESSAGE_CHANNELS = {
        "email": f"{__name__}.EmailChannel",
        "sms": f"{__name__}.SmsChannel",
    }
    with ExitStack() as places:
        yield lambda channel: places.enter_context(senders.place(channel))
    senders.share_threads(1_000)


def test_a_channel_has_no_more_senders_than_it_wants(channels):
    senders.share_threads(16)

    assert [channels(EmailChannel()) for _ in range(5)] == [True] * 4 + [False]


def test_a_rush_by_both_media_leaves_threads_free(channels):
    senders.share_threads(8)

    taken = [channels(channel()) for _ in range(4) for channel in (EmailChannel, SmsChannel)]

    assert sum(taken) == 8 - senders.KEPT_FREE


def test_the_readme_says_how_many_threads_that_takes(settings):
    least = senders.KEPT_FREE + len(settings.MESSAGE_CHANNELS)

    assert f"at least `--concurrency {least}`" in (settings.BASE_DIR / "README.md").read_text()


def test_a_rush_by_one_channel_leaves_a_place_to_the_other(channels):
    senders.share_threads(7)
    emails = [channels(EmailChannel()) for _ in range(4)]

    assert (emails, channels(SmsChannel())) == ([True, True, False, False], True)


def test_a_worker_with_few_threads_sends_by_every_channel_all_the_same(channels):
    senders.share_threads(1)

    assert [channels(EmailChannel()), channels(EmailChannel()), channels(SmsChannel())] == [
        True,
        False,
        True,
    ]


def test_who_has_finished_makes_room():
    with senders.place(EmailChannel()):
        pass

    with ExitStack() as places:
        assert all(places.enter_context(senders.place(EmailChannel())) for _ in range(4))
