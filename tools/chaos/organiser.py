"""Who cancels the event while the system is being killed under it."""

import threading
import time
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from events import changes
from events.models import Event

AGAIN = 0.5


@dataclass
class Organiser:
    """Somebody who presses the button again until the event is cancelled."""

    event: Event
    user_id: int
    at: float
    is_done: bool = False
    thread: threading.Thread | None = field(default=None, init=False)

    def come(self, _page: str, until: float) -> None:
        """Cancel in a thread of its own; give up at `until` of the monotonic clock."""
        self.thread = threading.Thread(target=self._cancel, args=(until,), daemon=True)
        self.thread.start()

    def is_busy(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    def _cancel(self, until: float) -> None:
        while not self.is_done and time.monotonic() < until:
            try:
                self._try_once()
            except (OperationalError, InterfaceError):
                time.sleep(AGAIN)
            finally:
                connection.close()

    def _try_once(self) -> None:
        event = Event.objects.get(pk=self.event.pk)
        if not event.is_cancelled:
            changes.cancel(event, "Vadītājs ir slims.", by_id=self.user_id, now=timezone.now())
        self.is_done = True
