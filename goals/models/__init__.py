"""A year's goals in the categories of the process, their indicators, and how these stand."""

from goals.models.goal import Goal, StillNeededError, Year
from goals.models.indicator import CheckIn, CheckInRefusedError, Indicator
from goals.models.series import Series, Unit

__all__ = [
    "CheckIn",
    "CheckInRefusedError",
    "Goal",
    "Indicator",
    "Series",
    "StillNeededError",
    "Unit",
    "Year",
]
