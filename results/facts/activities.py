"""What became of the planned activities: done, moved, cancelled and why."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from events.models import Event, EventMove
from plans.linked import was_cancelled
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
WORDS = {
    "cancelled": _("Cancelled"),
    "partly": _("Cancelled in part"),
    "unsaid": _("Past, nothing said"),
    "moved": _("Moved"),
    "replaced": _("Cancelled, with another event in its place"),
    "without_event": _("Noted as done, but its event was cancelled"),
}
NOT_IN_THE_PLAN = (Activity.State.PROPOSED, Activity.State.DECLINED)


@dataclass
class Events:
    """What became of the events of an activity."""

    cancelled: int = 0
    ends: list[datetime] = field(default_factory=list)
    """When those that go ahead end."""

    moves: int = 0
    reasons: list[str] = field(default_factory=list)
    """Why events were cancelled and moved."""


def read(scope: Scope, activities: ActivityQuerySet | None = None) -> list[Table]:
    """Count by kind, and name what did not go as planned. Three queries.

    Planned is all that was in the plan, whatever became of it. `activities` are those of the
    intake unless others are given.
    """
    if activities is None:
        activities = Activity.objects.filter(intake=scope.intake)
    found = _events(scope)
    kinds: dict[str, Counter[str]] = {}
    exceptions = []
    of_plan = activities.exclude(state__in=NOT_IN_THE_PLAN)
    for activity in of_plan.annotate(was_cancelled=was_cancelled()):
        events = found.get(activity.pk, Events())
        became = "cancelled" if activity.was_cancelled else _what_became(activity, events, scope)
        kinds.setdefault(activity.kind, Counter()).update(
            {"planned": 1, became: 1, "moved": int(bool(events.moves))}
        )
        if became in ("cancelled", "unsaid") or events.cancelled or events.moves:
            exceptions.append(_exception(activity, became, events))
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


def _events(scope: Scope) -> dict[int, Events]:
    """Give what became of the events of each activity of the intake that has any."""
    found: dict[int, Events] = {}
    of_intake = Event.objects.filter(activity__intake=scope.intake)
    rows = of_intake.values_list("activity", "cancelled_at", "cancel_reason", "ends_at")
    for activity, cancelled_at, reason, ends_at in rows.order_by("starts_at", "pk"):
        events = found.setdefault(activity, Events())
        if cancelled_at is None:
            events.ends.append(ends_at)
        else:
            events.cancelled += 1
            events.reasons.append(reason)
    moves = EventMove.objects.filter(event__activity__intake=scope.intake)
    for activity, reason in moves.values_list("event__activity", "reason"):
        found[activity].moves += 1
        found[activity].reasons.append(reason)
    return found


def _what_became(activity: Activity, events: Events, scope: Scope) -> str:
    """Go by what was said of what was not cancelled; where nothing was, by its events."""
    if activity.state != Activity.State.PLANNED:
        return str(activity.state)
    last = activity.last_on or local_day(activity.ends_at)
    if not events.ends:
        return "unsaid" if last < scope.today else "ahead"
    is_to_come = max(events.ends) > scope.now or (activity.is_weekly and last >= scope.today)
    return "ahead" if is_to_come else "done"


def _counts(counts: Counter[str]) -> dict[str, int]:
    return {column.key: counts[column.key] for column in COUNTS}


def _of_its_events(activity: Activity, events: Events) -> str:
    """Name what happened to the events of an activity that took place, or is to, all the same."""
    if not events.ends:
        return "without_event"
    if activity.is_weekly and events.cancelled:
        return "partly"
    return "moved" if events.moves else "replaced"


def _exception(activity: Activity, became: str, events: Events) -> Row:
    what = became if became in WORDS else _of_its_events(activity, events)
    reasons = dict.fromkeys([activity.reason, *events.reasons])
    return Row(
        str(activity.pk),
        Named(activity.name("lv"), activity.name("en")),
        {
            "on": local_day(activity.starts_at),
            "kind": Coded(activity.kind, Activity.Kind(activity.kind).label),
            "what": Coded(what, WORDS[what]),
            "moves": events.moves,
            "reason": "; ".join(reason for reason in reasons if reason),
        },
    )
