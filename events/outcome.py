"""What became of an event's messages, by rule: counts with reasons, and how late they were."""

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from math import ceil
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, F, Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler

from events.message_counts import (
    Counts,
    Lateness,
    Part,
    Segment,
    by_status,
    parts_of,
    segments,
    spell,
)
from events.models import Event, ReminderDispatch, ReminderRule
from outbox.models import Message, MessageQuerySet, Status
from people.models import Medium

HANDED_OVER = (Status.HANDED_OVER, Status.DELIVERED)


class SecondsLate(Func):
    """Whole seconds from due to handed over, as pages tell them, worked out by the database.

    Without Django's own function, which on SQLite is a Python one and ten times slower.
    """

    output_field = IntegerField()
    template = "CAST(ROUND(EXTRACT(EPOCH FROM (%(expressions)s))) AS integer)"
    arg_joiner = " - "

    def __init__(self) -> None:
        super().__init__(F("handed_over_at"), F("due_at"))

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        return super().as_sql(
            compiler,
            connection,
            template="CAST(ROUND(86400.0 * (julianday(%(expressions)s))) AS integer)",
            arg_joiner=") - julianday(",
            **context,
        )


@dataclass
class Outcome:
    """One occasion of one rule: its messages counted."""

    occasion: ReminderDispatch
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    lateness: dict[str, Lateness] = field(default_factory=dict)

    @property
    def rule(self) -> ReminderRule:
        return self.occasion.rule

    @property
    def is_earlier(self) -> bool:
        """Say whether the event has moved, or changed again, since these messages."""
        return not self.occasion.is_current()

    @property
    def earlier_start(self) -> datetime | None:
        """The start these messages told, where the event has moved since."""
        tells_start = self.rule.anchor in (ReminderRule.Anchor.START, ReminderRule.Anchor.END)
        return self.occasion.moment if self.is_earlier and tells_start else None

    @property
    def parts(self) -> list[Part]:
        return parts_of(self.counts, self.lateness)

    @property
    def lateness_lines(self) -> list[str]:
        """Tell each medium's median, 95th percentile and last, as "e-mail: 2 s, 4 s, 6 s"."""
        return [
            f"{Medium(medium).label}: {spell(late.median)}, {spell(late.most)}, {spell(late.last)}"
            for medium, late in sorted(self.lateness.items())
        ]

    @property
    def by_status(self) -> dict[str, int]:
        return by_status(self.counts)

    @property
    def segments(self) -> list[Segment]:
        return segments(self.counts)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def outcomes(event: Event) -> list[Outcome]:
    """Return what became of every occasion that has rows, in the order of the rules.

    Two queries, however many rows; the ledger is gone through once.
    """
    occasions = event.dispatches.select_related("rule").order_by("rule__position", "rule", "pk")
    found = {occasion.dispatch_id: Outcome(occasion) for occasion in occasions}
    for outcome in found.values():
        outcome.occasion.event = event
    seconds: dict[tuple[int, str], Counter[int]] = defaultdict(Counter)
    messages = Message.objects.filter(dispatch__in=list(found))
    for row in _counted(messages, "dispatch", "medium"):
        counts = found[row["dispatch"]].counts
        counts[row["medium"], row["status"], row["reason"]] += row["count"]
        if row["status"] in HANDED_OVER:
            seconds[row["dispatch"], row["medium"]][row["late"]] += row["count"]
    for (dispatch, medium), late in seconds.items():
        found[dispatch].lateness[medium] = _lateness(late)
    return [outcome for outcome in found.values() if outcome.counts]


@dataclass(frozen=True)
class Summary:
    """Messages of many occasions, counted."""

    counts: Counter[tuple[str, str, str]]
    lateness: dict[str, Lateness]
    """By medium, of those that were handed over."""


def sum_up(messages: MessageQuerySet) -> Summary:
    """Count messages in one query, however many there are and whatever they are about."""
    counts: Counter[tuple[str, str, str]] = Counter()
    seconds: dict[str, Counter[int]] = defaultdict(Counter)
    for row in _counted(messages, "medium"):
        counts[row["medium"], row["status"], row["reason"]] += row["count"]
        if row["status"] in HANDED_OVER:
            seconds[row["medium"]][row["late"]] += row["count"]
    return Summary(counts, {medium: _lateness(late) for medium, late in seconds.items()})


def total_of(outcomes_of_event: list[Outcome]) -> Counts:
    """Add up all rules."""
    total: dict[tuple[str, str, str], int] = defaultdict(int)
    for outcome in outcomes_of_event:
        for key, count in outcome.counts.items():
            total[key] += count
    return total


def _counted(rows: MessageQuerySet, *by: str) -> Any:
    """Count what is alike; seconds are few, so of ten thousand rows some hundred are left."""
    return (
        rows.values(*by, "status", "reason", late=SecondsLate())
        .annotate(count=Count("pk"))
        .order_by()
    )


def _lateness(messages_by_second: Counter[int]) -> Lateness:
    seconds = sorted(messages_by_second)
    up_to = list(accumulate(messages_by_second[second] for second in seconds))

    def within(percent: int) -> int:
        return seconds[bisect_left(up_to, ceil(up_to[-1] * percent / 100))]

    return Lateness(
        *(timedelta(seconds=each) for each in (seconds[0], within(50), within(95), seconds[-1]))
    )
