"""Registering for an event, from wherever it comes, and taking it back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from events import reminders
from events.models import Event, Registration
from outbox import queue
from outbox.models import Message, MessageQuerySet, Reason
from people import consent
from people.identity import Identified, same_person
from people.lock import lock_matching
from people.models import ConsentSource, ConsentText, Medium, Participant


class RegistrationRefusedError(Exception):
    """This event takes no registrations now; the sentence says why."""


@dataclass(frozen=True)
class Person:
    """Who registers, with addresses already normalised by people.addresses."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    language: str = "lv"
    consents: dict[Medium, bool] = field(default_factory=dict)
    """Only the media that were asked about; what was not asked stays as it is."""


@dataclass(frozen=True)
class Origin:
    """Where a registration comes from, for the record and for the proof of consent."""

    source: Registration.Source
    place: str = ""
    ip_address: str | None = None
    by_id: int | None = None
    texts: dict[Medium, ConsentText] = field(default_factory=dict)


@dataclass(frozen=True)
class Registered:
    """What became of it: the registration, and whether it is new or taken up again."""

    registration: Registration
    is_new: bool
    is_again: bool = False


CONSENT_SOURCE = {
    Registration.Source.PUBLIC_PAGE: ConsentSource.PUBLIC_PAGE,
    Registration.Source.LIST: ConsentSource.LIST,
    Registration.Source.STAFF: ConsentSource.STAFF,
    Registration.Source.BITRIX24: ConsentSource.BITRIX24,
}
KNOWN = ("first_name", "last_name", "email", "phone")
"""What of a participant a registration may complete."""


@transaction.atomic
def register(
    event: Event,
    person: Person,
    origin: Origin,
    now: datetime,
    *,
    confirm: bool = True,
    participant: Participant | None = None,
) -> Registered:
    """Register a person for an event; somebody already registered stays as is.

    The person is found again by people.identity's rule, unless a member of staff has said who it
    is, and what was not known of the person before is added. Raises RegistrationRefusedError for a
    cancelled or ended event.
    """
    refuse_unless_open(event, now)
    lock_matching()
    participant = participant or find_participant(person) or Participant(language=person.language)
    complete(participant, person)
    has_refused = _record_consents(participant, person.consents, origin, now)
    registration, is_new = Registration.objects.get_or_create(
        event=event,
        participant=participant,
        defaults={
            "source": origin.source,
            "registered_at": now,
            "is_confirmed": confirm,
            "registered_by_id": origin.by_id,
        },
    )
    is_again = not is_new and not registration.is_active
    if is_again:
        registration.register_again(now)
    reminders.wake(event.pk, now)
    if has_refused:
        queue.ask_anew_of([participant])
    return Registered(registration, is_new, is_again)


def _record_consents(
    participant: Participant, consents: Mapping[Medium, bool], origin: Origin, now: datetime
) -> bool:
    """Record what was answered; return whether the person now refuses what was allowed before."""
    changed = [
        is_given
        for medium, is_given in consents.items()
        if consent.record(
            participant,
            medium,
            is_given=is_given,
            at=now,
            source=CONSENT_SOURCE[origin.source],
            text=origin.texts.get(medium),
            place=origin.place,
            ip_address=origin.ip_address,
            by_id=origin.by_id,
            is_last=False,
        )
    ]
    return not all(changed)


@transaction.atomic
def take_up_again(registration: Registration, now: datetime) -> None:
    """Register again who had cancelled; the personal link stays the same.

    Raises RegistrationRefusedError for a cancelled or ended event.
    """
    refuse_unless_open(registration.event, now)
    if not registration.is_active:
        registration.register_again(now)
        reminders.wake(registration.event_id, now)


def find_participant(person: Person) -> Participant | None:
    """Return the participant who is the same person, the longest known one if there are several."""
    return next((each for each in sharing_address(person) if same_person(each, person)), None)


def sharing_address(person: Identified) -> QuerySet[Participant]:
    """Return those who have an address of this person, the longest known first."""
    candidates = Participant.objects.none()
    if person.email:
        candidates |= Participant.objects.filter(email=person.email)
    if person.phone:
        candidates |= Participant.objects.filter(phone=person.phone)
    return candidates.order_by("pk")


def add_unknown(participant: Participant, person: Identified) -> list[str]:
    """Add to a participant what was not known before, without saving; return the fields.

    What is known already is never overwritten: a typing error in the next list must not lose a
    good address.
    """
    fields = [name for name in KNOWN if getattr(person, name) and not getattr(participant, name)]
    for name in fields:
        setattr(participant, name, getattr(person, name))
    return fields


def complete(participant: Participant, person: Person) -> bool:
    """Add to a participant what was not known before, and save; return whether anything was new."""
    fields = add_unknown(participant, person)
    if participant.pk is None:
        participant.save()
    elif fields:
        participant.save(update_fields=fields)
    return bool(fields)


@transaction.atomic
def cancel(registration: Registration, now: datetime) -> None:
    """Cancel a registration and withdraw what was planned for it, in one transaction."""
    if not registration.is_active:
        return
    registration.cancel(now)
    queue.withdraw(messages_of(registration), Reason.REGISTRATION_CANCELLED)


@transaction.atomic
def register_again(registration: Registration, now: datetime) -> None:
    """Take up a cancelled registration; raises RegistrationRefusedError for a past event."""
    refuse_unless_open(registration.event, now)
    if not registration.is_active:
        registration.register_again(now)
        reminders.wake(registration.event_id, now)


@transaction.atomic
def reconsider(participants: Collection[Participant], now: datetime) -> int:
    """Have the plans of people's coming events looked at again, after what changes in them.

    A corrected address or a lifted block may allow what was skipped, a new block forbids what is
    in a worker's hand; return how many events.
    """
    events = Event.objects.filter(
        registrations__participant__in=participants, pk__in=Event.objects.around(now)
    ).look_again()
    queue.ask_anew_of(participants)
    return events


def messages_of(registration: Registration) -> MessageQuerySet:
    """Return every message this registration has led to, the newest first."""
    return Message.objects.filter(
        participant=registration.participant_id, dispatch__reminder__event=registration.event_id
    )


def refuse_unless_open(event: Event, now: datetime) -> None:
    if event.is_cancelled:
        raise RegistrationRefusedError(gettext("This event is cancelled."))
    if event.has_ended(now):
        raise RegistrationRefusedError(gettext("This event is over."))
