"""What beat asks of the outbox; each task names one function."""

import threading
from collections.abc import Callable

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from outbox import (
    beginning,
    clocks,
    confirmation,
    delivery,
    delivery_reports,
    detours,
    health,
    look_up,
    restored,
    stop_lists,
)
from outbox.models import Heartbeat
from outbox.own_clock import by_a_right_clock

# One of each in a process: while a provider is slow, or a row locked by a worker that is frozen,
# those of the next ticks would take one thread after the other.
_abandoning = threading.Lock()
_looking_up = threading.Lock()
_confirming = threading.Lock()


@shared_task
def send_messages() -> None:
    """Fan out: one task per channel, so that a slow one does not hold up the others."""
    now = timezone.now()
    detours.follow(now)
    for channel in delivery.channels_due(now):
        send_channel.apply_async((channel,), expires=settings.TICK_EXPIRES)


@shared_task
@by_a_right_clock
def send_channel(channel: str) -> int:
    return delivery.send_due(channel, timezone.now)


@shared_task
@by_a_right_clock
def resolve_unclear_messages() -> int:
    # By a lock of its own: what a killed worker had in hand does not wait for a slow look-up.
    _alone(_abandoning, lambda: look_up.abandon_expired_leases(timezone.now()))
    return _alone(_looking_up, lambda: look_up.resolve_unclear(timezone.now))


@shared_task
def show_sign_of_life() -> None:
    """Beat asked and a worker answered: both live, and the database is the newest there is."""
    now = timezone.now()
    health.show_life(Heartbeat.Part.BEAT, now)
    restored.look_now_and_then(now)


@shared_task
@by_a_right_clock
def confirm_messages() -> int:
    return _alone(_confirming, lambda: confirmation.confirm_due(timezone.now))


def _alone(lock: threading.Lock, work: Callable[[], int]) -> int:
    """Do this unless a thread of this process is at it."""
    if not lock.acquire(blocking=False):
        return 0
    try:
        return work()
    finally:
        lock.release()


@shared_task
def take_delivery_reports() -> int:
    return delivery_reports.take(timezone.now())


@shared_task
def read_stop_lists() -> None:
    stop_lists.read_all(timezone.now())


@shared_task
def forget_old_reports() -> int:
    return delivery_reports.forget_old(timezone.now())


@shared_task
def forget_old_claims() -> int:
    return beginning.forget_old(timezone.now())


@shared_task
def forget_gone_workers() -> None:
    clocks.forget_gone_workers()
