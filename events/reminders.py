"""Which reminders are due: the plan is computed, the ledger is written.

Beat asks every second; with nothing due that is one query of a small index. What is due becomes
rows of the outbox, once, whoever else is doing the same: the unique key decides. There is no
cursor: whoever has no row yet gets one, so a crash half-way costs nothing but the other half.
"""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from events import attendance, calendar_file
from events.models import Event, Registration, ReminderDispatch, ReminderRule
from events.models.event import AT_ONCE
from events.plan import Circumstances, decide
from events.texts import Renderer, TextError, clock, day, unsubscribe_url
from outbox import queue
from outbox.channels.base import channel_for
from outbox.models import Dispatch, Message, Purpose, Reason, Status
from outbox.verdicts import Verdict, skip
from people.models import AddressBlock, Medium

CHUNK = 500
MOST_OFFERS, OFFER_DAYS = 2, 7
"""So many advertising messages by one medium in so many days are enough."""


def queue_due(now: datetime) -> int:
    """Put every reminder that is due into the outbox, once; return how many rows were offered."""
    events = Event.objects.to_look_at(now).select_related("offer").prefetch_related("rules_off")
    return sum(look(event, now) for event in events[:100])


def look(event: Event, now: datetime) -> int:
    """Carry out one event's plan up to `now`, and note when to look again."""
    seen = event.look_at
    if event.take_offer():
        Event.objects.filter(pk=event.pk).update(offer=event.offer)
    if event.has_ended(now):
        attendance.settle_absences(event, now)
    rules = list(ReminderRule.objects.for_kind(event.kind).prefetch_related("texts"))
    queued = sum(_queue_rule(event, rule, now, has_changed=seen == AT_ONCE) for rule in rules)
    # Not if something changed meanwhile: then the next tick looks again.
    Event.objects.filter(pk=event.pk, look_at=seen).update(look_at=next_look(event, rules, now))
    return queued


def next_look(event: Event, rules: Iterable[ReminderRule], now: datetime) -> datetime | None:
    """Return when the next rule of this event falls due; None if none will by itself."""
    moments = (rule.due_at(event) for rule in rules if rule.is_on)
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


def reconcile(now: datetime) -> int:
    """Have all events around now looked at again; return how many.

    Whatever was forgotten, corrected or became possible since is made up for within five minutes.
    """
    return Event.objects.around(now).look_again()


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
    sleeping = Event.objects.filter(pk=event_id).filter(Q(look_at=None) | Q(look_at__gt=now))
    sleeping.update(look_at=now)


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
    if occasion.decided_at is None or has_changed or rule.counts_from_registration():
        return _write_rows(occasion, now, reconsider=has_changed and not is_over)
    return 0


def _occasion(event: Event, rule: ReminderRule) -> ReminderDispatch | None:
    """Return the rule's occasion at this moment of the event; None while nobody is registered."""
    moment = rule.moment_of(event)
    known = ReminderDispatch.objects.filter(event=event, rule=rule, moment=moment)
    occasion = known.select_related("dispatch").first()
    if occasion is None and _spoken_of(event, rule).exists():
        # Two workers may be here at once; the loser takes the winner's.
        with contextlib.suppress(IntegrityError), transaction.atomic():
            dispatch = Dispatch.objects.create(title=_title(event, rule), purpose=rule.purpose)
            ReminderDispatch.objects.create(
                event=event, rule=rule, moment=moment, dispatch=dispatch
            )
        occasion = known.select_related("dispatch").get()
    if occasion is not None:
        occasion.event, occasion.rule = event, rule
    return occasion


def _title(event: Event, rule: ReminderRule) -> str:
    return f"{event.title[:120]} {day(event.starts_at)} {clock(event.starts_at)} · {rule.name}"


def _spoken_of(event: Event, rule: ReminderRule) -> QuerySet[Registration]:
    """Keep the registrations a rule has to answer for, with a message or with a reason."""
    registrations = event.registrations.select_related("participant").order_by("pk")
    if not rule.counts_from_registration():
        return registrations
    recent = registrations.filter(cancelled_at=None, registered_at__gte=rule.armed_from)
    if rule.registered_from_minutes is None:
        return recent.filter(is_confirmed=True)
    since = event.starts_at + timedelta(minutes=rule.registered_from_minutes)
    return recent.filter(registered_at__gte=since)


