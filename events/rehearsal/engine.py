"""The pretended engine: at one moment, what is due is decided, worded and handed over in memory.

What decides is the plan itself (events/plan.py), the words are those of events/texts.py. Only what
the database does for the real engine, keeping one row per occasion, person and medium, is done
here in memory; a test plays the same evenings with both and compares message by message.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime

from events.attendance import feed_is_trusted
from events.circumstances import next_event_after
from events.models import Event, Registration, ReminderRule
from events.models.move import SMALL_SHIFT
from events.models.reminder import OF_THE_START
from events.plan import Circumstances, ToldNearly, decide
from events.rehearsal.cast import Character
from events.rehearsal.rows import Anchor, Occasion, Row, last_told, told_nearly
from events.rehearsal.stage import Stage
from events.texts import Renderer, TextError
from outbox.models import Reason, Status
from outbox.verdicts import Verdict, expire, skip

Person = tuple[Character, Registration]


@dataclass
class Engine:
    """The rules of an event at work on the people of a stage."""

    real: Event
    stage: Stage
    rules: Sequence[ReminderRule]
    """Those of the event's kind, with their texts; also those that are off."""

    rows: list[Row] = field(default_factory=list)
    occasions: list[Occasion] = field(default_factory=list)
    _following: tuple[datetime, Event | None] | None = None

    def __post_init__(self) -> None:
        self.rules_off = frozenset(rule.pk for rule in self.real.rules_off.all())
        self.rules_on = [
            rule for rule in self.rules if rule.is_on and rule.pk not in self.rules_off
        ]

    def tick(self, now: datetime, *, has_changed: bool) -> None:
        """Do what beat and the workers do; decide anew what has not gone if something changed."""
        for rule in self.rules_on:
            self._look_at(rule, now, has_changed=has_changed)
        self._send(now)
        for row in self.rows:
            if row.is_waiting and row.expires_at <= now:
                row.take(expire())

    def withdraw(self, reason: Reason, *, who: str = "") -> None:
        for row in self.rows:
            if row.is_waiting and who in ("", row.who.key):
                row.take(skip(reason))

    def take_move(self, old_start: datetime) -> None:
        """Take back what speaks of the old start, and take along what told nearly the new one."""
        new_start = self.stage.event.starts_at
        for row in self.rows:
            is_stale = row.occasion.moment == old_start or row.rule.anchor == Anchor.MOVED
            if row.is_waiting and is_stale:
                row.take(skip(Reason.MOVED))
        of_starts = [each for each in self.occasions if each.rule.anchor in OF_THE_START]
        there = {each.rule.pk for each in of_starts if each.moment == new_start}
        near = [
            each
            for each in of_starts
            if each.moment is not None and abs(each.moment - new_start) < SMALL_SHIFT
        ]
        near.sort(key=lambda each: each.moment == old_start)
        carried = {each.rule.pk: each for each in near if each.rule.pk not in there}
        for occasion in carried.values():
            occasion.moment = new_start

    def _look_at(self, rule: ReminderRule, now: datetime, *, has_changed: bool) -> None:
        event = self.stage.event
        due_at = rule.due_at(event)
        if not rule.counts_from_registration() and (due_at is None or due_at > now):
            return
        people = [each for each in self.stage.people() if _speaks_of(rule, event, each[1])]
        occasion = self._occasion(rule, people)
        is_over = now >= rule.expires_at(event)
        if occasion is None or (occasion.decided_at is not None and is_over):
            return
        decided_at = occasion.decided_at
        has_changed = has_changed or bool(due_at and decided_at and decided_at < due_at)
        if decided_at is None or has_changed or rule.takes_late_comers():
            self._write(occasion, people, now, again=has_changed and not is_over)
        if decided_at is None or has_changed:
            occasion.decided_at = now

    def _occasion(self, rule: ReminderRule, people: Sequence[Person]) -> Occasion | None:
        moment = rule.moment_of(self.stage.event)
        for each in self.occasions:
            if each.rule == rule and each.moment == moment:
                return each
        if not people:
            return None
        self.occasions.append(Occasion(rule, moment))
        return self.occasions[-1]

    def _write(
        self, occasion: Occasion, people: Sequence[Person], now: datetime, *, again: bool
    ) -> None:
        """Give everybody without a row one, and decide those again that may change."""
        rule = occasion.rule
        of_rule = [row for row in self.rows if row.occasion is occasion]
        there = {(row.who.key, row.medium, row.repetition) for row in of_rule}
        to_decide = [row for row in of_rule if again and row.may_change and row.is_its_own()]
        for who, registration in people:
            repetition = registration.repetition if rule.counts_from_registration() else 1
            to_decide += [
                Row(occasion, who, registration, medium, repetition)
                for medium in rule.media
                if (who.key, medium, repetition) not in there
            ]
        known = self._circumstances(rule)
        renderer = Renderer(self.stage.event, rule, rule.texts.all(), self._next_event(now))
        for row in to_decide:
            self._decide(row, renderer, known, now)
        self.rows += [row for row in to_decide if row not in of_rule]

    def _decide(self, row: Row, renderer: Renderer, known: Circumstances, now: datetime) -> None:
        """Ask the plan, and put the words in where a message is to go."""
        event, rule = self.stage.event, row.rule
        row.due_at = rule.due_for(event, row.registration) or now
        row.expires_at, row.about_at = rule.expires_at(event), event.starts_at
        row.subject = row.body = ""
        verdict = decide(rule, event, row.registration, row.medium, now, known)
        if verdict.status in (Status.PLANNED, Status.HELD):
            try:
                words = renderer.render(row.registration, row.medium)
            except TextError as error:
                verdict = Verdict(Status.FAILED, Reason.TEXT_INCOMPLETE, str(error)[:500])
            else:
                row.subject, row.body = words.subject, words.body
        row.not_before = row.due_at
        row.take(verdict)

    def _send(self, now: datetime) -> None:
        """Claim what is due, ask the plan once more about all of it, and hand over the rest."""
        waiting = [row for row in self.rows if row.status == Status.PLANNED]
        due = [row for row in waiting if row.not_before <= now < row.expires_at]
        for row in due:
            row.status = Status.CALLING
        verdicts = [self._asked_again(row, now) for row in due]
        for row, verdict in zip(due, verdicts, strict=True):
            row.take(verdict)
            if verdict.is_send:
                row.status, row.handed_over_at = Status.HANDED_OVER, now
            elif not row.is_waiting:
                row.subject = row.body = ""

    def _asked_again(self, row: Row, now: datetime) -> Verdict:
        event, rule = self.stage.event, row.rule
        if row.occasion.moment != rule.moment_of(event):
            return skip(Reason.MOVED)
        if not row.is_its_own():
            return skip(Reason.REGISTRATION_CANCELLED)
        return decide(rule, event, row.registration, row.medium, now, self._circumstances(rule))

    def _circumstances(self, rule: ReminderRule) -> Circumstances:
        event = self.stage.event
        told: dict[int, datetime] = {}
        nearly: ToldNearly = {}
        notices: list[ReminderRule] = []
        if event.moved_at is not None:
            told = last_told(self.rows, event.starts_at, event.moved_at)
            nearly = told_nearly(self.rows, event.starts_at, event.moved_at)
            notices = [each for each in self.rules_on if each.anchor == Anchor.MOVED]
        return Circumstances(
            feed_trusted=not rule.needs_feed or feed_is_trusted(event, self.stage.feed()),
            blocked=self.stage.blocked(),
            had_enough=self.stage.had_enough(),
            told=told,
            told_nearly=nearly,
            moves=self.stage.moves,
            notice_by=frozenset(medium for each in notices for medium in each.media),
            rules_off=self.rules_off,
        )

    def _next_event(self, now: datetime) -> Event | None:
        """Find the next event as it would be found at this moment; mostly it is the same one."""
        as_played = copy(self.real)
        as_played.starts_at = self.stage.event.starts_at
        after = max(now, as_played.starts_at)
        if self._following is not None:
            known_after, following = self._following
            if known_after <= after and (following is None or following.starts_at > after):
                return following
        self._following = after, next_event_after(as_played, now)
        return self._following[1]


def _speaks_of(rule: ReminderRule, event: Event, registration: Registration) -> bool:
    """Say whether a rule has to answer for this registration, with a message or a reason."""
    if not rule.counts_from_registration():
        return True
    is_counted = registration.is_active and registration.registered_at >= rule.armed_from
    return is_counted and rule.takes(event, registration)
