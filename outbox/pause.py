"""The stop for all sending, and how it is resumed."""

from datetime import datetime

from django.db import transaction

from outbox.models import Pause


def current() -> Pause | None:
    return Pause.objects.filter(resumed_at=None).first()


def is_paused() -> bool:
    return Pause.objects.filter(resumed_at=None).exists()


@transaction.atomic
def pause(reason: str, *, by_id: int | None, at: datetime) -> Pause:
    """Stop all sending; a second stop leaves the first one's reason."""
    return current() or Pause.objects.create(reason=reason, paused_at=at, paused_by_id=by_id)


def resume(*, by_id: int, at: datetime) -> int:
    """Resume all sending; return how many stops were in force."""
    return Pause.objects.filter(resumed_at=None).update(resumed_at=at, resumed_by_id=by_id)