def _write_rows(occasion: ReminderDispatch, now: datetime, *, reconsider: bool) -> int:
    writer = _Writer(occasion, now)
    written = sum(writer.write_missing(medium) for medium in occasion.rule.media)
    if reconsider:
        writer.reconsider()
    if reconsider or occasion.decided_at is None:
        ReminderDispatch.objects.filter(pk=occasion.pk).update(decided_at=now)
    return written


class _Writer:
    """Writes the rows of one occasion, a few hundred at a time."""

    def __init__(self, occasion: ReminderDispatch, now: datetime) -> None:
        self.occasion, self.now = occasion, now
        self.event, self.rule = occasion.event, occasion.rule
        self.renderer = Renderer(
            self.event, self.rule, self.rule.texts.all(), next_event_after(self.event, now)
        )

    def write_missing(self, medium: Medium) -> int:
        """Give everybody without a row one; each chunk is there for the senders at once."""
        there = Message.objects.filter(
            dispatch=self.occasion.dispatch,
            participant=OuterRef("participant"),
            medium=medium,
        )
        if self.rule.counts_from_registration():
            there = there.filter(repetition=OuterRef("repetition"))
        missing = _spoken_of(self.event, self.rule).filter(~Exists(there))
        written = 0
        while chunk := list(missing[:CHUNK]):
            known = circumstances(self.event, [self.rule], chunk, self.now)
            rows = [self._row(registration, medium, known) for registration in chunk]
            written += queue.store(rows)
        return written

    def reconsider(self) -> None:
        """Ask the plan again about rows no provider was called for: reasons come and go."""
        rows = (
            Message.objects.untouched()
            | Message.objects.filter(
                status=Status.FAILED, reason=Reason.TEXT_INCOMPLETE, attempts=0
            )
        ).filter(dispatch=self.occasion.dispatch)
        ids = list(rows.values_list("pk", "participant_id"))
        for start in range(0, len(ids), CHUNK):
            chunk = dict(ids[start : start + CHUNK])
            self._reconsider_chunk(chunk)

    def _reconsider_chunk(self, participants: Mapping[int, int | None]) -> None:
        registrations = {
            each.participant_id: each
            for each in self.event.registrations.select_related("participant").filter(
                participant__in=participants.values()
            )
        }
        known = circumstances(self.event, [self.rule], registrations.values(), self.now)
        changed = []
        for message in Message.objects.filter(pk__in=participants):
            registration = registrations[message.participant_id or 0]
            fresh = self._row(registration, Medium(message.medium), known)
            if any(getattr(message, field) != getattr(fresh, field) for field in REDECIDED):
                for field in REDECIDED:
                    setattr(message, field, getattr(fresh, field))
                changed.append(message)
        with transaction.atomic():
            # Whoever was claimed since is left alone: the claim has asked the plan itself.
            still = set(
                Message.objects.select_for_update()
                .filter(pk__in=[each.pk for each in changed], attempts=0, claim=None)
                .values_list("pk", flat=True)
            )
            Message.objects.bulk_update([m for m in changed if m.pk in still], REDECIDED)

    def _row(self, registration: Registration, medium: Medium, known: Circumstances) -> Message:
        rule, event = self.rule, self.event
        due_at = rule.due_at(event, registration.registered_at) or self.now
        verdict = decide(rule, event, registration, medium, self.now, known)
        participant = registration.participant
        message = Message(
            dispatch=self.occasion.dispatch,
            participant=participant,
            medium=medium,
            repetition=registration.repetition if rule.counts_from_registration() else 1,
            channel=channel_for(medium),
            language=participant.language,
            address=participant.address(medium),
            token=registration.token,
            about_at=event.starts_at,
            due_at=due_at,
            not_before=due_at,
            expires_at=rule.expires_at(event),
        )
        if verdict.status in (Status.PLANNED, Status.HELD):
            verdict = self._fill(message, registration, verdict)
        message.status, message.reason, message.detail = (
            verdict.status,
            verdict.reason,
            verdict.detail,
        )
        return message

    def _fill(self, message: Message, registration: Registration, verdict: Verdict) -> Verdict:
        """Put the words in; a text with an empty required field is refused before it goes."""
        try:
            words = self.renderer.render(registration, message.medium)
        except TextError as error:
            return Verdict(Status.FAILED, Reason.TEXT_INCOMPLETE, str(error)[:500])
        message.subject, message.body = words.subject, words.body
        if self.rule.is_advertising:
            message.unsubscribe_url = unsubscribe_url(registration.participant.unsubscribe_token)
        if self.rule.with_calendar and message.medium == Medium.EMAIL:
            message.attachment = calendar_file.for_registration(registration, self.event)
        return verdict


