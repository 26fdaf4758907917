"""Taking registrations from Bitrix24: contacts or leads that a source's conditions describe.

The portal's outgoing webhook says at once that somebody was added or changed; it is never
repeated, so every five minutes each source is read again from ten minutes before its last mark.
Each person of a source is an entry, which makes a second look at the same person harmless.
Nothing in Bitrix24 is taken for a consent to offers.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from events import contacts
from events.models import Bitrix24Entry, Bitrix24Event, Bitrix24Source, Registration
from events.registration import (
    Origin,
    Person,
    RegistrationRefusedError,
    complete,
    find_participant,
    register,
)
from integrations.bitrix24 import contacts as crm
from integrations.bitrix24 import incoming
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.errors import Bitrix24Error
from integrations.bitrix24.lists import PAGE, in_groups
from integrations.bitrix24.owners import OwnerKind
from outbox.channels.bitrix24 import ORIGINATOR, not_connected
from people.addresses import AddressError, clean_name, normalise_email, normalise_phone
from people.models import Participant

logger = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=10)
"""How far before its mark a source is read again: clocks differ, and changes may be late."""

KEPT = timedelta(days=7)
"""How long calls of the webhook are kept after they were taken."""

TURN = timedelta(seconds=150)
"""How long one source is read before it is left to the next poll."""

MOST_EVENTS = 1000
SHOWN = 10

Entity = Bitrix24Source.Entity
KIND = {Entity.CONTACT: OwnerKind.CONTACT, Entity.LEAD: OwnerKind.LEAD}
ADDED_OR_CHANGED = {
    "ONCRMCONTACTADD": Entity.CONTACT,
    "ONCRMCONTACTUPDATE": Entity.CONTACT,
    "ONCRMLEADADD": Entity.LEAD,
    "ONCRMLEADUPDATE": Entity.LEAD,
}
CONTACT_TOUCHED = {"ONCRMCONTACTUPDATE", "ONCRMCONTACTDELETE"}
KNOWN_EVENTS = ADDED_OR_CHANGED.keys() | CONTACT_TOUCHED


@dataclass(frozen=True)
class Preview:
    """What a source would take in now."""

    total: int
    names: list[str]


def preview(source: Bitrix24Source) -> Preview:
    """Ask the portal how many people the source describes, and for the newest of them.

    Raises Bitrix24Error or Bitrix24OffError when the portal does not answer.
    """
    client = Bitrix24.from_settings().hurried()
    kind = KIND[Entity(source.entity)]
    total, people = crm.first_people(client, kind, source.filters())
    return Preview(total, [_name(person) for person in people[:SHOWN]])


def note_event(event: incoming.Event, now: datetime) -> bool:
    """Keep what the webhook said until a worker has time; False for events that mean nothing."""
    if event.event not in KNOWN_EVENTS or not 0 < event.entity_id < 2**63:
        return False
    Bitrix24Event.objects.bulk_create(
        [Bitrix24Event(event=event.event, entity_id=event.entity_id, received_at=now)],
        ignore_conflicts=True,
    )
    return True


def to_poll(now: datetime) -> list[int]:
    """Return the sources to read now, and forget calls of the webhook taken long ago."""
    Bitrix24Event.objects.filter(received_at__lt=now - KEPT).delete()
    if not_connected():
        return []
    return list(Bitrix24Source.objects.to_read(now).values_list("pk", flat=True))


def read(source: Bitrix24Source, now: datetime) -> int:
    """Take in whom a source describes and who changed since its mark; return how many were new.

    Without an answer, or when there are more than fit into one turn, the mark stays where it is;
    those taken in already are passed over quickly the next time.
    """
    if not_connected() or not source.begin(now):
        return 0
    since = source.read_up_to - OVERLAP if source.read_up_to else None
    until, new = datetime.now(UTC) + TURN, 0
    try:
        for group in in_groups(_people(source, {}, since), PAGE):
            new += take_in(source, group, now)
            if datetime.now(UTC) > until:
                source.end()
                return new
    except Bitrix24Error as error:
        logger.warning("Source %s of registrations was not read: %s", source.pk, error)
        source.end(problem=str(error))
        return new
    except Exception:
        source.end(problem=gettext("Reading was broken off by a fault of ours; see the log."))
        raise
    source.end(read_up_to=now)
    return new


def take_events(now: datetime) -> int:
    """Read whom the webhook has told of; return how many people were new.

    What cannot be read now is left to the next poll: the events are only a hurry-up.
    """
    waiting = Bitrix24Event.objects.filter(taken_at=None)
    rows = list(waiting[:MOST_EVENTS])
    if not rows or not_connected():
        return 0
    # Taken before the portal is asked: a change that comes meanwhile makes a row of its own.
    waiting.filter(pk__in=[row.pk for row in rows]).update(taken_at=now)
    contacts.check_again(row.entity_id for row in rows if row.event in CONTACT_TOUCHED)
    try:
        return sum(_take_told(source, rows, now) for source in Bitrix24Source.objects.to_read(now))
    except Bitrix24Error as error:
        logger.warning("The next poll reads what Bitrix24 told of: %s", error)
        return 0


def _take_told(source: Bitrix24Source, rows: Iterable[Bitrix24Event], now: datetime) -> int:
    told = {row.entity_id for row in rows if ADDED_OR_CHANGED.get(row.event) == source.entity}
    return sum(
        take_in(source, list(_people(source, {"@ID": group}, None)), now)
        for group in in_groups(sorted(told), PAGE)
    )


def _people(
    source: Bitrix24Source, more: dict[str, object], since: datetime | None
) -> Iterable[crm.Person]:
    walk = crm.iter_leads if source.entity == Entity.LEAD else crm.iter_contacts
    return walk(Bitrix24.from_settings(), source.filters() | more, changed_since=since)


@transaction.atomic
def take_in(source: Bitrix24Source, people: Sequence[crm.Person], now: datetime) -> int:
    """Register these people, each once; return how many were new."""
    entries = {
        entry.entity_id: entry
        for entry in source.entries.filter(
            entity_id__in=[person.owner.id for person in people]
        ).select_related("registration__participant")
    }
    new = 0
    for person in people:
        entry = entries.get(person.owner.id)
        # Contacts we have made ourselves are participants already.
        if person.originator_id == ORIGINATOR or (entry and _is_settled(entry, person)):
            continue
        try:
            with transaction.atomic():
                new += _take_one(entry or Bitrix24Entry(source=source), person, now)
        except IntegrityError:
            logger.info("Another worker is taking in the same person: %s", person.owner)
    return new


def _is_settled(entry: Bitrix24Entry, person: crm.Person) -> bool:
    """Say whether nothing can have changed since this person was last looked at."""
    if entry.problem or person.changed_at is None:
        return False
    return person.changed_at < entry.seen_at - OVERLAP


def _take_one(entry: Bitrix24Entry, found: crm.Person, now: datetime) -> bool:
    """Register one person, or complete what is known since; return whether it is new."""
    was_registered = entry.registration is not None
    person, problem = read_person(found)
    entry.entity_id, entry.name, entry.seen_at = found.owner.id, _name(found), now
    entry.problem = problem[:300]
    if entry.registration is not None:
        complete(entry.registration.participant, person)
    elif person.email or person.phone:
        try:
            entry.registration = _register(entry.source, person, found, now)
        except RegistrationRefusedError as refusal:
            entry.problem = str(refusal)[:300]
    entry.save()
    if entry.registration is not None and found.owner.kind is OwnerKind.CONTACT:
        _link(entry.registration.participant, found.owner.id)
    return entry.registration is not None and not was_registered


def _register(
    source: Bitrix24Source, person: Person, found: crm.Person, now: datetime
) -> Registration:
    """Register, unless the person has cancelled since being added to Bitrix24."""
    event = source.target(now)
    if event is None:
        sentence = gettext("There is no event ahead to register this person for.")
        raise RegistrationRefusedError(sentence)
    known = find_participant(person)
    cancelled = event.registrations.filter(participant=known, cancelled_at__isnull=False)
    if found.created_at:
        # Added to Bitrix24 after that, as a new lead is: registered anew.
        cancelled = cancelled.filter(cancelled_at__gte=found.created_at)
    if known and (earlier := cancelled.first()):
        return earlier
    origin = Origin(Registration.Source.BITRIX24, place=f"Bitrix24: {source.name}"[:200])
    return register(event, person, origin, now, confirm=source.sends_confirmation).registration


def read_person(found: crm.Person) -> tuple[Person, str]:
    """Read somebody's name and addresses, with what of them cannot be used and why."""
    problems: list[str] = []
    phone = _first_good(
        [each.value for each in found.phones],
        lambda value: normalise_phone(value, settings.PHONE_REGION).e164,
        problems,
    )
    email = _first_good([each.value for each in found.emails], normalise_email, problems)
    if not found.phones and not found.emails:
        problems.append(gettext("There is neither an e-mail nor a phone."))
    first, last = (_clean(name, problems) for name in (found.first_name, found.last_name))
    person = Person(first, last, email, phone, language=settings.LANGUAGE_CODE)
    return person, " ".join(problems)


def _first_good(values: list[str], normalise: Callable[[str], str], problems: list[str]) -> str:
    """Return the first value that can be used; say what is wrong only if none can."""
    wrong = []
    for value in values:
        try:
            return normalise(value)
        except AddressError as error:
            wrong.append(error.sentence)
    problems.extend(wrong)
    return ""


def _clean(name: str, problems: list[str]) -> str:
    try:
        return clean_name(name)
    except AddressError as error:
        problems.append(error.sentence)
        return ""


def _link(participant: Participant, contact_id: int) -> None:
    """Remember the contact somebody came from; what it holds is looked at by the matching."""
    if participant.bitrix24_contact_id is None:
        taken = Participant.objects.filter(bitrix24_contact_id=contact_id).exists()
        if not taken:
            Participant.objects.filter(pk=participant.pk, bitrix24_contact_id=None).update(
                bitrix24_contact_id=contact_id
            )


def _name(person: crm.Person) -> str:
    full = f"{person.first_name} {person.last_name}".strip() or person.title
    return full[:200]
