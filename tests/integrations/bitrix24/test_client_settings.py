"""The client as the settings describe it."""

import pytest

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24OffError
from integrations.bitrix24.limiter import Bucket
from integrations.bitrix24.sandbox import running_sandbox
from integrations.outcomes import Done, NotExecuted


def test_without_an_address_the_integration_is_off(settings):
    settings.BITRIX24_WEBHOOK_URL = ""

    with pytest.raises(Bitrix24OffError, match="BITRIX24_WEBHOOK_URL is empty"):
        Bitrix24.from_settings()


def test_every_use_in_a_process_shares_one_client_and_all_processes_one_limit(settings, redis_url):
    settings.REDIS_URL = redis_url
    settings.BITRIX24_BURST = 4
    settings.BITRIX24_DRAIN_PER_SECOND = 0.01

    with running_sandbox() as sandbox:
        settings.BITRIX24_WEBHOOK_URL = sandbox.webhook_url
        client = Bitrix24.from_settings()
        outcomes = [
            Bitrix24.from_settings().call(Command("crm.settings.mode.get")) for _ in range(4)
        ]

    assert Bitrix24.from_settings() is client
    # One place in the bucket stays free as a margin.
    assert outcomes[:3] == [Done(1)] * 3
    assert isinstance(outcomes[3], NotExecuted)


def test_the_settings_name_the_portal_and_its_limit(settings, redis_url):
    settings.REDIS_URL = redis_url
    settings.BITRIX24_WEBHOOK_URL = "https://college.bitrix24.eu/rest/1/key/"
    settings.BITRIX24_BURST = 250
    settings.BITRIX24_DRAIN_PER_SECOND = 5

    requester = Bitrix24.from_settings().requester

    assert requester.limiter.bucket == Bucket(250, 5)
    assert requester.transport.webhook.portal == "college.bitrix24.eu"
