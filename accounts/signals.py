"""What accounts ask of those above them."""

from django.dispatch import Signal

leaving_shown = Signal()
"""Somebody is asked whether a person may not sign in any more; sent with the `person` and the
`user` who is asked. Who knows what the person would leave behind answers with a `ui.parts.Part`."""
