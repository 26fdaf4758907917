"""The rows of one occasion: written once for everybody, and asked again when something changed."""

import logging
import random
import uuid
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext

from events import calendar_file
from events.circumstances import circumstances, next_event_after
from events.models import Event, Registration, ReminderDispatch, ReminderRule
from events.plan import Circumstances, decide
from events.texts import Renderer, TextError, unsubscribe_url
from outbox import queue
from outbox.channels.base import channel_for
from outbox.models import Message, Reason, Status
from outbox.verdicts import Verdict
from people.models import Medium

logger = logging.getLogger(__name__)

CHUNK = 500
FIRST_CHUNK = 100
"""Fewer at first, so that the first message is under way while the others are being written."""

KEYS = uuid.UUID("8c7b6ac1-52f5-4f6e-9a0e-5a8c3a1f0d27")
"""The name space of the keys under which providers know our reminders."""


class Writer:
    """Writes the rows of one occasion, a few hundred at a time."""

    def __init__(self, occasion: ReminderDispatch, now: datetime) -> None:
        self.occasion, self.now = occasion, now
        self.event, self.rule = occasion.event, occasion.rule
        # Moved there and back in small and large steps, two occasions may have had one moment.
        self.earlier = ReminderDispatch.objects.filter(
            event=self.event, rule=self.rule, pk__lt=occasion.pk
        ).count()
        self.has_event_changed = False
        """Whether the event was changed meanwhile, and the rest left to the next look at it."""

        self.expires_at = self.rule.expires_at(self.event)
        self.channels = {medium: channel_for(medium, self.rule.purpose) for medium in Medium}
        self.patterns = {medium: self._pattern(medium) for medium in Medium}
        self.renderer = Renderer(
            self.event, self.rule, self.rule.texts.all(), next_event_after(self.event, now)
        )

    def write_missing(self) -> int:
        """Give everybody without a row one; each chunk is there for the senders at once.

        Other workers may be writing the same rows. Each takes the chunks in an order of its own and
        leaves out what is there by then, so together they need less time than one.
        """
        # Where only one may write at a time, others would but keep the senders waiting.
        can_write_together = connection.features.has_select_for_update_skip_locked
        missing = list(self._without_a_row().values_list("pk", flat=True))
        written = 0
        for number, pks in enumerate(_chunks(missing)):
            if not Event.objects.as_in(self.event).exists():
                # What was written from now on would have to be taken back one by one.
                self.has_event_changed = True
                break
            chunk = list(self._without_a_row().filter(pk__in=pks))
            if number.bit_count() == 1 and len(chunk) == len(pks) and can_write_together:
                # Nobody else seems to be at it yet; whoever is already, drops this at once. Each
                # asking costs something, so it is done after twice as many chunks each time.
                queue.ask_a_worker("events.tasks.queue_due_reminders")
            if not chunk:
                continue
            known = circumstances(self.event, [self.rule], chunk, self.now)
            for medium in self.rule.media:
                # Who has this row already keeps it: the unique key decides.
                rows = [self._row(registration, medium, known) for registration in chunk]
                written += queue.store(rows)
                if not number:
                    queue.send_soon(self.channels[medium])
        return written

    def _without_a_row(self) -> QuerySet[Registration]:
        """Keep those who lack the row of some medium.

        One key is looked up for each. What EXISTS would be turned into, a join, PostgreSQL plans by
        what it knows of the ledger, and of a dispatch that began just now it knows nothing: it
        then compares everybody with everybody.
        """
        rows = {f"by_{medium}": self._row_of_one(medium) for medium in self.rule.media}
        lacks_one = Q()
        for name in rows:
            lacks_one |= Q(**{f"{name}__isnull": True})
        return spoken_of(self.event, self.rule).alias(**rows).filter(lacks_one)

    def _row_of_one(self, medium: Medium) -> Subquery:
        rows = Message.objects.filter(
            dispatch=self.occasion.dispatch,
            participant=OuterRef("participant"),
            medium=medium,
        )
        if self.rule.counts_from_registration():
            rows = rows.filter(repetition=OuterRef("repetition"))
        return Subquery(rows.order_by().values("pk")[:1])

    def reconsider(self) -> None:
        """Ask the plan again about rows that surely have not gone: reasons come and go."""
        rows = Message.objects.undecided().filter(dispatch=self.occasion.dispatch)
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
        changed, seen = [], {}
        for message in Message.objects.undecided().filter(pk__in=participants):
            registration = registrations.get(message.participant_id or 0)
            if registration is None or not is_of(message, registration, self.rule):
                continue
            seen[message.pk] = (message.status, message.reason, message.attempts)
            fresh = self._row(registration, Medium(message.medium), known)
            if message.attempts:
                # It is being tried: the provider's own wait, and its words, stand.
                fresh.not_before = max(message.not_before, fresh.not_before)
                fresh.detail = fresh.detail or message.detail
            if any(getattr(message, field) != getattr(fresh, field) for field in REDECIDED):
                for field in REDECIDED:
                    setattr(message, field, getattr(fresh, field))
                changed.append(message)
        with transaction.atomic():
            # Whatever has been claimed, withdrawn or decided on since is left alone.
            now_there = (
                Message.objects.filter(pk__in=[each.pk for each in changed])
                .in_one_order()
                .values_list("pk", "status", "reason", "attempts")
            )
            still = {pk for pk, *state in now_there if tuple(state) == seen[pk]}
            Message.objects.bulk_update([m for m in changed if m.pk in still], REDECIDED)

    def _pattern(self, medium: Medium) -> Message:
        """Return what the rows of this medium have in common; a copy costs less than a new one."""
        return Message(
            dispatch_id=self.occasion.dispatch_id,
            medium=medium,
            channel=self.channels[medium],
            about_at=self.event.starts_at,
            expires_at=self.expires_at,
            created_at=self.now,
        )

    def _row(self, registration: Registration, medium: Medium, known: Circumstances) -> Message:
        rule, event = self.rule, self.event
        due_at = rule.due_for(event, registration) or self.now
        participant = registration.participant
        repetition = registration.repetition if rule.counts_from_registration() else 1
        message = copy(self.patterns[medium])
        message.uid = self._key(registration, medium, repetition)
        message.participant_id = participant.pk
        message.repetition = repetition
        message.language = participant.language
        message.address = participant.address(medium)
        message.token = registration.token
        message.due_at = due_at
        verdict = self._verdict(message, registration, known)
        message.not_before = verdict.not_before or due_at
        message.status, message.reason, message.detail = (
            verdict.status,
            verdict.reason,
            verdict.detail,
        )
        return message

    def _verdict(
        self, message: Message, registration: Registration, known: Circumstances
    ) -> Verdict:
        """Decide and put the words in; a fault with one person is not that of those behind."""
        medium = Medium(message.medium)
        try:
            verdict = decide(self.rule, self.event, registration, medium, self.now, known)
            if verdict.status in (Status.PLANNED, Status.HELD):
                verdict = self._fill(message, registration, verdict)
        except DatabaseError:
            raise
        except Exception:
            logger.exception("Registration %s has no message of its own", registration.pk)
            # Half a message must not be sent again by hand: it is asked again with the next look
            # at the plan, as what lacks a field of its text is.
            for field in WORDS:
                setattr(message, field, "")
            tried_again = gettext("It is written by itself once the fault is mended.")
            return Verdict(Status.FAILED, Reason.PROGRAM_FAULT, tried_again)
        return verdict

    def _key(self, registration: Registration, medium: Medium, repetition: int) -> uuid.UUID:
        """Return the same key whenever this row is written: also after a restored backup.

        By it the provider tells whether the message has gone. Numbers of rows would not do: in a
        database that was set back they are given to others.
        """
        rule, moment = self.rule, self.occasion.moment
        parts = (
            *(self.event.slug, rule.event_type, rule.key, str(self.earlier)),
            *(moment.astimezone(UTC).isoformat() if moment else "", registration.token),
            *(medium.value, str(repetition)),
        )
        return uuid.uuid5(KEYS, "/".join(parts))

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


