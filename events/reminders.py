"""Which reminders are due: the plan is computed, the ledger is written.

Beat asks every second; with nothing due that is one query of a small index. What falls due between
two ticks is waited for, so that it is late by what it takes and not by a tick more. What is due
becomes rows of the outbox, once, whoever else is doing the same: the unique key decides. There is
no cursor: whoever has no row yet gets one, so a crash half-way costs nothing but the other half.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from time import sleep
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction

from events import attendance
from events.circumstances import circumstances
from events.ledger import Writer, is_of, spoken_of
from events.models import Event, ReminderDispatch, ReminderRule
from events.models.event import EventQuerySet
from events.models.looks import AT_ONCE
from events.plan import decide
from events.texts import clock, day
from outbox.models import Dispatch, Message, Reason
from outbox.verdicts import Verdict, put_off, skip
from people.models import Medium

logger = logging.getLogger(__name__)

COMMITTING = timedelta(minutes=10)
"""So long after a rule was due somebody may turn up who registered before: a list is long."""

ASK_AGAIN = timedelta(seconds=30)
"""When messages about whose plan there was a fault are tried again."""

_looked_at: set[int] = set()
"""Events that a thread of this process is looking at: the next one takes another."""

_guard = threading.Lock()
_waiting = threading.Lock()


def queue_on_time(clock: Callable[[], datetime], wait: Callable[[float], None] = sleep) -> int:
    """Queue what is due, and what falls due before the next tick at that very moment."""
    now = clock()
    next_tick = now + timedelta(seconds=settings.TICK_SECONDS)
    soon = Event.objects.to_look_at(next_tick).values_list("look_at", flat=True).first()
    if soon is None:
        return 0
    if soon > now:
        # After a while without a worker many ticks come at once; one of them is enough to wait.
        if not _waiting.acquire(blocking=False):
            return 0
        try:
            wait((soon - now).total_seconds())
        finally:
            _waiting.release()
        # A clock that was set back meanwhile does not make it early: that moment was waited for.
        now = max(soon, clock())
    return queue_due(now)


def queue_due(now: datetime) -> int:
    """Put every reminder that is due into the outbox, once; return how many rows were offered."""
    due = Event.objects.to_look_at(now)
    ids = list(due.values_list("pk", flat=True)[:100])
    return sum(_look_alone(due, pk, now) for pk in ids)


def reconcile(now: datetime) -> int:
    """Look at the plans of all events around now again; return how many.

    Whatever was forgotten, corrected or became possible since is made up for within five minutes.
    It runs beside what is due, not before it.
    """
    around = Event.objects.around(now).order_by("starts_at", "pk")
    ids = list(around.values_list("pk", flat=True))
    for pk in ids:
        _look_alone(around, pk, now, again=True)
    return len(ids)


def _look_alone(events: EventQuerySet, pk: int, now: datetime, *, again: bool = False) -> int:
    """Look at one event unless a thread of this process is at it; its fault is not the others'."""
    with _guard:
        if pk in _looked_at:
            return 0
        _looked_at.add(pk)
    try:
        # As it is now: the events before it may have taken a while.
        fresh = events.filter(pk=pk).select_related("offer").prefetch_related("rules_off").first()
        return look(fresh, now, again=again) if fresh else 0
    except Exception:
        logger.exception("The plan of event %s could not be carried out", pk)
        return 0
    finally:
        _looked_at.discard(pk)


def look(event: Event, now: datetime, *, again: bool = False) -> int:
    """Carry out one event's plan up to `now`, and note when to look again.

    Rows that are written but not sent are decided anew when something has changed, or `again`.
    """
    has_changed = again or event.look_at == AT_ONCE
    if event.take_offer():
        Event.objects.filter(pk=event.pk).update(offer=event.offer)
    if event.has_ended(now):
        attendance.settle_absences(event, now)
    rules = list(ReminderRule.objects.for_kind(event.kind).prefetch_related("texts"))
    queued, faults = 0, []
    for rule in rules:
        try:
            queued += _queue_rule(event, rule, now, has_changed=has_changed)
        except Exception as fault:
            faults.append(fault)
    if faults:
        # The other rules have had their turn; this look is not over, so the next tick tries again.
        raise ExceptionGroup(f"Reminder rules of event {event.pk}", faults)
    # Not if somebody changed it or asked for another look meanwhile: then the next tick does it.
    asked = Event.objects.as_in(event).filter(look_request=event.look_request)
    asked.update(look_at=next_look(event, rules, now))
    return queued


def next_look(event: Event, rules: Iterable[ReminderRule], now: datetime) -> datetime | None:
    """Return when the next rule of this event falls due; None if none will by itself."""
    moments = (rule.due_at(event) for rule in rules if rule.is_on)
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


def rules_of(event: Event) -> list[ReminderRule]:
    """Return the rules that hold for an event, in their order."""
    off = {rule.pk for rule in event.rules_off.all()}
    return [
        rule
        for rule in ReminderRule.objects.for_kind(event.kind).prefetch_related("texts")
        if rule.is_on and rule.pk not in off
    ]


