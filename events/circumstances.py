"""What the plan has to know beyond the rows themselves, looked up for a few hundred at a time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from events import attendance
from events.models import Event, Registration, ReminderDispatch, ReminderRule
from events.models.event import AROUND
from events.models.move import SMALL_SHIFT
from events.plan import Circumstances, ToldNearly
from outbox.models import TAKEN, Message, Purpose, Status
from people.models import AddressBlock
from plans.local_time import local_day

MOST_OFFERS, OFFER_DAYS = 2, 7
"""So many advertising messages by one medium in so many days are enough."""


def circumstances(
    event: Event,
    rules: Sequence[ReminderRule],
    registrations: Iterable[Registration],
    now: datetime,
) -> Circumstances:
    """Look up what the plan has to know beyond the rows themselves; a few queries per chunk."""
    participants = [each.participant for each in registrations]
    ids = [each.pk for each in participants]
    media = {medium for rule in rules for medium in rule.media}
    addresses = {each.address(medium) for each in participants for medium in media}
    told = what_was_told(event, ids) if event.moved_at is not None else Told()
    return Circumstances(
        feed_trusted=not any(rule.needs_feed for rule in rules)
        or attendance.feed_is_trusted(event, attendance.feed_of(event)),
        blocked=frozenset(
            AddressBlock.objects.filter(lifted_at=None, address__in=addresses).values_list(
                "medium", "address"
            )
        ),
        had_enough=had_enough(event, now, ids)
        if any(rule.is_advertising for rule in rules)
        else frozenset(),
        told=told.last,
        told_nearly=told.nearly,
        moves=tuple(event.moves.all()) if event.moved_at is not None else (),
        notice_by=notice_by(event) if event.moved_at is not None else frozenset(),
        rules_off=frozenset(rule.pk for rule in event.rules_off.all()),
    )


def notice_by(event: Event) -> frozenset[str]:
    """Return the media by which a changed time is announced."""
    notices = ReminderRule.objects.for_kind(event.kind).filter(
        anchor=ReminderRule.Anchor.MOVED, is_on=True
    )
    off = {rule.pk for rule in event.rules_off.all()}
    return frozenset(medium for rule in notices if rule.pk not in off for medium in rule.media)


def had_enough(
    event: Event, now: datetime, participants: Collection[int] | None = None
) -> frozenset[tuple[int, str]]:
    """Return participant and medium of those who have had as many offers as the cap allows.

    Of everybody, or of some. The state is counted, not searched by: most rows of the ledger have
    the same, and without statistics SQLite would begin with it.
    """
    since = now - timedelta(days=OFFER_DAYS)
    occasions = _occasions_of_offers(since).exclude(event=event)
    recent = Message.objects.filter(
        dispatch__in=list(occasions.values_list("dispatch", flat=True)), handed_over_at__gt=since
    )
    if participants is not None:
        recent = recent.filter(participant__in=participants)
    offers = Count("pk", filter=TAKEN)
    counted = recent.values("participant", "medium").annotate(offers=offers).order_by()
    enough = counted.filter(offers__gte=MOST_OFFERS)
    return frozenset(enough.values_list("participant", "medium"))


def _occasions_of_offers(since: datetime) -> QuerySet[ReminderDispatch]:
    """Return the occasions of which an offer may have gone out since then.

    Advertising is of use until its offer ends, or some days after the event; so a search begins
    with the few occasions of these weeks, not with all that somebody ever got.
    """
    of_use = Q(event__ends_at__gte=since - AROUND) | Q(event__offer__last_day__gte=local_day(since))
    return ReminderDispatch.objects.filter(of_use, dispatch__purpose=Purpose.ADVERTISING)


@dataclass(frozen=True)
class Told:
    """What people know of an event's start, apart from what tells the present one."""

    last: dict[int, datetime] = field(default_factory=dict)
    nearly: ToldNearly = field(default_factory=dict)


def what_was_told(event: Event, participants: Collection[int] | QuerySet[Any, Any]) -> Told:
    """Return the start each participant was last told, and what told nearly the present one.

    Left out are the notice of the present move and the reminders of the present start: whether
    they go is what is being decided.
    """
    of_the_present = Q(
        dispatch__reminder__rule__anchor=ReminderRule.Anchor.MOVED,
        dispatch__reminder__moment=event.moved_at,
    ) | Q(dispatch__reminder__moment=event.starts_at, about_at=event.starts_at)
    # What is still to be found out counts as the last; what somebody has settled, by when it was
    # due.
    settled = Case(When(status=Status.SKIPPED, then=F("due_at")), output_field=DateTimeField())
    rows = (
        Message.objects.taken()
        .filter(dispatch__reminder__event=event, participant__in=participants)
        .exclude(about_at=None)
        .exclude(of_the_present)
        .annotate(told_at=Coalesce("handed_over_at", settled))
        .order_by(F("told_at").asc(nulls_last=True), "pk")
        .values_list(
            *("participant", "medium", "dispatch__reminder__rule"),
            *("dispatch__reminder__rule__anchor", "about_at", "told_at", "due_at"),
        )
    )
    told = Told()
    for participant, medium, rule, anchor, about_at, told_at, due_at in rows:
        if participant is None or about_at is None:
            continue
        told.last[participant] = about_at
        if abs(about_at - event.starts_at) < SMALL_SHIFT:
            by = None if anchor == ReminderRule.Anchor.MOVED else rule
            told.nearly[participant, medium, by] = told_at or due_at
    return told


def last_told(
    event: Event, participants: Collection[int] | QuerySet[Any, Any]
) -> dict[int, datetime]:
    """Return the start each participant was last told, apart from what tells the present one."""
    return what_was_told(event, participants).last


def next_event_after(event: Event, now: datetime) -> Event | None:
    """Return the next event of the same kind that one can still register for."""
    others = Event.objects.going_ahead().exclude(pk=event.pk)
    later = others.filter(kind=event.kind, registration_open=True)
    return later.filter(starts_at__gt=max(now, event.starts_at)).order_by("starts_at").first()