def _chunks(pks: Sequence[int]) -> list[Sequence[int]]:
    """Cut into a small chunk, which is the first, and large ones in any order."""
    large = [pks[start : start + CHUNK] for start in range(FIRST_CHUNK, len(pks), CHUNK)]
    random.shuffle(large)
    return [pks[:FIRST_CHUNK], *large]


WORDS = ["subject", "body", "attachment", "unsubscribe_url"]

REDECIDED = [
    *WORDS,
    "status",
    "reason",
    "detail",
    "due_at",
    "not_before",
    "expires_at",
    "address",
    "channel",
    "about_at",
]


def is_of(message: Message, registration: Registration, rule: ReminderRule) -> bool:
    """Say whether it is this registration's, not that of an earlier one, cancelled since."""
    return not rule.counts_from_registration() or message.repetition == registration.repetition


def spoken_of(event: Event, rule: ReminderRule) -> QuerySet[Registration]:
    """Keep the registrations a rule has to answer for, with a message or with a reason."""
    registrations = event.registrations.select_related("participant").order_by("pk")
    if not rule.counts_from_registration():
        return registrations
    recent = registrations.filter(cancelled_at=None, registered_at__gte=rule.armed_from)
    if rule.registered_from_minutes is None:
        return recent.filter(is_confirmed=True)
    since = event.starts_at + timedelta(minutes=rule.registered_from_minutes)
    return recent.filter(registered_at__gt=since)