def wake(event_id: int, now: datetime) -> None:
    """Somebody new has registered: give them rows at the next tick."""
    Event.objects.filter(pk=event_id).look_soon(now)


def _queue_rule(event: Event, rule: ReminderRule, now: datetime, *, has_changed: bool) -> int:
    if not rule.is_on or rule in event.rules_off.all():
        return 0
    due_at = rule.due_at(event)
    if not rule.counts_from_registration() and (due_at is None or due_at > now):
        return 0
    is_over = now >= rule.expires_at(event)
    occasion = _occasion(event, rule)
    if occasion is None or (occasion.decided_at is not None and is_over):
        return 0
    # Decided for an earlier moment: the rule was given a later one since, or the event's end was.
    has_changed = has_changed or bool(
        due_at and occasion.decided_at and occasion.decided_at < due_at
    )
    may_lack_some = rule.takes_late_comers() or (due_at and now - due_at < COMMITTING)
    if occasion.decided_at is None or has_changed or may_lack_some:
        return _write_rows(occasion, now, reconsider=has_changed and not is_over)
    return 0


def _occasion(event: Event, rule: ReminderRule) -> ReminderDispatch | None:
    """Return the rule's occasion at this moment of the event.

    None while nobody is registered, or if the event has changed since it was read.
    """
    moment = rule.moment_of(event)
    known = ReminderDispatch.objects.filter(event=event, rule=rule, moment=moment)
    occasion = known.select_related("dispatch").first()
    if occasion is None and spoken_of(event, rule).exists():
        occasion = _new_occasion(event, rule, moment)
    if occasion is not None:
        occasion.event, occasion.rule = event, rule
    return occasion


@transaction.atomic
def _new_occasion(
    event: Event, rule: ReminderRule, moment: datetime | None
) -> ReminderDispatch | None:
    """Make the occasion, unless another worker has, while nobody can change the event.

    Whoever changes it holds the same lock until all is stored that the change means. An occasion
    of the old time that came into being meanwhile would have what the change cannot take along.
    """
    if not Event.objects.select_for_update().as_in(event).first():
        return None
    known = ReminderDispatch.objects.filter(event=event, rule=rule, moment=moment)
    occasion = known.select_related("dispatch").first()
    if occasion is None:
        dispatch = Dispatch.objects.create(title=_title(event, rule), purpose=rule.purpose)
        occasion = ReminderDispatch.objects.create(
            event=event, rule=rule, moment=moment, dispatch=dispatch
        )
    return occasion


def _title(event: Event, rule: ReminderRule) -> str:
    return f"{event.title[:120]} {day(event.starts_at)} {clock(event.starts_at)} · {rule.name}"


def _write_rows(occasion: ReminderDispatch, now: datetime, *, reconsider: bool) -> int:
    writer = Writer(occasion, now)
    written = writer.write_missing()
    if writer.has_event_changed:
        return written
    if reconsider:
        writer.reconsider()
    if reconsider or occasion.decided_at is None:
        ReminderDispatch.objects.filter(pk=occasion.pk).update(decided_at=now)
    return written


def recheck(messages: Sequence[Message], now: datetime, **_signal: Any) -> dict[int, Verdict]:
    """Ask the plan again about messages that were just claimed; answer for those not to go.

    It sees every cancellation, consent and sign of attendance committed before the claim. What
    a later one takes back until they are begun does not go either.
    """
    occasions = {
        each.dispatch_id: each
        for each in ReminderDispatch.objects.filter(
            dispatch__in={message.dispatch_id for message in messages}
        )
        .select_related("event__offer", "rule")
        .prefetch_related("event__rules_off")
    }
    verdicts: dict[int, Verdict] = {}
    for dispatch_id, occasion in occasions.items():
        its_own = [message for message in messages if message.dispatch_id == dispatch_id]
        try:
            verdicts.update(_recheck_occasion(occasion, its_own, now))
        except DatabaseError:
            raise
        except Exception:
            # The messages of other occasions in the batch are not kept from going.
            logger.exception("The plan of %s could not be asked again", occasion)
            later = put_off(Reason.NONE, now + ASK_AGAIN)
            verdicts.update({message.pk: later for message in its_own})
    return verdicts


def _recheck_occasion(
    occasion: ReminderDispatch, messages: Sequence[Message], now: datetime
) -> Iterator[tuple[int, Verdict]]:
    event, rule = occasion.event, occasion.rule
    if not occasion.is_current():
        yield from ((message.pk, skip(Reason.MOVED)) for message in messages)
        return
    people = {each.participant.pk: each.participant for each in messages if each.participant}
    registrations = {
        each.participant_id: each for each in event.registrations.filter(participant__in=people)
    }
    for each in registrations.values():
        # As it was read with the claim.
        each.participant = people[each.participant_id]
    known = circumstances(event, [rule], registrations.values(), now)
    for message in messages:
        registration = registrations.get(message.participant_id or 0)
        if registration is None or not is_of(message, registration, rule):
            yield message.pk, skip(Reason.REGISTRATION_CANCELLED)
            continue
        verdict = decide(rule, event, registration, Medium(message.medium), now, known)
        if not verdict.is_send:
            yield message.pk, verdict
