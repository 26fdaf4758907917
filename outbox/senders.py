"""How many threads of a worker may be sending: some are left free to decide what is due.

A sender keeps its thread for a whole turn, and for as long as a slow provider takes to answer. Were
there one in every thread, nothing would be decided and nothing else be sent meanwhile. A worker
with fewer threads than that takes has one sender for each channel all the same.
"""

import math
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from outbox.channels.base import Channel

KEPT_FREE = 4
"""Threads in which nobody ever sends."""

_sending: Counter[str] = Counter()
_most_extra: float = math.inf
_guard = threading.Lock()


def share_threads(count: int) -> None:
    """Share out a worker's threads: one for each channel, whatever the others do, then the rest."""
    global _most_extra
    _most_extra = max(0, count - KEPT_FREE - len(settings.MESSAGE_CHANNELS))


@contextmanager
def place(channel: Channel) -> Iterator[bool]:
    """Give one more sender a place if there is one, and say whether there is."""
    is_free = _take(channel)
    try:
        yield is_free
    finally:
        if is_free:
            with _guard:
                _sending[channel.key] -= 1


def _take(channel: Channel) -> bool:
    with _guard:
        extra = sum(count - 1 for count in _sending.values() if count)
        mine = _sending[channel.key]
        if mine >= channel.senders or (mine and extra >= _most_extra):
            return False
        _sending[channel.key] += 1
        return True
