"""What becomes of an event, for the apps above this one.

Each signal is sent within the transaction of the change, so what a receiver writes is there if and
only if the change is.
"""

from django.dispatch import Signal

event_created = Signal()
"""A new, copied or repeated event; arguments: `event`, `now`."""

event_moved = Signal()
"""Another start or end; arguments: `event`, `now`."""

event_cancelled = Signal()
"""Arguments: `event`, `by_id`, `now`."""
