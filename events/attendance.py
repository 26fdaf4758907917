"""Who came: signs of presence, what they prove, and whether their absence proves anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q

from events import signals
from events.models import Event, Evidence, Registration
from events.plan import FEED_LOOK

Attendance = Registration.Attendance
Kind = Evidence.Kind

OPENS_BEFORE = timedelta(minutes=30)
CLOSES_AFTER = timedelta(minutes=15)
"""Within these of the start and the end, pressing "Join" means being there."""

ROOM_OPENS = timedelta(minutes=5)
"""A sign earlier than this before the start may be the host testing the room."""

ASKED_UNTIL = timedelta(minutes=25)
"""So long after the start the message to those who have not joined is of use."""


class Door(Enum):
    """Where somebody who pressed "Join" is let through to."""

    EARLY = "early"
    ROOM = "room"
    OVER = "over"
    CANCELLED = "cancelled"


def door(event: Event, now: datetime) -> Door:
    """Say what the personal link leads to at this moment."""
    if event.is_cancelled:
        return Door.CANCELLED
    if now < event.starts_at - OPENS_BEFORE:
        return Door.EARLY
    return Door.ROOM if now < event.ends_at + CLOSES_AFTER else Door.OVER


def note_opened(registration: Registration, at: datetime) -> None:
    """Keep that the link was fetched, once. It proves nothing: scanners fetch links too."""
    if not registration.evidence.filter(kind=Kind.OPENED).exists():
        Evidence.objects.create(registration=registration, kind=Kind.OPENED, at=at)


def press_join(registration: Registration, at: datetime, *, is_machine: bool = False) -> Door:
    """Take note of a pressed button and say where it leads."""
    found = door(registration.event, at)
    if is_machine:
        note_opened(registration, at)
    elif found is Door.ROOM:
        record(registration, Kind.BUTTON, is_present=True, at=at)
    elif found is Door.EARLY:
        Evidence.objects.create(registration=registration, kind=Kind.EARLY, at=at)
    return found


@transaction.atomic
def record(
    registration: Registration,
    kind: Kind,
    *,
    is_present: bool,
    at: datetime,
    note: str = "",
    minutes: int | None = None,
    by_id: int | None = None,
) -> None:
    """Keep one sign and let the strongest decide; a repeated one is counted, not repeated."""
    evidence, is_new = Evidence.objects.get_or_create(
        registration=registration,
        kind=kind,
        is_present=is_present,
        note=note[:200],
        defaults={"at": at, "minutes": minutes, "recorded_by_id": by_id},
    )
    if not is_new and kind == Kind.STAFF:
        # The newest word of a person counts, also when it was said before.
        Evidence.objects.filter(pk=evidence.pk).update(at=at, recorded_by_id=by_id)
    if is_present and kind in Evidence.PROOF:
        Registration.objects.filter(pk=registration.pk).update(
            joined_at=registration.joined_at or at,
            last_joined_at=at,
            join_count=F("join_count") + 1,
        )
        open_room_by_sign(registration.event_id, at)
    was_present = registration.attendance == Attendance.PRESENT
    settle_one(registration)
    if registration.attendance == Attendance.PRESENT and not was_present:
        signals.have_joined.send(Event, participants=[registration.participant_id])


@transaction.atomic
def take_back(registration: Registration) -> None:
    """Forget what staff said of somebody; what other evidence says holds again."""
    registration.evidence.filter(kind=Kind.STAFF).delete()
    seen = registration.evidence.filter(kind__in=Evidence.PROOF, is_present=True)
    left = seen.aggregate(first=Min("at"), last=Max("at"), times=Count("pk"))
    Registration.objects.filter(pk=registration.pk).update(
        joined_at=left["first"], last_joined_at=left["last"], join_count=left["times"]
    )
    settle_one(registration)


def settle_one(registration: Registration) -> None:
    """Store what the strongest evidence says; of the same kind the newest."""
    strongest = (
        registration.evidence.filter(kind__in=Evidence.PROOF).order_by("-kind", "-at").first()
    )
    attendance = Attendance.UNKNOWN
    if strongest is not None:
        attendance = Attendance.PRESENT if strongest.is_present else Attendance.ABSENT
    registration.attendance = attendance
    Registration.objects.filter(pk=registration.pk).update(attendance=attendance)


def open_room_by_sign(event_id: int, at: datetime) -> None:
    """Take the first sign from five minutes before the start on for the opening of the room."""
    Event.objects.filter(pk=event_id, room_opened_at=None, starts_at__lte=at + ROOM_OPENS).update(
        room_opened_at=at
    )


def opens_room(event: Event, at: datetime) -> bool:
    """Say whether a sign at this moment is taken for the opening of the room."""
    return event.room_opened_at is None and event.starts_at <= at + ROOM_OPENS


@dataclass(frozen=True)
class Feed:
    """What is known of an event's attendance as a whole."""

    registered: int
    present: int
    last_sign_at: datetime | None


