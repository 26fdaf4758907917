"""What the plan says of one message: send it, put it off, skip it, hold it, or let it expire."""

from dataclasses import dataclass
from datetime import datetime

from outbox.models import Reason, Status


@dataclass(frozen=True)
class Verdict:
    """A status a message gets before any provider is called, with its reason."""

    status: Status
    reason: Reason = Reason.NONE
    detail: str = ""
    not_before: datetime | None = None
    """Set where it goes, but only from that moment on."""

    @property
    def is_send(self) -> bool:
        return self.status == Status.PLANNED and self.not_before is None


SEND = Verdict(Status.PLANNED)


def skip(reason: Reason, detail: str = "") -> Verdict:
    return Verdict(Status.SKIPPED, reason, detail)


def put_off(reason: Reason, until: datetime) -> Verdict:
    return Verdict(Status.PLANNED, reason, not_before=until)


def hold(reason: Reason) -> Verdict:
    return Verdict(Status.HELD, reason)


def expire() -> Verdict:
    return Verdict(Status.EXPIRED, Reason.TOO_LATE)
