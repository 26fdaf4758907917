"""What an earlier intake reached, beside the targets of a new one."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from goals.models import Indicator
from plans.models import Intake
from plans.reached_before import Before
from results import page
from results.facts import indicators
from results.rules import can_see_results
from results.spelling import spell, unit_of


def beside_targets(*, intake: Intake, user: User, now: datetime, **_signal: Any) -> Before | None:
    """Tell who may see results what the intake before has reached."""
    return _reached_before(intake, now) if can_see_results(user) else None


def _reached_before(intake: Intake, now: datetime) -> Before | None:
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
    reached = {number: words[key] for number, key in keys.items() if key in words}
    return Before(earlier, reverse("results:intake_results", args=[earlier.pk]), reached)
