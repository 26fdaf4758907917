"""The line of an indicator over an intake, week by week up to now; what is missing is a gap."""

from collections.abc import Iterable
from decimal import Decimal

from goals.models import CheckIn, Indicator
from kpi import figures
from kpi.periods import Period, Span, periods
from results.facts.scope import Scope

Drawn = list[Decimal | None]


def read(scope: Scope, indicators: list[Indicator]) -> dict[int, Drawn]:
    """Give the line of each indicator: of its series, or else of what was reported of it."""
    if scope.today < scope.first:
        return {each.pk: [] for each in indicators}
    last = min(scope.last, scope.today)
    series = list({each.series_id: each.series for each in indicators if each.series}.values())
    measured = figures.read(series, Span.WEEK, scope.first, last, today=scope.today)
    told = _told(scope, [each.pk for each in indicators if each.series is None])
    weeks = periods(Span.WEEK, scope.first, last)
    return {
        each.pk: [figure.value for figure in measured[each.series_id]]
        if each.series_id
        else _drawn(told.get(each.pk, []), weeks)
        for each in indicators
    }


def _told(scope: Scope, indicators: Iterable[int]) -> dict[int, list[CheckIn]]:
    """Give what was reported in the days of the intake, by indicator and in its order."""
    in_its_days = CheckIn.objects.standing().filter(
        indicator__in=list(indicators), on__range=(scope.first, scope.last)
    )
    found: dict[int, list[CheckIn]] = {}
    for each in in_its_days.order_by("on", "at", "pk"):
        found.setdefault(each.indicator_id, []).append(each)
    return found


def _drawn(told: list[CheckIn], weeks: list[Period]) -> Drawn:
    """Let what was reported hold until the next report; after the last one nothing is known."""
    line: Drawn = []
    for week in weeks:
        before = [each for each in told if each.on <= week.last]
        is_known = bool(before) and week.first <= told[-1].on
        line.append(before[-1].value if is_known else None)
    return line
