"""A year's goals in the categories of the process, their indicators, and how these stand."""

from goals.models.goal import Goal, StillNeededError, Year
from goals.models.indicator import CheckIn, CheckInRefusedError, Indicator

__all__ = ["CheckIn", "CheckInRefusedError", "Goal", "Indicator", "StillNeededError", "Year"]
