"""From the times people were in the meeting to evidence, minutes, and who came late or left early.

Stays of reports and of Zoom's calls are kept; what they prove is worked out from all of them each
time, so that it does not matter how often or in which order they come.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from events.attendance import Attendance, Kind, open_room_by_sign
from events.models import Event, Evidence, Registration, Stay
from integrations.meetings.intervals import Interval, clipped, minutes_of, seconds_present

COUNTS_BEFORE, COUNTS_AFTER = timedelta(minutes=15), timedelta(minutes=30)
"""Of a stay counts what lies within these of the start and the end."""

LEAST_SECONDS = 60
LATE = EARLY = timedelta(minutes=10)
BATCH = 500


@dataclass(frozen=True)
class Presence:
    """What somebody's stays come to."""

    first: datetime
    last: datetime | None
    """None while the person is still in."""

    minutes: int | None
    is_late: bool
    left_early: bool


def presence_in(event: Event, stays: Iterable[Stay]) -> Presence | None:
    """Sum up stays; None if there was hardly any time in which the event was on."""
    stays = list(stays)
    last_moment = event.ends_at + COUNTS_AFTER
    intervals = clipped(
        (
            Interval(each.joined_at, each.left_at or last_moment, each.seconds)
            for each in stays
            if each.left_at is None or each.left_at > each.joined_at
        ),
        event.starts_at - COUNTS_BEFORE,
        last_moment,
    )
    seconds = seconds_present(intervals)
    if seconds < LEAST_SECONDS:
        return None
    is_in = any(each.left_at is None for each in stays)
    first, last = min(each.joined for each in intervals), max(each.left for each in intervals)
    return Presence(
        first=first,
        last=None if is_in else last,
        minutes=None if is_in else minutes_of(seconds),
        is_late=first > event.starts_at + LATE,
        left_early=not is_in and last < event.ends_at - EARLY,
    )


@transaction.atomic
def replace(registration: Registration, kind: Kind, stays: Sequence[Stay]) -> None:
    """Keep these in place of what was known of this kind, and let them count."""
    registration.stays.filter(kind=kind).delete()
    Stay.objects.bulk_create(stays)
    let_count(registration.event, [registration.pk], kind)


@transaction.atomic
def let_count(event: Event, registration_ids: Collection[int], kind: Kind) -> None:
    """Bring the evidence of one kind in step with the stays, and attendance with the evidence."""
    # The same people are not worked out twice at once.
    people = Registration.objects.select_for_update().filter(pk__in=registration_ids)
    registrations = {each.pk: each for each in people.order_by("pk")}
    stays: dict[int, list[Stay]] = defaultdict(list)
    for stay in Stay.objects.filter(registration__in=registrations, kind=kind):
        stays[stay.registration_id].append(stay)
    found = {pk: presence_in(event, stays[pk]) for pk in registrations}
    _write_evidence(found, kind)
    _settle(registrations)
    present = [each.first for each in found.values() if each is not None]
    if present:
        open_room_by_sign(event.pk, max(present))
    Event.objects.filter(pk=event.pk).look_again()


def _write_evidence(found: dict[int, Presence | None], kind: Kind) -> None:
    """Write one piece of evidence per person, and only where it says something new."""
    of_kind = Evidence.objects.filter(registration__in=found, kind=kind, is_present=True)
    known = {each.registration_id: each for each in of_kind}
    new, changed = [], []
    for pk, presence in found.items():
        evidence = known.get(pk)
        if presence is None:
            continue
        if evidence is None:
            new.append(
                Evidence(registration_id=pk, kind=kind, at=presence.first, minutes=presence.minutes)
            )
        elif (evidence.at, evidence.minutes) != (presence.first, presence.minutes):
            evidence.at, evidence.minutes = presence.first, presence.minutes
            changed.append(evidence)
    Evidence.objects.bulk_create(new, batch_size=BATCH)
    Evidence.objects.bulk_update(changed, ["at", "minutes"], batch_size=BATCH)
    present = [pk for pk, presence in found.items() if presence]
    of_kind.exclude(registration__in=present).delete()
    # Who was seen is not missing from the report, whatever an earlier one said.
    Evidence.objects.filter(registration__in=present, kind=Kind.REPORT, is_present=False).delete()


def _settle(registrations: dict[int, Registration]) -> None:
    """Store of many what `attendance.settle_one` stores of one, and when they were seen."""
    proof = Evidence.objects.filter(registration__in=registrations, kind__in=Evidence.PROOF)
    signs: dict[int, list[Evidence]] = defaultdict(list)
    for sign in proof:
        signs[sign.registration_id].append(sign)
    changed = []
    for pk, registration in registrations.items():
        before = (registration.attendance, registration.joined_at, registration.last_joined_at)
        _settle_one(registration, signs[pk])
        after = (registration.attendance, registration.joined_at, registration.last_joined_at)
        if after != before:
            changed.append(registration)
    Registration.objects.bulk_update(
        changed, ["attendance", "joined_at", "last_joined_at"], batch_size=BATCH
    )


def _settle_one(registration: Registration, signs: Sequence[Evidence]) -> None:
    strongest = max(signs, key=lambda sign: (sign.kind, sign.at), default=None)
    registration.attendance = Attendance.UNKNOWN
    if strongest is not None:
        is_present = strongest.is_present
        registration.attendance = Attendance.PRESENT if is_present else Attendance.ABSENT
    seen = [sign.at for sign in signs if sign.is_present]
    if not seen:
        registration.joined_at = registration.last_joined_at = None
        return
    registration.joined_at = min([*seen, registration.joined_at or seen[0]])
    registration.last_joined_at = max([*seen, registration.last_joined_at or seen[0]])


def call_absent(event: Event, registration_ids: Collection[int], at: datetime) -> None:
    """Keep that a complete report does not name these; whoever was seen otherwise stays present."""
    people = Registration.objects.filter(pk__in=registration_ids)
    unseen = people.exclude(
        pk__in=Evidence.objects.filter(
            registration__event=event, kind__in=Evidence.PROOF, is_present=True
        ).values("registration")
    )
    known = set(
        Evidence.objects.filter(
            registration__event=event, kind=Kind.REPORT, is_present=False
        ).values_list("registration", flat=True)
    )
    registrations = {each.pk: each for each in unseen}
    Evidence.objects.bulk_create(
        (
            Evidence(registration_id=pk, kind=Kind.REPORT, is_present=False, at=at)
            for pk in registrations
            if pk not in known
        ),
        batch_size=BATCH,
    )
    _settle(registrations)
    Event.objects.filter(pk=event.pk).look_again()
