"""What goals ask of those above them, and tell them."""

from django.dispatch import Signal

measurements_wanted = Signal()
"""How some indicators of one year stand is to be shown; sent with `indicators`, `year` and
`today`. Who measures answers with `goals.standing.Measured` by the number of the indicator."""

taking_out = Signal()
"""A goal is about to be taken out; sent with `goal`, in the transaction that does it. Who would
lose something that is settled refuses by raising goals.models.StillNeededError."""
