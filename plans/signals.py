"""What plans tell those above them, and what their pages ask of those."""

from django.dispatch import Signal

publishing = Signal()
"""An advertisement is about to be recorded as placed; sent in the transaction that does it, with
`publication`, `by`, `at`, and the `reason` for doing it although something is missing. Who is
against it raises PublishingRefusedError."""

targets_shown = Signal()
"""The targets of an intake are shown; arguments: `intake`, `user`, `now`. Who knows what an earlier
intake reached of them, and may tell the user, answers with a `plans.reached_before.Before`."""
