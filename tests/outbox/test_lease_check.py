"""The lease has to outlast the longest call of every channel in use, or nothing starts."""

from datetime import timedelta

import pytest

from outbox.lease_check import check_lease

CHANNELS = {
    "bitrix24_email": ("outbox.channels.bitrix24_email.Bitrix24EmailChannel", 80),
    "messente_sms": ("outbox.channels.messente_sms.MessenteSmsChannel", 95),
    "smtp": ("outbox.channels.smtp.SmtpChannel", 142),
}
SET_UP = {
    "BITRIX24_WEBHOOK_URL": "https://portal.example/rest/1/secret/",
    "MESSENTE_USERNAME": "college",
    "MESSENTE_PASSWORD": "secret",
    "MESSENTE_SENDER": "BVK",
}


@pytest.fixture(autouse=True)
def every_channel_is_set_up(settings):
    for name, value in SET_UP.items():
        setattr(settings, name, value)


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


@pytest.mark.parametrize(
    ("key", "setting"),
    [
        ("messente_sms", "MESSENTE_USERNAME"),
        ("messente_sms", "MESSENTE_PASSWORD"),
        ("messente_sms", "MESSENTE_SENDER"),
        ("bitrix24_email", "BITRIX24_WEBHOOK_URL"),
    ],
)
def test_a_channel_that_is_not_set_up_asks_nothing_of_the_lease(settings, key, setting):
    path, seconds = CHANNELS[key]
    settings.MESSAGE_CHANNELS = {key: path}
    settings.BITRIX24_READ_TIMEOUT = 75
    settings.MESSAGE_LEASE = timedelta(seconds=seconds)
    refused = check_lease()

    setattr(settings, setting, "")

    assert [error.id for error in refused] == ["outbox.E001"]
    assert check_lease() == []


def test_an_address_that_is_no_webhook_does_not_keep_the_check_from_its_answer(settings):
    settings.MESSAGE_CHANNELS = {key: path for key, (path, _seconds) in CHANNELS.items()}
    settings.BITRIX24_READ_TIMEOUT = 200
    settings.BITRIX24_WEBHOOK_URL = "https://portal.example/"

    assert check_lease() == []


def test_the_lease_by_default_outlasts_every_channel():
    assert check_lease() == []
