"""What became of the messages to participants, and how late they were."""

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from events.message_counts import Lateness
from events.outcome import HANDED_OVER, Summary, sum_up
from outbox.lazy_words import filled
from outbox.models import Message, Reason, Status
from people.models import Medium
from results.facts.scope import Scope
from results.facts.table import Coded, Column, Row, Table, Unit, Value

STATES: dict[str, tuple[Status, ...]] = {
    "handed_over": HANDED_OVER,
    "delivered": (Status.DELIVERED,),
    "failed": (Status.FAILED,),
    "expired": (Status.EXPIRED,),
    "unknown": (Status.UNKNOWN,),
    "skipped": (Status.SKIPPED,),
}
COLUMNS = (
    Column("handed_over", _("Handed over")),
    Column("delivered", _("Of them known to be delivered")),
    Column("failed", _("Failed")),
    Column("expired", _("Too late to be of use")),
    Column("unknown", _("Not known")),
    Column("skipped", _("Not sent, for a reason")),
    Column("median_late", _("Lateness, median"), Unit.SECONDS),
    Column("p95_late", _("95 of 100 within"), Unit.SECONDS),
    Column("worst_late", _("The latest"), Unit.SECONDS),
)
FAILURES = (
    Column("state", _("State"), Unit.TEXT, is_compared=False),
    Column("count", _("Messages"), is_compared=False),
)


def read(scope: Scope) -> list[Table]:
    """Count by medium, and name the reasons of what did not arrive. One query."""
    rows = Message.objects.filter(dispatch__reminder__event__in=scope.events().values("pk"))
    summary = sum_up(rows)
    media = [Row(each.value, each.label, _values(summary, each)) for each in Medium]
    return [
        Table("reminders", _("Messages to participants"), COLUMNS, media),
        Table("failures", _("Why messages did not arrive"), FAILURES, _failures(summary)),
    ]


def _values(summary: Summary, medium: Medium) -> dict[str, Value]:
    counts = {
        key: sum(
            count
            for (by, status, _reason), count in summary.counts.items()
            if by == medium and status in states
        )
        for key, states in STATES.items()
    }
    return {**counts, **_lateness(summary.lateness.get(medium))}


def _lateness(late: Lateness | None) -> dict[str, Value]:
    if late is None:
        return {"median_late": None, "p95_late": None, "worst_late": None}
    return {
        "median_late": round(late.median.total_seconds()),
        "p95_late": round(late.most.total_seconds()),
        "worst_late": round(late.last.total_seconds()),
    }


def _failures(summary: Summary) -> list[Row]:
    not_arrived = (Status.FAILED, Status.EXPIRED, Status.UNKNOWN)
    return [
        Row(
            f"{medium}.{status}.{reason}",
            filled(
                gettext_lazy("%(medium)s: %(reason)s"),
                {"medium": Medium(medium).label, "reason": Reason(reason).label},
            ),
            {"state": Coded(status, Status(status).label), "count": count},
        )
        for (medium, status, reason), count in sorted(summary.counts.items())
        if status in not_arrived
    ]
