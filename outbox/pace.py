"""How long a message takes by a channel that has no limit of its own, measured while sending.

A forecast that knows only limits would say of such a channel that it takes no time at all.
"""

from functools import lru_cache

from django.conf import settings

from integrations.bitrix24.pace import MemoryPace, Pace, RedisPace
from integrations.bitrix24.shared import connect
from outbox.channels.base import Channel


def learn(channel: Channel, messages: int, seconds: float) -> None:
    """Take in what a full batch took; in a small one, connecting would weigh too much."""
    if messages >= channel.batch_size():
        _shared(settings.REDIS_URL).learn(channel.key, seconds / messages)


def seconds_needed(channel: Channel, messages: int) -> float:
    """Say how long one worker needs for so many messages by this channel."""
    known = _shared(settings.REDIS_URL).seconds([channel.key])
    return messages * known.get(channel.key, channel.unknown_seconds) / channel.senders


@lru_cache
def _shared(redis_url: str) -> Pace:
    return RedisPace(connect(redis_url), "outbox:pace") if redis_url else MemoryPace()
