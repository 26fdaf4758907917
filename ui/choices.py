"""Choices that a screen shows in a colour and with a sign beside their word."""

from typing import Self

from django.db import models


class ShownChoices(models.TextChoices):
    """Choices written as value, tone, symbol, label.

    The tone is a class of static/smm.css, the symbol an icon of static/icons.svg or "" for none.
    The word says it all: tone and symbol only help the eye to find it.
    """

    tone: str
    symbol: str

    # A member names all three; type checkers take looking one up by its value for this call too.
    def __new__(cls, value: str, tone: str = "", symbol: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.tone = tone
        member.symbol = symbol
        return member
