"""Beat's scheduler, which goes on at once when a clock that was ahead is put right."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django_celery_beat.schedulers import DatabaseScheduler

logger = logging.getLogger(__name__)

SLACK = timedelta(seconds=1)
"""A clock that is put back by less costs less than the shortest interval."""


class Scheduler(DatabaseScheduler):
    """Counts what has run "in the future" as having run now.

    Celery counts each interval from the last run, by the clock: once that is put back by an hour,
    nothing would be due for an hour, and a restart reads the same moments from the database.
    """

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self._come_back_from_the_future(timezone.now())
        delay: float = super().tick(*args, **kwargs)
        return delay

    def _come_back_from_the_future(self, now: datetime) -> None:
        ahead = [
            entry for entry in self._schedule.values() if entry.model.last_run_at > now + SLACK
        ]
        if not ahead:
            return
        logger.warning("The clock was put back: %s tasks are counted from now", len(ahead))
        for entry in ahead:
            # The schedule's entry and its successor in the heap share this row.
            entry.model.last_run_at = now
            self._dirty.add(entry.name)
        # As at the start: what is dirty is written, the rows are read, the heap is built anew.
        self._initial_read, self._heap = True, None
