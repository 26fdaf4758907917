"""The plan: who gets what, when, by which medium, and who is skipped and why.

A pure function of the event, its rules, a registration with its participant, what is known about
them, and a moment. The preview, the pre-flight and the worker all call it, so what a person sees
before is what happens. Nothing here asks the database or the clock.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from events.earlier_times import is_past_by_move
from events.models import Event, EventMove, Registration, ReminderRule
from events.models.move import SMALL_SHIFT
from events.models.reminder import OF_THE_START
from events.quiet_hours import after_quiet_hours
from outbox.models import Reason
from outbox.verdicts import SEND, Verdict, expire, hold, put_off, skip
from people.addresses import can_receive_sms
from people.models import Medium

FEED_LOOK = timedelta(minutes=8)
"""How long after the start the attendance feed is judged."""

JOIN_NOW_FROM = timedelta(minutes=15)
"""So long before the start whoever registers is best served with "join now"."""

Anchor, Late = ReminderRule.Anchor, ReminderRule.Late

ToldNearly = dict[tuple[int, str, int | None], datetime]
"""When a participant was told nearly the present start, by a medium and by which rule.

No rule stands for the notice of an earlier move.
"""


@dataclass(frozen=True)
class Circumstances:
    """What the plan has to know beyond the rows themselves."""

    feed_trusted: bool = True
    blocked: frozenset[tuple[str, str]] = frozenset()
    """Medium and address of what a provider or its owner has stopped."""

    had_enough: frozenset[tuple[int, str]] = frozenset()
    """Participant and medium of those who have had as many offers as the cap allows."""

    told: dict[int, datetime] = field(default_factory=dict)
    """The start each participant was last told; who was told nothing is not in it."""

    told_nearly: ToldNearly = field(default_factory=dict)
    """What told nearly the present start, apart from what is of the present one."""

    moves: tuple[EventMove, ...] = ()
    """Every change of the start, the first one first."""

    notice_by: frozenset[str] = frozenset()
    """The media by which a changed time is announced."""

    rules_off: frozenset[int] = frozenset()
    """Rules switched off for this event."""


@dataclass(frozen=True)
class Planned:
    """One line of the plan."""

    rule: ReminderRule
    registration: Registration
    medium: Medium
    due_at: datetime
    expires_at: datetime
    verdict: Verdict


def plan(
    event: Event,
    rules: Iterable[ReminderRule],
    registrations: Iterable[Registration],
    now: datetime,
    known: Circumstances,
) -> Iterator[Planned]:
    """Yield a line for every rule, registration and medium that the rules speak of."""
    rules = list(rules)
    for registration in registrations:
        for rule in rules:
            yield from plan_one(event, rule, registration, now, known)


def plan_one(
    event: Event,
    rule: ReminderRule,
    registration: Registration,
    now: datetime,
    known: Circumstances,
) -> Iterator[Planned]:
    """Yield what one rule means for one registration: a line per medium, or nothing."""
    due_at = rule.due_for(event, registration)
    if due_at is None:
        return
    if rule.counts_from_registration() and not rule.takes(event, registration):
        return
    expires_at = rule.expires_at(event)
    for medium in rule.media:
        verdict = decide(rule, event, registration, medium, now, known)
        yield Planned(rule, registration, medium, due_at, expires_at, verdict)


def decide(
    rule: ReminderRule,
    event: Event,
    registration: Registration,
    medium: Medium,
    now: datetime,
    known: Circumstances,
) -> Verdict:
    """Say what happens to one message, asked at `now`; the first reason that applies is given."""
    reason = (
        _why_not_this_rule(rule, medium, known)
        or _why_not_this_event(rule, event, registration, known)
        or _why_not_this_address(rule, event, registration, medium, known)
        or _why_not_this_moment(rule, event, registration)
        or _why_not_after_the_move(rule, event, registration, medium, known)
    )
    if reason:
        return skip(reason)
    if now >= rule.expires_at(event):
        return expire()
    # That it is cancelled has to be told also where its reminders were stopped or never begun.
    if event.reminders_stopped_at is not None and rule.anchor != Anchor.CANCELLED:
        return hold(Reason.STOPPED)
    if rule.needs_feed and now >= event.starts_at + FEED_LOOK and not known.feed_trusted:
        return hold(Reason.FEED_NOT_TRUSTED)
    return _only_by_day(rule, event, registration, now) if rule.is_advertising else SEND


def _only_by_day(
    rule: ReminderRule, event: Event, registration: Registration, now: datetime
) -> Verdict:
    """Advertising that comes late does not go in the night that has begun meanwhile."""
    morning = after_quiet_hours(now)
    due_at = rule.due_for(event, registration)
    if due_at is not None and due_at <= now < morning:
        return put_off(Reason.QUIET_HOURS, morning)
    return SEND


def _why_not_this_rule(rule: ReminderRule, medium: Medium, known: Circumstances) -> Reason | None:
    """A rule without this medium has lost it since the row was written."""
    if not rule.is_on or medium not in rule.media or rule.pk in known.rules_off:
        return Reason.RULE_OFF
    return None


def _why_not_this_event(
    rule: ReminderRule, event: Event, registration: Registration, known: Circumstances
) -> Reason | None:
    if event.is_cancelled and rule.anchor != Anchor.CANCELLED:
        return Reason.EVENT_CANCELLED
    if not registration.is_active:
        return Reason.REGISTRATION_CANCELLED
    if rule.not_to_present and registration.is_present:
        return Reason.PRESENT
    if rule.needs_feed and event.starts_late_at is not None:
        return Reason.LATE_START
    if rule.anchor == Anchor.MOVED and not _was_told_another_time(event, registration, known):
        is_told = registration.participant_id in known.told
        return Reason.TOLD_ALREADY if is_told else Reason.NOT_TOLD
    return None


def _was_told_another_time(event: Event, registration: Registration, known: Circumstances) -> bool:
    """A notice goes to those who were told a time that is five minutes or more from the new one."""
    told = known.told.get(registration.participant_id)
    return told is not None and abs(told - event.starts_at) >= SMALL_SHIFT


def _why_not_this_address(
    rule: ReminderRule,
    event: Event,
    registration: Registration,
    medium: Medium,
    known: Circumstances,
) -> Reason | None:
    participant = registration.participant
    address = participant.address(medium)
    if not address:
        return Reason.NO_EMAIL if medium == Medium.EMAIL else Reason.NO_PHONE
    if medium == Medium.SMS and not can_receive_sms(address):
        return Reason.NOT_MOBILE
    if (medium, address) in known.blocked:
        return Reason.BLOCKED
    if not rule.is_advertising:
        return None
    if not participant.accepts_offers(medium):
        return Reason.NO_CONSENT
    if event.offer is None and rule.until == ReminderRule.Until.OFFER:
        return Reason.NO_OFFER
    if (participant.pk, medium) in known.had_enough:
        return Reason.TOO_MANY
    return None


def _why_not_this_moment(
    rule: ReminderRule, event: Event, registration: Registration
) -> Reason | None:
    due_at = rule.due_for(event, registration)
    if due_at is not None and due_at < rule.armed_from:
        return Reason.RULE_NEWER
    if rule.counts_from_registration():
        if not rule.takes(event, registration):
            # It did when its row was written: by the new time "join now" comes far too early.
            return Reason.MOVED
        # The confirmation leaves the last minutes to "join now": two letters would say the same.
        is_confirmation = rule.registered_from_minutes is None
        return (
            Reason.JOIN_NOW_INSTEAD if is_confirmation and _is_late(event, registration) else None
        )
    if rule.anchor in OF_THE_START and due_at is not None:
        return _why_not_so_late(rule, event, registration, due_at)
    return None


def _why_not_so_late(
    rule: ReminderRule, event: Event, registration: Registration, due_at: datetime
) -> Reason | None:
    """What somebody gets who registers when it was due already: the rule says."""
    latest = due_at - timedelta(minutes=rule.registered_before_minutes)
    if rule.late == Late.SEND:
        joins_now = registration.registered_at > event.starts_at - JOIN_NOW_FROM
        return Reason.JOIN_NOW_INSTEAD if joins_now else None
    if registration.registered_at <= latest:
        return None
    return Reason.JOIN_NOW_INSTEAD if rule.late == Late.REPLACE else Reason.REGISTERED_LATER


def _why_not_after_the_move(
    rule: ReminderRule,
    event: Event,
    registration: Registration,
    medium: Medium,
    known: Circumstances,
) -> Reason | None:
    """What has been said already, and what fell due, by the new time, before that was announced.

    Whoever is told of the move needs no more. Who was told nothing before gets at once what also
    leads straight in and what had fallen due by the old time as well, and nothing of what speaks
    of an earlier day.
    """
    due_at = rule.due_at(event, registration.registered_at)
    if rule.anchor not in (Anchor.START, Anchor.REGISTRATION) or event.moved_at is None:
        return None
    if due_at is None:
        return None
    if (
        medium in known.notice_by
        and is_due_by_the_notice(rule, event, due_at)
        and _was_told_another_time(event, registration, known)
    ):
        return Reason.NOTICE_INSTEAD
    if due_at < event.moved_at and is_past_by_move(rule, event, known.moves):
        return Reason.PAST_BY_MOVE
    return why_not_again(rule, registration.participant_id, medium, due_at, known.told_nearly)


def is_due_by_the_notice(rule: ReminderRule, event: Event, due_at: datetime) -> bool:
    """Say whether this would come with the notice of the last move or before, and say as much.

    While the ten quiet minutes last, the new time may not be the final one either. What answers a
    registration goes at once all the same.
    """
    if event.moved_at is None or event.move_announced_at is None:
        return False
    if rule.anchor == Anchor.START:
        return due_at <= event.move_announced_at
    return due_at < event.moved_at


def why_not_again(
    rule: ReminderRule, participant_id: int, medium: str, due_at: datetime, told: ToldNearly
) -> Reason | None:
    """Say why somebody who has been told nearly this start is not reminded by this rule again.

    A notice counts only for what speaks of an earlier day, and only if it came after that was due:
    whoever waited in the batch still gets it.
    """
    if rule.anchor != Anchor.START:
        return None
    if (participant_id, medium, rule.pk) in told:
        return Reason.TOLD_ALREADY
    noticed_at = told.get((participant_id, medium, None))
    if rule.late == Late.SKIP and noticed_at is not None and noticed_at >= due_at:
        return Reason.NOTICE_INSTEAD
    return None


def _is_late(event: Event, registration: Registration) -> bool:
    """Registered when only "join now" still helps: from 15 minutes before to 25 after the start."""
    first = event.starts_at - JOIN_NOW_FROM
    return first < registration.registered_at < event.starts_at + timedelta(minutes=25)