REDECIDED = [
    "status",
    "reason",
    "detail",
    "subject",
    "body",
    "attachment",
    "unsubscribe_url",
    "due_at",
    "not_before",
    "expires_at",
    "address",
]


def circumstances(
    event: Event,
    rules: Sequence[ReminderRule],
    registrations: Iterable[Registration],
    now: datetime,
) -> Circumstances:
    """Look up what the plan has to know beyond the rows themselves; a few queries per chunk."""
    participants = [each.participant for each in registrations]
    ids = [each.pk for each in participants]
    addresses = {a for each in participants for a in (each.email, each.phone) if a}
    return Circumstances(
        feed_trusted=not any(rule.needs_feed for rule in rules)
        or attendance.feed_is_trusted(event, attendance.feed_of(event)),
        blocked=frozenset(
            AddressBlock.objects.filter(lifted_at=None, address__in=addresses).values_list(
                "medium", "address"
            )
        ),
        had_enough=had_enough(event, ids, now)
        if any(rule.is_advertising for rule in rules)
        else frozenset(),
        told=last_told(event, ids)
        if any(rule.anchor == ReminderRule.Anchor.MOVED for rule in rules)
        else {},
        rules_off=frozenset(rule.pk for rule in event.rules_off.all()),
    )


def had_enough(
    event: Event, participants: Collection[int] | QuerySet[Any, Any], now: datetime
) -> frozenset[tuple[int, str]]:
    """Return participant and medium of those who have had as many offers as the cap allows."""
    recent = (
        Message.objects.taken()
        .filter(
            participant__in=participants,
            dispatch__purpose=Purpose.ADVERTISING,
            handed_over_at__gt=now - timedelta(days=OFFER_DAYS),
        )
        .exclude(dispatch__reminder__event=event)
    )
    counted = recent.values("participant", "medium").annotate(times=Count("pk")).order_by()
    return frozenset(
        (row["participant"], row["medium"]) for row in counted if row["times"] >= MOST_OFFERS
    )


def last_told(
    event: Event, participants: Collection[int] | QuerySet[Any, Any]
) -> dict[int, datetime]:
    """Return the start each participant was last told, before any notice of the present move."""
    present_notice = Q(
        dispatch__reminder__rule__anchor=ReminderRule.Anchor.MOVED,
        dispatch__reminder__moment=event.moved_at,
    )
    told = (
        Message.objects.taken()
        .filter(dispatch__reminder__event=event, participant__in=participants)
        .exclude(about_at=None)
        .exclude(present_notice)
        .order_by("pk")
        .values_list("participant", "about_at")
    )
    return {participant: at for participant, at in told if participant and at}


def next_event_after(event: Event, now: datetime) -> Event | None:
    """Return the next event of the same kind that one can still register for."""
    later = Event.objects.going_ahead().filter(kind=event.kind, registration_open=True)
    return later.filter(starts_at__gt=max(now, event.starts_at)).order_by("starts_at").first()


def recheck(messages: Sequence[Message], now: datetime, **_signal: Any) -> dict[int, Verdict]:
    """Ask the plan again about messages that were just claimed; answer for those not to go.

    Runs in the transaction that claims them, so it sees every cancellation, consent and sign of
    attendance committed before the claim.
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
        verdicts.update(_recheck_occasion(occasion, its_own, now))
    return verdicts


def _recheck_occasion(
    occasion: ReminderDispatch, messages: Sequence[Message], now: datetime
) -> Iterator[tuple[int, Verdict]]:
    event, rule = occasion.event, occasion.rule
    if not occasion.is_current():
        yield from ((message.pk, skip(Reason.MOVED)) for message in messages)
        return
    registrations = {
        each.participant_id: each
        for each in event.registrations.select_related("participant").filter(
            participant__in=[message.participant_id for message in messages]
        )
    }
    known = circumstances(event, [rule], registrations.values(), now)
    for message in messages:
        registration = registrations[message.participant_id or 0]
        verdict = decide(rule, event, registration, Medium(message.medium), now, known)
        if not verdict.is_send:
            yield message.pk, verdict
