"""What the outbox asks of those who queued a message."""

from django.dispatch import Signal

claiming = Signal()
"""Sent inside the transaction that claims messages, before any provider is called.

Arguments: `messages`, the claimed rows, and `now`. A receiver returns a dictionary from message
id to an `outbox.verdicts.Verdict` for those that must not go after all, or not now.
"""

closed = Signal()
"""Sent when messages reached an end people should hear of; arguments: `messages`, `now`."""
