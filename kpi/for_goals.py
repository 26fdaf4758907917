"""What the pages of goals are told when they ask how indicators stand."""

from collections.abc import Sequence
from datetime import date

from goals.models import Indicator
from goals.standing import Measured
from kpi import aims


def tell_measured(
    sender: object, indicators: Sequence[Indicator], year: int, today: date, **_more: object
) -> dict[int, Measured]:
    return aims.measured_of(indicators, year, today)
