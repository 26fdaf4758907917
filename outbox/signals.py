"""What the outbox asks of those who queue messages."""

from django.dispatch import Signal

claiming = Signal()
"""Sent when messages are claimed and none is begun yet, before any provider is called.

Arguments: `messages`, the claimed rows, and `now`. A receiver returns a dictionary from message
id to an `outbox.verdicts.Verdict` for those that must not go after all, or not now.
"""

closed = Signal()
"""Sent when messages reached an end people should hear of; arguments: `messages`, `now`."""

looking_for_faults = Signal()
"""Sent when the lamp is looked at; arguments: `now`. A receiver returns sentences for people that
say what keeps its messages from being queued.
"""

naming = Signal()
"""Sent when a page shows dispatches; arguments: `dispatches`, their numbers. A receiver returns a
dictionary from number to name, in the language of the page, for those it queued. It asks the
database as often for many as for few. The start of an event stands in each message (`about_at`).
"""
