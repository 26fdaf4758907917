"""How long a provider needs for so many messages, said before they are planned."""

from math import ceil

from outbox.channels.base import Channel


def seconds_needed(messages: int, channel: Channel) -> float:
    """Return the least time until the last of these is handed over, by the provider's limit."""
    rate = channel.rate()
    if rate is None or channel.missing():
        return 0.0
    calls = ceil(messages / channel.batch_size())
    return max(0, calls - rate.at_once) / rate.per_second
