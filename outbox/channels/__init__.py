"""Channels: whoever carries a message, and the outcomes it may answer with.

A channel is a class with a key, a medium and `send`; settings.MESSAGE_CHANNELS lists them.
"""

from outbox.channels.base import (
    Absent,
    CannotTell,
    Channel,
    Found,
    HandedOver,
    LookUp,
    NotExecuted,
    Outcome,
    Refused,
    RefusedBecause,
    Report,
    StopListError,
    Unclear,
    get_channel,
)

__all__ = [
    "Absent",
    "CannotTell",
    "Channel",
    "Found",
    "HandedOver",
    "LookUp",
    "NotExecuted",
    "Outcome",
    "Refused",
    "RefusedBecause",
    "Report",
    "StopListError",
    "Unclear",
    "get_channel",
]
