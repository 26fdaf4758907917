"""What goals ask of those above them."""

from django.dispatch import Signal

measurements_wanted = Signal()
"""How some indicators of one year stand is to be shown; sent with `indicators`, `year` and
`today`. Who measures answers with `goals.standing.Measured` by the number of the indicator."""
