"""From the times people were in the meeting to evidence, minutes, and who came late or left early.

Stays of reports and of Zoom's calls are kept; what they prove is worked out from all of them each
time, so that it does not matter how often or in which order they come.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from events import signals
from events.attendance import ROOM_OPENS, Attendance, Kind, open_room_by_sign
from events.models import Event, Evidence, Registration, Stay
from integrations.meetings.intervals import Interval, clipped, minutes_of, seconds_present

COUNTS_BEFORE, COUNTS_AFTER = timedelta(minutes=15), timedelta(minutes=30)
"""Of a stay counts what lies within these of the start and the end."""

LEAST_SECONDS = 60
LATE = EARLY = timedelta(minutes=10)
BATCH = 500
SAYS = {Attendance.PRESENT: True, Attendance.ABSENT: False, Attendance.UNKNOWN: None}
"""What the strongest evidence says: present, absent, or there is none."""


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
    before = list(people.order_by("pk").values_list("pk", "participant", "attendance"))
    ids = [pk for pk, _participant, _attendance in before]
    stays: dict[int, list[Stay]] = defaultdict(list)
    for stay in Stay.objects.filter(registration__in=ids, kind=kind):
        stays[stay.registration_id].append(stay)
    found = {pk: presence_in(event, stays[pk]) for pk in ids}
    _write_evidence(found, kind)
    present = _settle(ids)
    _open_room(event, [each for each in found.values() if each is not None])
    Event.objects.filter(pk=event.pk).look_again()
    newly = [
        participant
        for pk, participant, attendance in before
        if pk in present and attendance != Attendance.PRESENT
    ]
    if newly:
        signals.have_joined.send(Event, participants=newly)


def _open_room(event: Event, presences: Iterable[Presence]) -> None:
    """Take for the opening of the room when the first person was in, near the start or at it."""
    opens = event.starts_at - ROOM_OPENS
    signs = [
        max(each.first, opens)
        for each in presences
        if each.first >= opens or (each.last is not None and each.last >= opens)
    ]
    if signs:
        open_room_by_sign(event.pk, min(signs))


def _write_evidence(found: dict[int, Presence | None], kind: Kind) -> None:
    """Write one piece of evidence per person, and only where it says something new."""
    of_kind = Evidence.objects.filter(registration__in=found, kind=kind, is_present=True)
    known = {each.registration_id: (each.at, each.minutes) for each in of_kind}
    told = {pk: (each.first, each.minutes) for pk, each in found.items() if each is not None}
    news = {pk: each for pk, each in told.items() if known.get(pk) != each}
    of_kind.exclude(registration__in=told.keys() - news.keys()).delete()
    Evidence.objects.bulk_create(
        (
            Evidence(registration_id=pk, kind=kind, at=at, minutes=minutes)
            for pk, (at, minutes) in news.items()
        ),
        batch_size=BATCH,
    )
    # Who was seen is not missing from the report, whatever an earlier one said.
    Evidence.objects.filter(registration__in=told, kind=Kind.REPORT, is_present=False).delete()


def _settle(registration_ids: Collection[int]) -> set[int]:
    """Store of many what `attendance.settle_one` stores of one, and when they were seen.

    Return those who are present.
    """
    proof = Evidence.objects.filter(kind__in=Evidence.PROOF)
    of_these = proof.filter(registration__in=registration_ids).order_by("kind", "at")
    # The strongest comes last, and of the same kind the newest.
    strongest = dict(of_these.values_list("registration", "is_present"))
    for attendance, is_present in SAYS.items():
        ids = [pk for pk in registration_ids if strongest.get(pk) is is_present]
        Registration.objects.filter(pk__in=ids).update(attendance=attendance)
    _note_when_seen(registration_ids)
    return {pk for pk in registration_ids if strongest.get(pk)}


def _note_when_seen(registration_ids: Collection[int]) -> None:
    """Store the first and the last sign of presence; without any there was none."""
    proof = Evidence.objects.filter(kind__in=Evidence.PROOF)
    seen = proof.filter(registration=OuterRef("pk"), is_present=True).order_by()
    first = seen.values("registration").annotate(first=Min("at")).values("first")
    last = seen.values("registration").annotate(last=Max("at")).values("last")
    registrations = Registration.objects.filter(pk__in=registration_ids)
    registrations.update(joined_at=Subquery(first))
    registrations.filter(joined_at=None).update(last_joined_at=None)
    # Somebody may have pressed the button again since the first time.
    newest = Greatest(Coalesce("last_joined_at", Subquery(last)), Subquery(last))
    registrations.exclude(joined_at=None).update(last_joined_at=newest)


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
    ids = list(unseen.values_list("pk", flat=True))
    Evidence.objects.bulk_create(
        (
            Evidence(registration_id=pk, kind=Kind.REPORT, is_present=False, at=at)
            for pk in ids
            if pk not in known
        ),
        batch_size=BATCH,
    )
    _settle(ids)
    Event.objects.filter(pk=event.pk).look_again()
