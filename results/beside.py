"""What an earlier intake reached, beside the targets of a new one."""

from dataclasses import dataclass
from datetime import datetime

from goals.models import Indicator
from plans.models import Intake
from results import page
from results.facts import indicators
from results.spelling import spell, unit_of


@dataclass(frozen=True)
class Before:
    """The earlier intake, and in words what it reached, by the number of the new indicator."""

    intake: Intake
    reached: dict[int, str]


def reached_before(intake: Intake, now: datetime) -> Before | None:
    """Read the intake this one was rolled forward from, else the one before it; None without.

    As it was confirmed, where it is closed. An indicator of another year is found by its series,
    or by what it was copied from.
    """
    earlier = intake.rolled_from or (
        Intake.objects.filter(begins_on__lt=intake.begins_on).order_by("-begins_on").first()
    )
    goals = None if earlier is None else page.goals_as_confirmed(earlier, now)
    if earlier is None or goals is None:
        return None
    column = next(each for each in goals["columns"] if each["key"] == "reached")
    words = {
        row["key"]: spell(row["values"].get("reached"), unit_of(row, column))
        for row in goals["rows"]
    }
    of_year = Indicator.objects.filter(goal__year__year=intake.year)
    keys = indicators.keys_of(list(indicators.with_series(of_year)))
    return Before(earlier, {number: words[key] for number, key in keys.items() if key in words})
