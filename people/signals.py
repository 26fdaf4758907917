"""What others have to hear of people, who know nothing of messages."""

from django.dispatch import Signal

offers_refused = Signal()
"""Sent in the transaction in which people withdraw their consent; arguments: `participants`."""
