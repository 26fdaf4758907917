"""Amounts of money in words."""

from decimal import Decimal

from django.template.defaultfilters import floatformat


def euros(amount: Decimal | None) -> str:
    """Write an amount with its cents, and its sign on the same line; a dash for none known."""
    return "–" if amount is None else f"{floatformat(amount, '2g')}\xa0€"