def feed_of(event: Event) -> Feed:
    counted = event.registrations.active().aggregate(
        registered=Count("pk"),
        present=Count("pk", filter=Q(attendance=Attendance.PRESENT)),
        last_sign_at=Max("last_joined_at"),
    )
    return Feed(**counted)


def feed_is_trusted(event: Event, feed: Feed) -> bool:
    """Say whether "has not joined" may be believed of those of whom nothing is known.

    Not when nobody at all is in, when nothing was heard since the start, or when the room is
    known under another link; the moderator's word is enough in every case.
    """
    if event.no_show_released_at is not None:
        return True
    if event.entry == Event.Entry.OPEN_LINK or event.room_opened_at is None:
        return False
    heard = feed.last_sign_at is not None and feed.last_sign_at >= event.starts_at
    return feed.present > 0 and heard


def check_feeds(now: datetime) -> list[Event]:
    """Hold the message to those who have not joined where the feed is not to be trusted.

    Looks at the events that began between 8 and 25 minutes ago; returns those newly held.
    """
    begun = Event.objects.going_ahead().filter(
        starts_at__lte=now - FEED_LOOK,
        starts_at__gt=now - ASKED_UNTIL,
        no_show_released_at=None,
        starts_late_at=None,
    )
    newly_held = []
    for event in begun:
        if judge_feed(event, feed_of(event), now):
            event.save(update_fields=["no_show_held_at"])
            if event.no_show_held_at is not None:
                newly_held.append(event)
    return newly_held


def judge_feed(event: Event, feed: Feed, now: datetime) -> bool:
    """Note on the event that its message is held, or no longer; return whether that is new."""
    trusted = feed_is_trusted(event, feed)
    if feed.registered and not trusted and event.no_show_held_at is None:
        event.no_show_held_at = now
        return True
    if trusted and event.no_show_held_at is not None:
        event.no_show_held_at = None
        return True
    return False


def asks_moderator(event: Event, now: datetime) -> bool:
    """Say whether a held message waits for the moderator's word, and still makes sense."""
    return (
        event.no_show_held_at is not None
        and not event.is_cancelled
        and now < event.starts_at + ASKED_UNTIL
    )


def release_no_show(event: Event, at: datetime) -> None:
    """The moderator says that whoever has not joined is really missing."""
    event.save(update_fields=event.release_no_show(at))


@transaction.atomic
def start_late(event: Event, at: datetime) -> None:
    """The moderator says that the event starts late: everybody gets one message instead.

    Said twice, it is the same message: nobody gets a second one.
    """
    first = Event.objects.filter(pk=event.pk, starts_late_at=None).update(starts_late_at=at)
    if first:
        event.starts_late_at, event.no_show_held_at = at, None
        event.save(update_fields=["no_show_held_at"])


def open_room(event: Event, at: datetime) -> None:
    """The moderator says that the room is open."""
    event.room_opened_at = at
    event.save(update_fields=["room_opened_at"])


def settle_absences(event: Event, now: datetime) -> int:
    """After the end, call absent those of whom there is no sign, if that can be known.

    It can where the personal link is the only way in and the feed was alive. Everybody else
    stays unknown. A later report still overrules it.
    """
    if not absence_is_known(event, feed_of(event), now):
        return 0
    unknown = event.registrations.active().filter(attendance=Attendance.UNKNOWN)
    return unknown.update(attendance=Attendance.ABSENT)


def absence_is_known(event: Event, feed: Feed, now: datetime) -> bool:
    return (
        event.has_ended(now)
        and event.entry == Event.Entry.PERSONAL_LINK
        and feed.present > 0
        and event.room_opened_at is not None
    )
