"""What becomes of an event, for others, and what its page asks of the apps above this one.

Each signal of a change is sent within its transaction, so what a receiver writes is there if and
only if the change is.
"""

from django.dispatch import Signal

event_created = Signal()
"""A new, copied or repeated event; arguments: `event`, `now`."""

event_moved = Signal()
"""Another start or end; arguments: `event`, `now`."""

event_cancelled = Signal()
"""Arguments: `event`, `by_id`, `now`."""

have_joined = Signal()
"""People turned out to be present; arguments: `participants`, their numbers."""

event_shown = Signal()
"""An event's page is shown; arguments: `event`, `user`, `now`. Who has something to add answers
with a `ui.parts.Part`."""
