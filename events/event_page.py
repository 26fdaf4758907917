"""Figures for the pages of events: the list's rows, the doubts, and what changes by the minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from events import attendance
from events.event_type import get_type
from events.models import Event, Evidence, Registration, ReminderRule
from plans.local_time import local_day

NEAR_BEFORE, NEAR_AFTER = timedelta(minutes=30), timedelta(minutes=60)
"""Around an event its page looks for new figures by itself."""

Attendance = Registration.Attendance


def with_figures(events: QuerySet[Event]) -> QuerySet[Event]:
    """Add how many are registered and how many have joined, without a query per event."""
    counted = (
        Registration.objects.active()
        .filter(event=OuterRef("pk"))
        .order_by()
        .values("event")
        .annotate(
            registered=Count("pk"),
            joined=Count("pk", filter=Q(attendance=Attendance.PRESENT)),
        )
    )
    return events.annotate(
        registered=_figure(counted.values("registered")), joined=_figure(counted.values("joined"))
    )


def read_with_figures(numbers: Sequence[int]) -> list[Event]:
    """Read one page of events; the figures are counted for these alone, however deep it is."""
    events = with_figures(Event.objects.filter(pk__in=numbers)).prefetch_related("rules_off")
    by_number = events.in_bulk()
    return [by_number[number] for number in numbers]


def _figure(counted: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True)
class Row:
    """An event in the list, with the next message that falls due."""

    event: Event
    next_rule: ReminderRule | None
    next_due_at: datetime | None


def rows(events: Sequence[Event], now: datetime) -> list[Row]:
    """Say of each event what goes out next; `events` come with their rules_off prefetched."""
    by_kind: dict[str, list[ReminderRule]] = {}
    for rule in ReminderRule.objects.filter(is_on=True).order_by("position", "pk"):
        by_kind.setdefault(rule.event_type, []).append(rule)
    return [_row(event, by_kind.get(event.kind, []), now) for event in events]


def _row(event: Event, rules: Sequence[ReminderRule], now: datetime) -> Row:
    off = set(event.rules_off.all())
    coming = [
        (due_at, number, rule)
        for number, rule in enumerate(rules)
        if rule not in off
        and (not event.is_cancelled or rule.anchor == ReminderRule.Anchor.CANCELLED)
        and (due_at := rule.due_at(event)) is not None
        and due_at > now
    ]
    due_at, _number, rule = min(coming, default=(None, 0, None))
    return Row(event, rule, due_at)


def doubts_about(event: Event, now: datetime) -> list[str]:
    """Say what may be a mistake about an event; nothing of it keeps anybody from saving."""
    if event.is_cancelled or event.has_ended(now):
        return []
    doubts = []
    if not event.room_url:
        doubts.append(gettext("There is no link to the room: nobody can join."))
    if event.moderator is None:
        doubts.append(
            gettext(
                "There is no moderator: the marketing heads are asked when a message has to be"
                " held."
            )
        )
    if event.has_begun(event.moved_at or event.created_at):
        doubts.append(gettext("The start is in the past: reminders before it are not sent."))
    doubts += _doubts_about_the_offer(event)
    others = Event.objects.going_ahead().exclude(pk=event.pk)
    same_time = others.filter(starts_at__lt=event.ends_at, ends_at__gt=event.starts_at)
    doubts += [
        gettext("Another event is at the same time: %(title)s, %(start)s.")
        % {"title": other.shown_name, "start": _in_short(other.starts_at)}
        for other in same_time.order_by("starts_at", "pk")[:3]
    ]
    return doubts


def _in_short(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def _doubts_about_the_offer(event: Event) -> list[str]:
    if not event.with_offer or not get_type(event.kind).has_offer:
        return []
    if event.offer is None:
        return [gettext("No offer holds on that day yet: nothing would be advertised afterwards.")]
    if not event.offer.holds_on(local_day(event.starts_at)):
        return [gettext("The offer does not hold on the day of the event.")]
    return []


@dataclass(frozen=True)
class Live:
    """What changes while an event goes on."""

    registered: int
    present: int
    absent: int
    unknown: int
    evidence: tuple[tuple[str, int], ...]
    """For how many people each kind of evidence speaks."""

    room_opened_at: datetime | None
    asks_moderator: bool
    missing_with_phone: int
    """Whom a release would write to; counted only while the moderator is asked."""

    no_show_released_at: datetime | None
    starts_late_at: datetime | None

    @property
    def release_words(self) -> str:
        return ngettext(
            "%(count)s person gets an SMS with the link.",
            "%(count)s people get an SMS with the link.",
            self.missing_with_phone,
        ) % {"count": self.missing_with_phone}

    @property
    def late_words(self) -> str:
        return ngettext(
            "%(count)s person gets one message that it starts late.",
            "%(count)s people get one message that it starts late.",
            self.registered,
        ) % {"count": self.registered}


def live(event: Event, now: datetime) -> Live:
    """Return the figures of the moment; three small queries."""
    active = event.registrations.active().order_by()
    counts = dict(active.values_list("attendance").annotate(count=Count("pk")))
    signs = (
        Evidence.objects.filter(
            registration__event=event, registration__cancelled_at=None, is_present=True
        )
        .order_by("-kind")
        .values_list("kind")
        .annotate(people=Count("registration", distinct=True))
    )
    asks = attendance.asks_moderator(event, now)
    missing = active.exclude(attendance=Attendance.PRESENT).exclude(participant__phone="")
    return Live(
        registered=sum(counts.values()),
        present=counts.get(Attendance.PRESENT, 0),
        absent=counts.get(Attendance.ABSENT, 0),
        unknown=counts.get(Attendance.UNKNOWN, 0),
        evidence=tuple((str(Evidence.Kind(kind).label), people) for kind, people in signs),
        room_opened_at=event.room_opened_at,
        asks_moderator=asks,
        missing_with_phone=missing.count() if asks else 0,
        no_show_released_at=event.no_show_released_at,
        starts_late_at=event.starts_late_at,
    )


def is_near(event: Event, now: datetime) -> bool:
    return (
        not event.is_cancelled and event.starts_at - NEAR_BEFORE <= now < event.ends_at + NEAR_AFTER
    )
