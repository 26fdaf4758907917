"""What is to be reached, how much of the way to it there is, and whether it is reached.

The one rule for it: the pages of goals, the figures and the results all ask here.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    """How the values of a series become one over a longer time."""

    FLOW = "flow", _("adds up")
    STOCK = "stock", _("has a level")
    AVERAGE = "average", _("is an average")


@dataclass(frozen=True)
class Reached:
    """What there is: of the days since the first, or on the last day that has a value."""

    value: Decimal
    on: date
    """The last day that has a value."""

    is_whole: bool = True
    """Not: a channel is missing in a level."""


@dataclass(frozen=True)
class Aim:
    """What is to be reached, and from when to when."""

    measure: Measure
    first: date
    last: date
    target: Decimal | None
    start: Decimal | None = None
    """From where a level starts; the others start from nothing."""

    is_less_better: bool = False

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def stays_small(self) -> bool:
        """Whether it starts from nothing and more of it is worse, so that there is no way to go."""
        return self.is_less_better and self.measure != Measure.STOCK

    @property
    def base(self) -> Decimal | None:
        """From where the way to the target begins; None: nobody knows where a level started."""
        return self.start if self.measure == Measure.STOCK else Decimal()

    def wrong_side(self, due: Decimal, value: Decimal) -> Decimal:
        """Say by how much a value is on the wrong side of what is due."""
        return value - due if self.is_less_better else due - value

    def part(self, reached: Reached | None) -> Decimal | None:
        """Say which part of the way to the target is behind it."""
        if reached is None or not reached.is_whole or self.target is None or self.base is None:
            return None
        way = self.target - self.base
        return (reached.value - self.base) / way if way else None

    def share(self, reached: Reached | None) -> int | None:
        """Say how many per cent of the target there are; of a level, of the way to it.

        It may be below 0 or above 100. Of what is to stay small and starts from nothing, the
        target in per cent of what there is: 100 is the target and more is better, whatever is
        measured.
        """
        if (part := self.part(reached)) is None:
            return None
        if self.stays_small:
            return round(100 / part) if part > 0 else None
        return round(part * 100)

    def is_reached(self, reached: Reached | None, today: date) -> bool:
        """A sum that is to stay small, and any average, can still go wrong until the last day."""
        if self.target is None or reached is None or not reached.is_whole:
            return False
        can_be_lost = self.stays_small or self.measure == Measure.AVERAGE
        if reached.on < self.first or (can_be_lost and today <= self.last):
            return False
        return self.wrong_side(self.target, reached.value) <= 0
