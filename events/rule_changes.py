"""Changing reminder rules and their words, so that no change ever mails the past by itself.

What decides when, to whom or by which medium a message goes (`REARMING`) arms the rule anew: what
was due before that moment is not sent, unless the marketing head has seen how many people it
would reach and ticked that it should. Words, names and the form of a message do not arm it anew:
a corrected letter must not cost the rest of a batch its reminder, and rows that wait take the new
words. To shorten a window, or to switch a rule off, stops what is waiting.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify

from accounts.models import User
from events.circumstances import circumstances
from events.models import Event, Registration, ReminderRule, ReminderText, RuleChange
from events.models.event import AROUND, EventQuerySet
from events.plan import Planned, plan_one
from outbox import queue
from outbox.models import Message, MessageQuerySet, Reason, Status

REARMING = (
    *("is_on", "by_email", "by_sms", "anchor", "offset_minutes", "offset_days", "at_time"),
    *("until", "until_minutes", "not_to_present", "needs_feed", "late"),
    *("registered_before_minutes", "registered_from_minutes"),
)
RULE_FIELDS = (
    *("name", "name_en", "purpose"),
    *REARMING,
    *("with_calendar", "without_diacritics"),
)
MOST_NAMES = 50
"""So many people are named on the page that says what saving will do."""

TEXT_FIELDS = ("email_subject", "email_body", "sms_body")


@dataclass(frozen=True)
class EventImpact:
    """What a changed rule means for one event."""

    event: Event
    due_at: datetime | None
    """None where the rule counts from the registration, or from what has not happened."""

    now: int
    """Messages already due and still of use: sent at once, but only if ticked."""

    later: int
    """Messages that will fall due by themselves."""

    skipped: list[tuple[str, int]]
    """Reasons for which others get nothing, with how many."""

    getting: "Names"
    not_getting: list[tuple[str, "Names"]]
    """The reasons again, with the people."""


@dataclass(frozen=True)
class Names:
    """People by their number, shown as far as a page can bear."""

    people: dict[int, str] = field(default_factory=dict)

    def add(self, registration: Registration) -> None:
        self.people[registration.participant_id] = str(registration.participant)

    @property
    def shown(self) -> list[str]:
        return list(self.people.values())[:MOST_NAMES]

    @property
    def more(self) -> int:
        return max(0, len(self.people) - MOST_NAMES)


@dataclass(frozen=True)
class Impact:
    """What a changed rule means for the events around now."""

    events: list[EventImpact]

    @property
    def now(self) -> int:
        return sum(each.now for each in self.events)

    @property
    def later(self) -> int:
        return sum(each.later for each in self.events)

    @property
    def skipped(self) -> list[tuple[str, int]]:
        total: Counter[str] = Counter()
        for each in self.events:
            total.update(dict(each.skipped))
        return total.most_common()


def changed_fields(record: models.Model, fields: Iterable[str]) -> dict[str, list[Any]]:
    """Return old and new value of what differs from the database, by the field's name."""
    before = type(record)._default_manager.filter(pk=record.pk).values(*fields).first() or {}
    changed = {}
    for name in fields:
        field = record._meta.get_field(name)
        new, old = getattr(record, name), before.get(name, field.get_default())  # type: ignore[union-attr]  # all are columns
        if new != old:
            changed[name] = [_plain(old), _plain(new)]
    return changed


def needs_arming(rule: ReminderRule) -> bool:
    """Say whether what is about to be saved could reach people for whom it was due already."""
    return rule.is_on and (rule.pk is None or bool(changed_fields(rule, REARMING)))


def impact_of(rule: ReminderRule, now: datetime) -> Impact:
    """Count whom the rule would reach at the events around now, as it is about to be saved."""
    if not rule.is_on:
        return Impact([])
    open_to_past = _copy(rule, armed_from=_past_too(rule, now))
    events = Event.objects.around(now).filter(kind=rule.event_type).order_by("starts_at")
    events = events.select_related("offer").prefetch_related("rules_off")
    found = (_impact_on(event, open_to_past, now) for event in events)
    return Impact([each for each in found if each.now or each.later or each.skipped])


@transaction.atomic
def save_rule(rule: ReminderRule, *, by: User, now: datetime, also_past: bool = False) -> bool:
    """Save a rule and what that means for its messages; return whether anything had changed."""
    is_new = rule.pk is None
    changed = changed_fields(rule, RULE_FIELDS)
    if not changed and not is_new:
        return False
    is_armed_anew = needs_arming(rule)
    if is_armed_anew:
        rule.armed_from = _past_too(rule, now) if also_past else now
    if is_new:
        rule.key = _free_key(rule)
        rule.position = ReminderRule.objects.for_kind(rule.event_type).count()
        rule.save()
    else:
        rule.save(update_fields=[*changed, "armed_from"])
    RuleChange.objects.create(
        rule=rule,
        by=by,
        at=now,
        is_new=is_new,
        also_past=also_past and is_armed_anew,
        fields={} if is_new else changed,
    )
    if not rule.is_on:
        queue.withdraw(messages_of(rule), Reason.RULE_OFF)
    elif is_armed_anew:
        # The plan gives back what is still right, at the new moment; until then nothing goes.
        queue.withdraw(messages_of(rule), Reason.RULE_NEWER)
    affected_events(rule, now).look_again()
    return True


