"""Whether a value is far from what is usual on its weekday; pure functions, no database.

The values of the same weekday in the eight weeks before are looked at; with fewer than five of
them nothing is said. Their median is what is usual; the median of the distances from it (times
1.4826, as for normal spread) is how far values usually lie. A value is unusual that lies more than
five times as far, and more than 30 % off, and by at least three: neither the noise of small numbers
nor a steady series that moved a little is told of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

WEEKS = 8
NEEDED = 5
SPREAD_OF_MEDIAN_DISTANCE = Decimal("1.4826")
TIMES_AS_FAR = 5
SHARE_OFF = Decimal("0.3")
LEAST_OFF = 3


@dataclass(frozen=True)
class UsualRange:
    """From where to where values usually lie."""

    low: Decimal
    high: Decimal

    def has(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


def usual_range(values: Sequence[Decimal]) -> UsualRange | None:
    """Say where values like these usually lie; None where too few are known."""
    if len(values) < NEEDED:
        return None
    middle = median(values)
    distance = median(abs(value - middle) for value in values) * SPREAD_OF_MEDIAN_DISTANCE
    reach = max(distance * TIMES_AS_FAR, abs(middle) * SHARE_OFF, Decimal(LEAST_OFF))
    return UsualRange(middle - reach, middle + reach)


def usual_on(day: date, values: Mapping[date, Decimal]) -> UsualRange | None:
    """Say where the value of a day usually lies, by the same weekday in the weeks before."""
    before = (day - timedelta(weeks=number) for number in range(1, WEEKS + 1))
    return usual_range([values[each] for each in before if each in values])
