"""A check of the settings: a lease shorter than a call would let two workers send one message."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from outbox.channels.base import get_channel


def check_lease(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse to start where a claim could be taken for abandoned while its call goes on."""
    channels = [get_channel(key) for key in settings.MESSAGE_CHANNELS]
    in_use = [channel for channel in channels if not channel.missing()]
    slowest = max(in_use, key=lambda channel: channel.longest_call(), default=None)
    if slowest is None or (call := slowest.longest_call()) < settings.MESSAGE_LEASE:
        return []
    return [
        Error(
            "MESSAGE_LEASE_SECONDS is too short: a message could go twice.",
            hint=f"By the channel {slowest.key} a message may be on its way for "
            f"{call.total_seconds():g} seconds; the lease has to be longer. What a call to "
            "Bitrix24 may take is BITRIX24_READ_TIMEOUT and the time to connect; by the mail "
            "server it is five times EMAIL_TIMEOUT after three tenths of the lease.",
            id="outbox.E001",
        )
    ]
