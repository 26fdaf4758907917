"""The full list behind the counts: who gets a rule's message, by which channel, who not and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from events.forecast import forecast, foreseeable
from events.models import Event, Registration, ReminderRule
from outbox.models import Message, MessageQuerySet, Reason, Status
from people.models import Medium, Participant
from people.search import is_somebody_like


@dataclass(frozen=True)
class Wanted:
    """Which lines somebody asks for; what is empty does not narrow them."""

    medium: str = ""
    outcome: str = ""
    q: str = ""


@dataclass(frozen=True)
class NamedLine:
    """One message to one person, before or after it went."""

    participant: Participant | None
    medium: Medium
    address: str
    due_at: datetime
    status: Status
    reason: Reason
    message_id: int | None = None


@dataclass(frozen=True)
class Foreseen:
    """A line of the plan whose person has not been read yet."""

    registration_id: int
    medium: Medium
    due_at: datetime
    status: Status
    reason: Reason


def foreseen_lines(
    event: Event, rule: ReminderRule, wanted: Wanted, now: datetime
) -> list[Foreseen]:
    """Return the plan's lines of a rule, in the order of registration."""
    if not foreseeable(event, [rule]):
        return []
    registrations = event.registrations.all()
    if wanted.q:
        registrations = registrations.search(wanted.q)
    found = [
        Foreseen(number, line.medium, line.due_at, line.verdict.status, line.verdict.reason)
        for outlook in forecast(event, [rule], now, registrations)
        for line in [outlook.planned]
        if wanted.medium in ("", line.medium) and wanted.outcome in ("", line.verdict.status)
        for number in outlook.registration_ids
    ]
    return sorted(found, key=lambda line: (line.registration_id, line.medium))


def ledger_rows(event: Event, rule: ReminderRule, wanted: Wanted) -> MessageQuerySet:
    """Return a rule's rows of the ledger for this event, its earlier start times included."""
    occasions = list(event.dispatches.filter(rule=rule).values_list("dispatch", flat=True))
    # By occasion first: without statistics SQLite would go through all rows of the same state.
    rows = Message.objects.filter(dispatch__in=occasions).order_by("dispatch_id", "pk")
    if wanted.medium:
        rows = rows.filter(medium=wanted.medium)
    if wanted.outcome:
        rows = rows.filter(status=wanted.outcome)
    if wanted.q:
        rows = rows.filter(is_somebody_like(wanted.q))
    return rows.select_related("participant")


def with_names(lines: Sequence[Foreseen | Message]) -> list[NamedLine]:
    """Read the people of one page of lines."""
    numbers = [line.registration_id for line in lines if isinstance(line, Foreseen)]
    people = {
        registration.pk: registration.participant
        for registration in Registration.objects.filter(pk__in=numbers).select_related(
            "participant"
        )
    }
    return [
        _of_message(line) if isinstance(line, Message) else _of_plan(line, people) for line in lines
    ]


def _of_message(message: Message) -> NamedLine:
    return NamedLine(
        message.participant,
        Medium(message.medium),
        message.address,
        message.due_at,
        Status(message.status),
        Reason(message.reason),
        message.pk,
    )


def _of_plan(line: Foreseen, people: dict[int, Participant]) -> NamedLine:
    person = people[line.registration_id]
    address = person.address(line.medium)
    return NamedLine(person, line.medium, address, line.due_at, line.status, line.reason)
