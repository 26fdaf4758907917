"""Matching participants to Bitrix24 contacts, ahead of the minute in which they are written to.

Messages by Bitrix24 hang on a contact, and an SMS goes to the contact's first phone. So everybody
who is registered is looked up in the portal beforehand, whose event is nearest first:

1. by our own key (ORIGIN_ID), which finds also the contact of an addition that was cut off,
2. by e-mail, 3. by phone, where the names must agree too (people.identity),
4. and added, if there is none.

What a contact was seen to hold is kept (`bitrix24_phone`, `bitrix24_email`). When it is not what
the participant has now, the contact is corrected before the next SMS. No transaction is open while
the portal is asked; a claim with a lease keeps two workers off the same person.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from events.contact_choice import Choice, addresses_of, choose, corrections, theirs
from events.models import Registration
from integrations.bitrix24 import contacts as crm
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24Error
from integrations.outcomes import Done, NotExecuted, Outcome, Refused, Unclear
from outbox import breaker
from outbox.channels.bitrix24 import ORIGINATOR, call_deadline, not_connected
from outbox.channels.bitrix24_outcomes import is_waiting, meaning, sentence_of
from people.models import Participant

STATE = "bitrix24_contacts"
"""The breaker's name for this work: it rests and is mended like a channel."""

BATCH = 50
TURN = timedelta(seconds=20)
"""How long one task goes on before it makes room for the next tick's."""

AFTERWARDS = timedelta(days=8)
"""How long after its end people of an event may still be written to: offers, thanks, recordings."""

SHORTEST, LONGEST = timedelta(seconds=30), timedelta(hours=1)
"""Between these a person who was refused waits for the next try, each time twice as long."""

_turn = threading.BoundedSemaphore(1)


def match_due(now: datetime) -> int:
    """Match those whose events are near; return how many were settled."""
    if not_connected() or not _turn.acquire(blocking=False):
        return 0
    try:
        return _match_in_turn(now)
    finally:
        _turn.release()


def _match_in_turn(now: datetime) -> int:
    settled, until = 0, datetime.now(UTC) + TURN
    while datetime.now(UTC) < until and to_match(now).exists():
        limit = min(BATCH, breaker.allowance(STATE, now))
        people = claim(now, limit) if limit else []
        if not people:
            break
        outcomes = _Round(Bitrix24.from_settings(), people, now).run()
        breaker.take_note(STATE, [meaning(outcome) for outcome in outcomes], now)
        settled += sum(isinstance(outcome, Done) for outcome in outcomes)
        if not any(isinstance(outcome, Done) for outcome in outcomes):
            break
    return settled


def unmatched(now: datetime) -> QuerySet[Registration]:
    """Keep the registrations whose people have no contact yet, or one that is not up to date."""
    return (
        Registration.objects.active()
        .filter(event__ends_at__gt=now - AFTERWARDS)
        .exclude(participant__email="", participant__phone="")
        .exclude(
            participant__bitrix24_contact_id__isnull=False,
            participant__bitrix24_phone=F("participant__phone"),
            participant__bitrix24_email=F("participant__email"),
        )
    )


def to_match(now: datetime) -> QuerySet[Registration]:
    """Keep those whose turn it is: nearest start first, people of past events last."""
    is_past = Case(When(event__ends_at__lte=now, then=Value(1)), default=Value(0))
    return (
        unmatched(now)
        .filter(Q(participant__bitrix24_retry_at=None) | Q(participant__bitrix24_retry_at__lte=now))
        .order_by(is_past, "event__starts_at", "pk")
    )


@transaction.atomic
def claim(now: datetime, limit: int) -> list[Participant]:
    """Take the next people, so that no other worker looks them up or adds them meanwhile."""
    rows = to_match(now).values_list("participant", flat=True)[: 2 * limit]
    ids = list(dict.fromkeys(rows))[:limit]
    free = Participant.objects.filter(
        Q(bitrix24_retry_at=None) | Q(bitrix24_retry_at__lte=now), pk__in=ids
    )
    if connection.features.has_select_for_update_skip_locked:
        free = free.select_for_update(skip_locked=True)
    people = list(free)
    Participant.objects.filter(pk__in=[person.pk for person in people]).update(
        bitrix24_tried_at=now, bitrix24_retry_at=now + settings.MESSAGE_LEASE
    )
    for person in people:
        person.bitrix24_retry_at = now + settings.MESSAGE_LEASE
    return people


def check_again(contact_ids: Iterable[int]) -> int:
    """Have contacts looked at again, since they were changed in the portal; return how many."""
    linked = Participant.objects.filter(bitrix24_contact_id__in=list(contact_ids))
    return linked.exclude(phone="").update(bitrix24_phone="", bitrix24_retry_at=None)


def try_again() -> int:
    """Forget the problems people have seen to, and match those again; return how many."""
    troubled = Participant.objects.exclude(bitrix24_problem="")
    return troubled.update(bitrix24_problem="", bitrix24_failures=0, bitrix24_retry_at=None)


