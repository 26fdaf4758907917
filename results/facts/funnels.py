"""From registration to enrolment, for all webinars and all open days of an intake."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from events.event_type import all_types
from events.models import Registration, ReminderRule
from events.models.event import EventQuerySet
from events.outcome import HANDED_OVER
from opendays.models import LeadCount
from outbox.models import Message
from results.facts.scope import Scope
from results.facts.table import Column, Row, Table

TITLE = _("From registration to enrolment")
STEPS = {
    "events": _("Events that took place"),
    "cancelled": _("Events cancelled"),
    "registered": _("Registered"),
    "reminded": _("Reminded before the start"),
    "joined": _("Joined"),
    "opened": _("Opened the offer"),
    "leads": _("Leads"),
    "enrolled": _("Enrolled"),
}


def read(scope: Scope) -> Table:
    """Count the steps of each kind of event, as opendays.funnel counts them of one event.

    Four queries. None stands for what nobody has said.
    """
    begun = scope.events().going_ahead().filter(starts_at__lte=scope.now)
    found = {each.key: dict.fromkeys(STEPS) for each in all_types()}
    for rows in (_events(scope), _people(scope, begun), _leads(begun)):
        for row in rows:
            kind = row.pop("kind")
            found[kind].update(row)
    for counts in found.values():
        if not counts.pop("could_open", None):
            counts["opened"] = None
    for kind, count in scope.intake.enrolled.values_list("event_kind", "count"):
        found[kind]["enrolled"] = count
    columns = [Column(kind.key, kind.name_plural) for kind in all_types()]
    if not any(counts["events"] or counts["cancelled"] for counts in found.values()):
        return Table("funnels", TITLE, columns, [])
    rows_of_steps = [
        Row(step, label, {kind: counts[step] for kind, counts in found.items()})
        for step, label in STEPS.items()
    ]
    return Table("funnels", TITLE, columns, rows_of_steps)


def _events(scope: Scope) -> Any:
    return (
        scope.events()
        .order_by()
        .values("kind")
        .annotate(
            events=Count("pk", filter=Q(cancelled_at=None, starts_at__lte=scope.now)),
            cancelled=Count("pk", filter=Q(cancelled_at__isnull=False)),
        )
    )


def _people(scope: Scope, events: EventQuerySet) -> Any:
    reminded = Message.objects.filter(
        dispatch__reminder__event=OuterRef("event"),
        dispatch__reminder__rule__anchor=ReminderRule.Anchor.START,
        due_at__lt=F("dispatch__reminder__event__starts_at"),
        status__in=HANDED_OVER,
        participant=OuterRef("participant"),
    )
    return (
        Registration.objects.active()
        .filter(event__in=events.values("pk"))
        .order_by()
        .values(kind=F("event__kind"))
        .annotate(
            registered=Count("pk"),
            reminded=Count("pk", filter=Q(Exists(reminded))),
            joined=Count("pk", filter=Q(attendance=Registration.Attendance.PRESENT)),
            opened=Count("pk", filter=Q(offer_opened_at__isnull=False)),
            could_open=Count(
                "pk",
                filter=Q(
                    event__with_offer=True,
                    event__offer__url__gt="",
                    event__ends_at__lte=scope.now,
                ),
            ),
        )
    )


def _leads(events: EventQuerySet) -> Any:
    return (
        LeadCount.objects.filter(event__in=events.values("pk"), count__isnull=False)
        .order_by()
        .values(kind=F("event__kind"))
        .annotate(leads=Sum("count"))
    )
