"""The offline queue: events an application comes to fetch, one last state for each record."""

import secrets
from typing import Any

from .clock import Clock, iso


class OfflineQueue:
    """Holds the last event of each kind for each record until the application takes it."""

    def __init__(self, clock: Clock) -> None:
        self.events: set[str] = set()
        """The events the application has asked for."""
        self._clock = clock
        self._waiting: dict[tuple[str, int], dict[str, Any]] = {}
        self._taken: dict[str, dict[str, dict[str, Any]]] = {}
        self._last_id = 0

    def note(self, event: str, record_id: int) -> None:
        if event not in self.events:
            return
        self._last_id += 1
        self._waiting.pop((event, record_id), None)
        self._waiting[event, record_id] = {
            "ID": str(self._last_id),
            "TIMESTAMP_X": iso(self._clock.now()),
            "EVENT_NAME": event,
            "EVENT_DATA": {"FIELDS": {"ID": str(record_id)}},
            "EVENT_ADDITIONAL": [],
            "MESSAGE_ID": secrets.token_hex(16),
        }

    def take(self, limit: int, *, keep: bool) -> tuple[str | None, list[dict[str, Any]]]:
        """Take the oldest events; kept ones are remembered under the process id until confirmed."""
        keys = list(self._waiting)[: max(0, limit)]
        events = [self._waiting.pop(key) for key in keys]
        if not events:
            return None, []
        process_id = secrets.token_hex(16)
        if keep:
            self._taken[process_id] = {event["ID"]: event for event in events}
        return process_id, events

    def confirm(self, process_id: str, ids: set[str]) -> None:
        """Drop events taken under a process id; without ids all of them."""
        taken = self._taken.get(process_id, {})
        for event_id in ids or set(taken):
            taken.pop(event_id, None)