@dataclass
class _Round:
    """One batch of people: looked up, chosen for, and then corrected or added in the portal."""

    client: Bitrix24
    people: Sequence[Participant]
    now: datetime
    deadline: datetime = field(default_factory=call_deadline)

    def run(self) -> list[Outcome]:
        """Return an outcome per person."""
        try:
            choices = self._choices()
        except Bitrix24Error as error:
            return self._give_back(error.outcome)
        commands: dict[str, Command] = {}
        for person in self.people:
            commands.update(corrections(person, choices[person.pk].contact))
        outcomes = self.client.batch(commands, deadline=self.deadline) if commands else {}
        with transaction.atomic():
            return [self._note(person, choices[person.pk], outcomes) for person in self.people]

    def _choices(self) -> dict[int, Choice]:
        by_origin = crm.find_contacts_by_origin(
            self.client,
            [person.origin_id for person in self.people],
            originator_id=ORIGINATOR,
            deadline=self.deadline,
        )
        strangers = [
            person
            for person in self.people
            if person.origin_id not in by_origin and person.bitrix24_contact_id is None
        ]
        by_address = crm.find_contacts(
            self.client,
            [address for person in strangers for address in addresses_of(person)],
            deadline=self.deadline,
        )
        linked = {p.bitrix24_contact_id for p in self.people if p.bitrix24_contact_id is not None}
        ids = linked.union(*by_origin.values(), *by_address.values())
        read = crm.contacts(self.client, sorted(ids), deadline=self.deadline)
        owners = _owners(read)
        choices = {}
        for person in self.people:
            groups = [
                *([[person.bitrix24_contact_id]] if person.bitrix24_contact_id else []),
                by_origin.get(person.origin_id, ()),
                *(by_address.get(address, ()) for address in addresses_of(person)),
            ]
            choice = choose(person, theirs(person, groups, read, owners))
            if choice.contact:
                owners[choice.contact.owner.id] = person.pk
            choices[person.pk] = choice
        return choices

    def _note(
        self, person: Participant, choice: Choice, outcomes: Mapping[str, Outcome]
    ) -> Outcome:
        """Write down what became of one person, and return the worst of it."""
        own = {
            kind: outcomes[f"{person.pk} {kind}"]
            for kind in ("add", "phone", "email")
            if f"{person.pk} {kind}" in outcomes
        }
        trouble = next((each for each in own.values() if not isinstance(each, Done)), None)
        added = own.get("add")
        if isinstance(added, Done):
            contact_id: int | None = int(added.result)
        else:
            contact_id = choice.contact.owner.id if choice.contact else None
        changes: dict[str, object] = {"bitrix24_contact_id": contact_id}
        if contact_id:
            changes["bitrix24_matched_at"] = self.now
            if isinstance(own.get("phone", Done(None)), Done):
                changes["bitrix24_phone"] = person.phone
            if isinstance(own.get("email", Done(None)), Done):
                changes["bitrix24_email"] = person.email
        changes |= _problem(person, trouble, self.now) if trouble else _no_problem(person, choice)
        self._save(person, changes)
        return trouble or Done(contact_id)

    def _save(self, person: Participant, changes: Mapping[str, object]) -> None:
        ours = Participant.objects.filter(pk=person.pk, bitrix24_retry_at=person.bitrix24_retry_at)
        try:
            with transaction.atomic():
                ours.update(**changes)
        except IntegrityError:
            # Somebody else got this contact meanwhile: next time it is not offered again.
            ours.update(bitrix24_retry_at=None)

    def _give_back(self, outcome: Refused | NotExecuted | Unclear) -> list[Outcome]:
        """Let the people be tried again soon: that the portal gave no answer is not their fault."""
        sentence = sentence_of(outcome)[:300]
        with transaction.atomic():
            for person in self.people:
                changes: dict[str, object] = {"bitrix24_retry_at": self.now + SHORTEST}
                if not is_waiting(outcome) and person.bitrix24_contact_id is None:
                    changes["bitrix24_problem"] = sentence
                self._save(person, changes)
        return [outcome]


def _owners(contact_ids: Iterable[int]) -> dict[int, int]:
    """Say which contacts are other people's already."""
    linked = Participant.objects.filter(bitrix24_contact_id__in=list(contact_ids))
    return {
        contact_id: pk
        for contact_id, pk in linked.values_list("bitrix24_contact_id", "pk")
        if contact_id is not None
    }


def _no_problem(person: Participant, choice: Choice) -> dict[str, object]:
    """Clear the state; a note for people stays until somebody has seen to it."""
    is_note = person.bitrix24_contact_id is not None and person.bitrix24_failures == 0
    note = choice.note or (person.bitrix24_problem if is_note else "")
    return {"bitrix24_failures": 0, "bitrix24_retry_at": None, "bitrix24_problem": note}


def _problem(
    person: Participant, outcome: Refused | NotExecuted | Unclear, now: datetime
) -> dict[str, object]:
    """Put the person off, for as long as fits what went wrong, and say what it was."""
    sentence = sentence_of(outcome)[:300]
    if isinstance(outcome, NotExecuted):
        wait = timedelta(seconds=min(outcome.retry_after or 5, 60))
        problem = "" if is_waiting(outcome) else sentence
        return {"bitrix24_retry_at": now + wait, "bitrix24_problem": problem}
    failures = min(person.bitrix24_failures + 1, 10)
    wait = min(LONGEST, SHORTEST * 2 ** (failures - 1))
    if isinstance(outcome, Unclear):
        wait = settings.LOOK_UP_AFTER
    return {
        "bitrix24_retry_at": now + wait,
        "bitrix24_problem": sentence,
        "bitrix24_failures": failures,
    }
