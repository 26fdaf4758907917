"""What plans tell those above them, who may refuse by raising PublishingRefusedError."""

from django.dispatch import Signal

publishing = Signal()
"""An advertisement is about to be recorded as placed; sent in the transaction that does it, with
`publication`, `by`, `at`, and the `reason` for doing it although something is missing."""
