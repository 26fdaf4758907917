"""What a goal's page shows of each indicator: where it stands, its line, every check-in."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from accounts.models import User
from goals.models import CheckIn, Goal, Indicator
from goals.rules import can_check_in
from goals.standing import Standing, standings_of_year
from goals.trend import Trend, trend

SHOWN_AT_FIRST = 6


@dataclass(frozen=True)
class Panel:
    """One indicator on the page of its goal."""

    standing: Standing
    check_ins: list[CheckIn]
    """The newest ones, or all."""

    all_count: int
    trend: Trend | None
    can_check_in: bool


def panels(goal: Goal, user: User, today: date, *, all_of: str = "") -> list[Panel]:
    """Give the indicators of a goal in their order, the newest check-ins of each first.

    Of the indicator with the number `all_of` every check-in is shown.
    """
    newest_first = CheckIn.objects.select_related("by", "correction").order_by("-on", "-at", "-pk")
    indicators = (
        Indicator.objects.filter(goal=goal)
        .select_related("owner", "previous", "series")
        .prefetch_related(Prefetch("check_ins", newest_first))
    )
    with_indicators = Prefetch("indicators", indicators)
    [fetched] = Goal.objects.filter(pk=goal.pk).prefetch_related(with_indicators)
    found = standings_of_year([fetched], goal.year.year, today)
    return [_panel(each, goal, user, all_of) for each in found[goal.pk]]


def _panel(standing: Standing, goal: Goal, user: User, all_of: str) -> Panel:
    indicator = standing.indicator
    indicator.goal = goal
    check_ins = list(indicator.check_ins.all())
    in_force = [each for each in reversed(check_ins) if not each.is_corrected]
    return Panel(
        standing,
        check_ins if str(indicator.pk) == all_of else check_ins[:SHOWN_AT_FIRST],
        len(check_ins),
        trend(indicator, in_force, goal.year.year),
        can_check_in(user, indicator),
    )
