"""What the plan says of one message: send it, skip it, hold it, or let it expire."""

from dataclasses import dataclass

from outbox.models import Reason, Status


@dataclass(frozen=True)
class Verdict:
    """A status a message gets before any provider is called, with its reason."""

    status: Status
    reason: Reason = Reason.NONE
    detail: str = ""

    @property
    def is_send(self) -> bool:
        return self.status == Status.PLANNED


SEND = Verdict(Status.PLANNED)


def skip(reason: Reason, detail: str = "") -> Verdict:
    return Verdict(Status.SKIPPED, reason, detail)


def hold(reason: Reason) -> Verdict:
    return Verdict(Status.HELD, reason)


def expire() -> Verdict:
    return Verdict(Status.EXPIRED, Reason.TOO_LATE)
