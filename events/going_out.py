"""What goes out of an event: a line per rule, from the plan before it is due, then the ledger."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from events.forecast import Outlook, forecast, foreseeable
from events.message_counts import NOT_FOR_THEM, Counts, Part, by_status, parts_of
from events.models import Event, ReminderDispatch, ReminderRule
from events.outcome import Outcome
from outbox.models import Status
from ui.choices import ShownChoices


class State(ShownChoices):
    """How far a rule has come for one event."""

    OFF = "off", "is-quiet", "ban", _("off")
    OFF_HERE = "off_here", "is-warning", "ban", _("off for this event")
    WAITS = "waits", "is-quiet", "clock", _("waits for it to happen")
    ALWAYS = "always", "is-info", "user-plus", _("at each registration")
    PLANNED = "planned", "is-info", "clock", _("planned")
    HELD = "held", "is-warning", "player-pause", _("held")
    DONE = "done", "is-ok", "check", _("done")
    EXPIRED = "expired", "is-bad", "clock-exclamation", _("expired")
    NOBODY = "nobody", "is-quiet", "mood-empty", _("for nobody")


WITHOUT_A_MOMENT = {
    ReminderRule.Anchor.REGISTRATION: _("at each registration"),
    ReminderRule.Anchor.MOVED: _("if the event moves"),
    ReminderRule.Anchor.CANCELLED: _("if the event is cancelled"),
    ReminderRule.Anchor.LATE_START: _("if the moderator says it starts late"),
}


@dataclass(frozen=True)
class Line:
    """One rule of one event: when, for how many, for whom not and why."""

    rule: ReminderRule
    due_at: datetime | None
    expires_at: datetime
    counts: Counts
    state: State
    is_forecast: bool

    @property
    def when(self) -> str:
        """In words, for a rule that has no moment of its own yet."""
        return str(WITHOUT_A_MOMENT.get(ReminderRule.Anchor(self.rule.anchor), ""))

    @property
    def can_be_switched_off(self) -> bool:
        return self.state not in (State.OFF, State.OFF_HERE, State.DONE, State.EXPIRED)

    @property
    def going(self) -> list[Part]:
        return [part for part in parts_of(self.counts) if part.status not in NOT_FOR_THEM]

    @property
    def left_out(self) -> list[Part]:
        return [part for part in parts_of(self.counts) if part.status in NOT_FOR_THEM]


def lines(
    event: Event, rules: Sequence[ReminderRule], known: Sequence[Outcome], now: datetime
) -> list[Line]:
    """Return a line for every rule of this kind of event.

    `known` is what the ledger holds; only rules it does not decide yet are foreseen.
    """
    off = {rule.pk for rule in event.rules_off.all()}
    decided = {each.rule.pk: each for each in known if each.occasion.is_current()}
    open_rules = [
        rule
        for rule in undecided(event, rules, [each.occasion for each in known])
        if rule.is_on and rule.pk not in off
    ]
    foreseen = _counted(forecast(event, open_rules, now)) if open_rules else {}
    return [
        _line(event, rule, decided.get(rule.pk), foreseen, is_off=rule.pk in off) for rule in rules
    ]


def coming(event: Event, rules: Sequence[ReminderRule], now: datetime) -> list[ReminderRule]:
    """Keep the rules that may still fire: by themselves, or when something happens."""
    off = {rule.pk for rule in event.rules_off.all()}
    return [
        rule for rule in rules if rule.is_on and rule.pk not in off and now < rule.expires_at(event)
    ]


def undecided(
    event: Event, rules: Sequence[ReminderRule], occasions: Sequence[ReminderDispatch]
) -> list[ReminderRule]:
    """Keep the rules with a moment of their own that the ledger has not answered for in full."""
    decided = {
        each.rule_id: each.decided_at for each in occasions if each.is_current() and each.decided_at
    }
    return [
        rule
        for rule in foreseeable(event, rules)
        if rule.pk not in decided or decided[rule.pk] < (rule.due_at(event) or decided[rule.pk])
    ]


def _counted(outlooks: Sequence[Outlook]) -> dict[int, Counter[tuple[str, str, str]]]:
    counted: dict[int, Counter[tuple[str, str, str]]] = {}
    for each in outlooks:
        line = each.planned
        key = (line.medium.value, line.verdict.status.value, line.verdict.reason.value)
        counted.setdefault(line.rule.pk, Counter())[key] += each.count
    return counted


def _line(
    event: Event,
    rule: ReminderRule,
    outcome: Outcome | None,
    foreseen: dict[int, Counter[tuple[str, str, str]]],
    *,
    is_off: bool,
) -> Line:
    is_forecast = rule.pk in foreseen
    counts: Counts = foreseen.get(rule.pk) or (outcome.counts if outcome else {})
    due_at = None if rule.counts_from_registration() else rule.due_at(event)
    if not rule.is_on:
        state = State.OFF
    elif is_off:
        state = State.OFF_HERE
    else:
        state = _state(rule, counts, waits=due_at is None)
    return Line(rule, due_at, rule.expires_at(event), counts, state, is_forecast)


def _state(rule: ReminderRule, counts: Counts, *, waits: bool) -> State:
    found = by_status(counts)
    if found[Status.HELD]:
        return State.HELD
    if found[Status.PLANNED] or found[Status.CALLING]:
        return State.PLANNED
    if rule.counts_from_registration():
        return State.ALWAYS
    if waits:
        return State.WAITS
    if found[Status.EXPIRED]:
        return State.EXPIRED
    is_answered = any(count for status, count in found.items() if status not in NOT_FOR_THEM)
    return State.DONE if is_answered else State.NOBODY
