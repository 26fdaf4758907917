"""What really went out: the text messages and e-mails a real portal would have sent."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from .clock import iso

LATE_AFTER = 60.0
"""Seconds after its due moment from which a message is shown as late."""

MAX_SMS_LENGTH = 200


@dataclass(frozen=True)
class SentMessage:
    """One message to one address."""

    kind: str
    owner_type: int
    owner_id: int
    recipient: str
    address: str
    text: str
    received_at: float
    subject: str = ""
    origin_id: str = ""
    sender: str = ""
    is_html: bool = False
    due_at: float | None = None
    id: int = 0

    @property
    def owner(self) -> tuple[int, int]:
        return (self.owner_type, self.owner_id)

    @property
    def late_seconds(self) -> float | None:
        return None if self.due_at is None else self.received_at - self.due_at

    @property
    def is_late(self) -> bool:
        return self.late_seconds is not None and self.late_seconds > LATE_AFTER

    @property
    def is_too_long(self) -> bool:
        return self.kind == "sms" and len(self.text) > MAX_SMS_LENGTH

    def as_json(self, *, is_double: bool) -> dict[str, Any]:
        described = asdict(self)
        described["received_at"] = iso(self.received_at)
        described["due_at"] = None if self.due_at is None else iso(self.due_at)
        return {**described, "late_seconds": self.late_seconds, "is_double": is_double}


def doubles(messages: Iterable[SentMessage]) -> set[int]:
    """The ids of messages that repeat an earlier one to the same record: its key or its words."""
    seen: Counter[tuple[object, ...]] = Counter()
    repeated = set()
    for message in messages:
        words = (message.kind, message.owner, message.address, message.subject, message.text)
        keys: list[tuple[object, ...]] = [words]
        if message.origin_id:
            keys.append((message.kind, message.owner, message.origin_id))
        if any(seen[key] for key in keys):
            repeated.add(message.id)
        seen.update(keys)
    return repeated
