"""The ledger of messages, and the state of the machinery that sends them."""

from outbox.models.claim import Claim
from outbox.models.delivery_report import DeliveryReport
from outbox.models.detour import Detour
from outbox.models.ledger import Attempt, Dispatch, Message, Purpose
from outbox.models.machinery import ChannelState, Generation, Heartbeat, Pause
from outbox.models.queries import MessageQuerySet
from outbox.models.states import NOT_GONE, TAKEN, UNWRITTEN, Reason, Status

__all__ = [
    "NOT_GONE",
    "TAKEN",
    "UNWRITTEN",
    "Attempt",
    "ChannelState",
    "Claim",
    "DeliveryReport",
    "Detour",
    "Dispatch",
    "Generation",
    "Heartbeat",
    "Message",
    "MessageQuerySet",
    "Pause",
    "Purpose",
    "Reason",
    "Status",
]
