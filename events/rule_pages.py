"""What the pages of reminder rules show: each rule in words, with the event it is next for."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from events import rule_words
from events.event_type import EventType, all_types
from events.models import Event, ReminderRule, ReminderText

EVENTS_AHEAD = 30


@dataclass(frozen=True)
class RuleLine:
    """One rule of the list."""

    rule: ReminderRule
    when: str
    until: str
    next_event: Event | None
    next_at: datetime | None


@dataclass(frozen=True)
class Kind:
    """The rules of one kind of event, in their order."""

    type: EventType
    lines: list[RuleLine]


def rules_by_kind(now: datetime) -> list[Kind]:
    """Return all rules, by kind of event, in three queries."""
    by_kind: dict[str, list[ReminderRule]] = {}
    for rule in ReminderRule.objects.order_by("position", "pk"):
        by_kind.setdefault(rule.event_type, []).append(rule)
    ahead = Event.objects.going_ahead().upcoming(now).select_related("offer")
    events = list(ahead.prefetch_related("rules_off")[:EVENTS_AHEAD])
    return [
        Kind(each, [_line(rule, events, now) for rule in by_kind.get(each.key, [])])
        for each in all_types()
    ]


def texts_of(rule: ReminderRule) -> list[ReminderText]:
    """Return the words of a rule in every language, new ones where there are none yet."""
    known = {(text.variant, text.language): text for text in rule.texts.all()}
    variants = ReminderText.Variant.values if rule.has_variants else [""]
    wanted = [(variant, language) for variant in variants for language, _name in settings.LANGUAGES]
    texts = [
        known.get(key) or ReminderText(rule=rule, variant=key[0], language=key[1]) for key in wanted
    ]
    for text in texts:
        text.rule = rule
    return texts


def _line(rule: ReminderRule, events: list[Event], now: datetime) -> RuleLine:
    event, due_at = _next_for(rule, events, now)
    return RuleLine(rule, rule_words.when(rule), rule_words.until(rule), event, due_at)


def _next_for(
    rule: ReminderRule, events: list[Event], now: datetime
) -> tuple[Event | None, datetime | None]:
    """Return the event this rule falls due for next, and when; nothing for what may never be."""
    if not rule.is_on:
        return None, None
    mine = [
        event
        for event in events
        if event.kind == rule.event_type and rule not in event.rules_off.all()
    ]
    if rule.counts_from_registration():
        return next(((each, None) for each in mine), (None, None))
    due = [(event, at) for event in mine if (at := rule.due_at(event)) is not None and at > now]
    return min(due, key=lambda pair: pair[1], default=(None, None))
