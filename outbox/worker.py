"""What a worker does about itself: it shares out its threads, and shows that it lives.

The sign of life comes with Celery's heartbeat, whether or not there is work.
"""

import logging
import time
from typing import Any

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from outbox import checks, health, senders
from outbox.models import Heartbeat

logger = logging.getLogger(__name__)

EVERY_SECONDS = 10

_noted_at = -float("inf")


def share_threads(instance: Any, **_signal: Any) -> None:
    senders.share_threads(instance.concurrency)


def note_heartbeat(**_signal: Any) -> None:
    """Write it down now and then; a database that is away must not stop the worker's heart."""
    global _noted_at
    if time.monotonic() - _noted_at < EVERY_SECONDS:
        return
    _noted_at = time.monotonic()
    try:
        close_old_connections()
        health.show_life(Heartbeat.Part.WORKER, timezone.now(), checks.known_skew())
    except DatabaseError as error:
        logger.warning("The heartbeat could not be written: %s", type(error).__name__)
    finally:
        connection.close()
