"""What became of the planned activities: done, moved, cancelled and why."""

from collections import Counter

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from events.models import EventMove
from plans.local_time import local_day
from plans.models import Activity
from plans.models.activity import ActivityQuerySet
from results.facts.scope import Scope
from results.facts.table import Coded, Column, Named, Row, Table, Unit

COUNTS = (
    Column("planned", _("Planned")),
    Column("done", _("Done")),
    Column("cancelled", _("Cancelled")),
    Column("moved", _("Moved")),
    Column("unsaid", _("Past, nothing said")),
    Column("ahead", _("Still to come")),
)
EXCEPTIONS = (
    Column("on", _("Planned for"), Unit.DAY, is_compared=False),
    Column("kind", _("Kind"), Unit.TEXT, is_compared=False),
    Column("what", _("What became of it"), Unit.TEXT, is_compared=False),
    Column("moves", _("Moved, times"), is_compared=False),
    Column("reason", _("Reason"), Unit.TEXT, is_compared=False),
)
WORDS = {"cancelled": _("Cancelled"), "unsaid": _("Past, nothing said"), "moved": _("Moved")}
NOT_IN_THE_PLAN = (Activity.State.PROPOSED, Activity.State.DECLINED)


def read(scope: Scope, activities: ActivityQuerySet | None = None) -> list[Table]:
    """Count by kind, and name what did not go as planned. Two queries.

    Planned is all that was in the plan, whatever became of it. `activities` are those of the
    intake unless others are given.
    """
    if activities is None:
        activities = Activity.objects.filter(intake=scope.intake)
    moves = dict(
        EventMove.objects.filter(event__activity__intake=scope.intake)
        .order_by()
        .values_list("event__activity")
        .annotate(count=Count("pk"))
    )
    kinds: dict[str, Counter[str]] = {}
    exceptions = []
    for activity in activities.exclude(state__in=NOT_IN_THE_PLAN):
        became, moved = _what_became(activity, scope), moves.get(activity.pk, 0)
        kinds.setdefault(activity.kind, Counter()).update(
            {"planned": 1, became: 1, "moved": int(bool(moved))}
        )
        if became in ("cancelled", "unsaid") or moved:
            exceptions.append(_exception(activity, became, moved))
    by_kind = [
        Row(kind.value, kind.label, _counts(kinds[kind.value]))
        for kind in Activity.Kind
        if kind.value in kinds
    ]
    total = Row("total", _("Together"), _counts(sum(kinds.values(), Counter())))
    return [
        Table("activities", _("Activities of the plan"), COUNTS, by_kind, total),
        Table("exceptions", _("What did not go as planned"), EXCEPTIONS, exceptions),
    ]


def _what_became(activity: Activity, scope: Scope) -> str:
    if activity.state != Activity.State.PLANNED:
        return str(activity.state)
    last = activity.last_on or local_day(activity.ends_at)
    return "unsaid" if last < scope.today else "ahead"


def _counts(counts: Counter[str]) -> dict[str, int]:
    return {column.key: counts[column.key] for column in COUNTS}


def _exception(activity: Activity, became: str, moves: int) -> Row:
    what = became if became in WORDS else "moved"
    return Row(
        str(activity.pk),
        Named(activity.name("lv"), activity.name("en")),
        {
            "on": local_day(activity.starts_at),
            "kind": Coded(activity.kind, Activity.Kind(activity.kind).label),
            "what": Coded(what, WORDS[what]),
            "moves": moves,
            "reason": activity.reason,
        },
    )