@transaction.atomic
def save_text(text: ReminderText, *, by: User, now: datetime) -> bool:
    """Save words; rows that wait take them. Return whether anything had changed."""
    is_new = text.pk is None
    changed = changed_fields(text, TEXT_FIELDS)
    if not changed:
        return False
    if is_new:
        text.save()
    else:
        text.save(update_fields=list(changed))
    RuleChange.objects.create(
        rule=text.rule,
        by=by,
        at=now,
        language=text.language,
        variant=text.variant,
        is_new=is_new,
        fields=changed,
    )
    affected_events(text.rule, now).look_again()
    return True


def affected_events(rule: ReminderRule, now: datetime) -> EventQuerySet:
    """Return the events that may still have something due by this rule, however far ahead.

    Also those whose alarm is set for later: the rule may fall due before it rings.
    """
    return Event.objects.filter(kind=rule.event_type, ends_at__gte=now - AROUND)


def messages_of(rule: ReminderRule) -> MessageQuerySet:
    return Message.objects.filter(dispatch__reminder__rule=rule)


def _free_key(rule: ReminderRule) -> str:
    """Make a key of the rule's name that no rule of its kind has."""
    wanted = slugify(rule.name_en or rule.name)[:25] or "rule"
    taken = set(ReminderRule.objects.for_kind(rule.event_type).values_list("key", flat=True))
    keys = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(key for key in keys if key not in taken)


def _past_too(rule: ReminderRule, now: datetime) -> datetime:
    """Return since when a rule holds that is meant for those too for whom it was due already."""
    since = now - AROUND
    return since if rule.pk is None else min(rule.armed_from, since)


def _copy(rule: ReminderRule, *, armed_from: datetime) -> ReminderRule:
    values = {field.attname: getattr(rule, field.attname) for field in rule._meta.concrete_fields}
    return ReminderRule(**{**values, "armed_from": armed_from})


def _impact_on(event: Event, rule: ReminderRule, now: datetime) -> EventImpact:
    at_once = later = 0
    skipped: Counter[str] = Counter()
    getting = Names()
    not_getting: defaultdict[str, Names] = defaultdict(Names)
    for line in _open_lines(event, rule, now):
        if line.verdict.status not in (Status.PLANNED, Status.HELD):
            reason = str(line.verdict.reason.label)
            skipped[reason] += 1
            not_getting[reason].add(line.registration)
            continue
        getting.add(line.registration)
        if line.due_at <= now:
            at_once += 1
        else:
            later += 1
    reasons = skipped.most_common()
    named = [(reason, not_getting[reason]) for reason, _count in reasons]
    return EventImpact(event, rule.due_at(event), at_once, later, reasons, getting, named)


def _open_lines(event: Event, rule: ReminderRule, now: datetime) -> Iterator[Planned]:
    """Yield the plan of one rule, without those who have, or may have, this message already."""
    if (rule.due_at(event) or now) <= now and rule.expires_at(event) <= now:
        return
    registrations = list(event.registrations.active().select_related("participant"))
    if rule.counts_from_registration():
        registrations = [each for each in registrations if each.registered_at >= rule.armed_from]
    known = circumstances(event, [rule], registrations, now)
    done = _already_served(event, rule, registrations)
    for registration in registrations:
        for line in plan_one(event, rule, registration, now, known):
            if (registration.pk, line.medium) not in done:
                yield line


def _already_served(
    event: Event, rule: ReminderRule, registrations: list[Registration]
) -> set[tuple[int, str]]:
    if rule.pk is None:
        return set()
    by_person = {
        (each.participant_id, each.repetition if rule.counts_from_registration() else 1): each.pk
        for each in registrations
    }
    served = Message.objects.filter(
        dispatch__reminder__rule=rule,
        dispatch__reminder__event=event,
        dispatch__reminder__moment=rule.moment_of(event),
    ).exclude(pk__in=Message.objects.undecided().values("pk"))
    return {
        (by_person[participant, repetition], medium)
        for participant, repetition, medium in served.values_list(
            "participant", "repetition", "medium"
        )
        if (participant, repetition) in by_person
    }


def _plain(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    return f"{value:%H:%M}" if hasattr(value, "hour") else value
