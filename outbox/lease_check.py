"""A check of the settings: a lease shorter than a call would let two workers send one message."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from outbox.channels.bitrix24 import longest_call


def check_lease(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse to start where a claim could be taken for abandoned while its call goes on."""
    call = longest_call()
    if call < settings.MESSAGE_LEASE:
        return []
    return [
        Error(
            "MESSAGE_LEASE_SECONDS is too short: a message could go twice.",
            hint=f"A call to Bitrix24 may take {call.total_seconds():g} seconds "
            "(BITRIX24_READ_TIMEOUT and connecting); the lease has to be longer.",
            id="outbox.E001",
        )
    ]
