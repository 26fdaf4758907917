"""The lease has to outlast the longest call of every channel, or the application does not start."""

from datetime import timedelta

import pytest

from outbox.lease_check import check_lease

CHANNELS = {
    "bitrix24_email": ("outbox.channels.bitrix24_email.Bitrix24EmailChannel", 80),
    "messente_sms": ("outbox.channels.messente_sms.MessenteSmsChannel", 95),
    "smtp": ("outbox.channels.smtp.SmtpChannel", 142),
}


@pytest.mark.parametrize("key", CHANNELS)
def test_a_lease_shorter_than_a_call_is_refused_at_the_start(settings, key):
    path, seconds = CHANNELS[key]
    settings.MESSAGE_CHANNELS = {key: path}
    settings.BITRIX24_READ_TIMEOUT = 75

    settings.MESSAGE_LEASE = timedelta(seconds=seconds)
    refused = check_lease()
    settings.MESSAGE_LEASE = timedelta(seconds=seconds + 1)

    assert [error.id for error in refused] == ["outbox.E001"]
    assert f"By the channel {key} " in refused[0].hint
    assert check_lease() == []


def test_of_several_channels_the_slowest_one_counts(settings):
    settings.MESSAGE_CHANNELS = {key: path for key, (path, _seconds) in CHANNELS.items()}
    settings.BITRIX24_READ_TIMEOUT = 30

    settings.MESSAGE_LEASE = timedelta(seconds=90)

    assert ["smtp" in error.hint for error in check_lease()] == [True]


def test_the_lease_by_default_outlasts_every_channel():
    assert check_lease() == []
