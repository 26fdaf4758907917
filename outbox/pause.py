"""The stop for all sending, and how it is resumed."""

from datetime import datetime

from django.db import transaction

from outbox import beginning
from outbox.models import Message, Pause, Status


def current() -> Pause | None:
    return Pause.objects.filter(resumed_at=None).first()


def is_paused() -> bool:
    return Pause.objects.filter(resumed_at=None).exists()


@transaction.atomic
def pause(reason: str, *, by_id: int | None, at: datetime) -> Pause:
    """Stop all sending, also of what is in hand; a second stop leaves the first one's reason."""
    stop = current() or Pause.objects.create(reason=reason, paused_at=at, paused_by_id=by_id)
    beginning.take_back(Message.objects.all(), status=Status.PLANNED)
    return stop


def resume(*, by_id: int, at: datetime) -> int:
    """Resume all sending; return how many stops were in force."""
    return Pause.objects.filter(resumed_at=None).update(resumed_at=at, resumed_by_id=by_id)
