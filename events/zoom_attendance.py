"""What Zoom's calls say of attendance: kept at once, understood by a worker a moment later.

Which event is meant tells the number of the meeting in the link to the room. Calls come twice and
in any order: each is kept once, and somebody's stays are worked out from all of them each time.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from accounts.models import User
from events import stays
from events.attendance import Kind
from events.attendance_import import Choices
from events.attendance_matching import KnownPeople
from events.attendance_plan import Line, with_suggestions
from events.models import Event, Registration, Stay, ZoomSign
from events.models.attendance_report import STRANGERS_KEPT
from integrations.meetings.intervals import paired
from integrations.meetings.report import is_anybody
from integrations.meetings.zoom_webhook import Sign, meeting_id

logger = logging.getLogger(__name__)

MOST_SIGNS = 500
AROUND = timedelta(hours=2)
"""A meeting's number serves for many events; meant is the one that is on, or nearly so."""


def note(sign: Sign, now: datetime) -> None:
    """Keep what Zoom told, once however often it tells it."""
    row = ZoomSign(
        meeting_id=sign.meeting_id[:20],
        meeting_uuid=sign.meeting_uuid,
        kind=sign.kind.value,
        participant=sign.participant,
        at=sign.at,
        name=sign.name,
        # A letter may become two in lower case.
        email=sign.email.lower()[:200],
        registrant_id=sign.registrant_id,
        customer_key=sign.customer_key,
        received_at=now,
        is_ignored=sign.is_host,
    )
    ZoomSign.objects.bulk_create([row], ignore_conflicts=True)


def take(now: datetime) -> int:
    """Understand what was kept since; return how many calls that were."""
    waiting = ZoomSign.objects.waiting(now)
    return _take(waiting, now) if waiting.exists() else 0


@transaction.atomic
def _take(waiting: QuerySet[ZoomSign], now: datetime) -> int:
    by_meeting: dict[str, list[ZoomSign]] = defaultdict(list)
    for row in waiting.select_for_update()[:MOST_SIGNS]:
        by_meeting[row.meeting_id].append(row)
    return sum(_take_all_that_can_be(rows, now) for rows in by_meeting.values())


def _take_all_that_can_be(rows: list[ZoomSign], now: datetime) -> int:
    """Understand calls of one meeting; where one is at fault, those beside it without that one."""
    try:
        with transaction.atomic():
            _understand(rows, now)
    except OperationalError:
        # The database is at fault and not a call: all are tried again at once.
        raise
    except Exception:
        if len(rows) == 1:
            logger.exception("Call %s of Zoom could not be understood", rows[0].pk)
            rows[0].keep_back(now)
            return 0
        middle = len(rows) // 2
        return sum(_take_all_that_can_be(part, now) for part in (rows[:middle], rows[middle:]))
    return len(rows)


def _understand(rows: Sequence[ZoomSign], now: datetime) -> None:
    """Note of calls of one meeting whose they are, and bring attendance in step with them."""
    by_event: dict[int, list[ZoomSign]] = defaultdict(list)
    in_room = _events_in(rows[0].meeting_id)
    events = {event.pk: event for event in in_room}
    for row in rows:
        row.taken_at = now
        if (event := _event_of(row, in_room)) is not None:
            row.event = event
            by_event[event.pk].append(row)
    for pk, signs in by_event.items():
        _match(events[pk], signs)
    ZoomSign.objects.bulk_update(rows, ["taken_at", "event", "registration", "is_ignored"])
    for pk, signs in by_event.items():
        _recount_those_of(events[pk], signs)


def forget_old(now: datetime) -> int:
    """Delete calls that are a month old; what they came to stays with the registrations."""
    deleted, _per_model = ZoomSign.objects.filter(received_at__lte=now - STRANGERS_KEPT).delete()
    return deleted


def _events_in(number: str) -> list[Event]:
    """Return the events whose link to the room leads to this meeting."""
    if not number:
        return []
    linked = Event.objects.going_ahead().filter(room_url__contains=f"/{number}")
    return [event for event in linked if meeting_id(event.room_url) == number]


def _event_of(sign: ZoomSign, events: Iterable[Event]) -> Event | None:
    around = (
        each for each in events if each.starts_at - AROUND <= sign.at <= each.ends_at + AROUND
    )
    return min(around, key=lambda event: abs(event.starts_at - sign.at), default=None)


def _match(event: Event, signs: Iterable[ZoomSign]) -> None:
    """Say whose signs these are: as for an earlier one of the same connection, or anew."""
    known = _known(event)
    staff = set(User.objects.values_list("email", flat=True))
    earlier = {
        (sign.meeting_uuid, sign.participant): sign
        for sign in event.zoom_signs.exclude(taken_at=None).exclude(participant="")
    }
    for sign in signs:
        if sign.kind == ZoomSign.Kind.ENDED or sign.is_ignored:
            continue
        before = earlier.get((sign.meeting_uuid, sign.participant))
        if before is not None:
            sign.registration_id, sign.is_ignored = before.registration_id, before.is_ignored
        else:
            found = known.find(sign.name, sign.email, codes=sign.codes)
            sign.registration = found.registration
            sign.is_ignored = sign.registration is None and sign.email in staff


def _known(event: Event) -> KnownPeople:
    return KnownPeople(event.registrations.active().select_related("participant"))


def _recount_those_of(event: Event, signs: Iterable[ZoomSign]) -> None:
    """Work out anew the stays of those spoken of; of everybody in a meeting that has ended."""
    ids = {sign.registration_id for sign in signs if sign.registration_id}
    ended = {sign.meeting_uuid for sign in signs if sign.kind == ZoomSign.Kind.ENDED}
    of_ended = event.zoom_signs.filter(meeting_uuid__in=ended).exclude(registration=None)
    ids |= set(of_ended.values_list("registration", flat=True))
    _recount(event, ids)


def _recount(event: Event, registration_ids: Iterable[int]) -> None:
    ids = set(registration_ids)
    signs = event.zoom_signs.filter(registration__in=ids)
    # Two devices of one person may come and go in the same second.
    found = dict.fromkeys(_stays_of(signs, _ends(event)))
    kept = [
        Stay(registration_id=pk, kind=Kind.MEETING, joined_at=joined, left_at=left)
        for pk, joined, left in found
    ]
    with transaction.atomic():
        Stay.objects.filter(registration__in=ids, kind=Kind.MEETING).delete()
        Stay.objects.bulk_create(kept)
        stays.let_count(event, ids, Kind.MEETING)


def _ends(event: Event) -> dict[str, datetime]:
    ended = event.zoom_signs.filter(kind=ZoomSign.Kind.ENDED).exclude(taken_at=None).order_by("at")
    return dict(ended.values_list("meeting_uuid", "at"))


def _stays_of(
    signs: Iterable[ZoomSign], ends: Mapping[str, datetime]
) -> list[tuple[int, datetime, datetime | None]]:
    """Pair the signs of each connection; what is open ends with the meeting."""
    connections: dict[tuple[int, str, str], list[ZoomSign]] = defaultdict(list)
    for sign in signs:
        connections[sign.registration_id or 0, sign.meeting_uuid, sign.participant].append(sign)
    found = []
    for (pk, uuid, _participant), rows in connections.items():
        for joined, left in paired((row.at, row.kind == ZoomSign.Kind.JOINED) for row in rows):
            end = left or ends.get(uuid)
            found.append((pk, joined, end if end is None or end >= joined else None))
    return found


# Those whom nobody has recognised


def strangers(event: Event) -> list[Line]:
    """Return whom Zoom has seen and nobody recognised."""
    unrecognised = _unrecognised(event)
    if not unrecognised:
        return []
    known, ends = _known(event), _ends(event)
    lines = [_line(event, key, signs, known, ends) for key, signs in unrecognised.items()]
    return with_suggestions(lines, known)


def _unrecognised(event: Event) -> dict[str, list[ZoomSign]]:
    """Gather the signs of each person; two people may both be called "iPhone"."""
    unknown = event.zoom_signs.filter(registration=None, is_ignored=False).exclude(
        kind=ZoomSign.Kind.ENDED
    )
    by_person: dict[tuple[str, ...], list[ZoomSign]] = defaultdict(list)
    for sign in unknown.exclude(taken_at=None):
        connection = (sign.meeting_uuid, sign.participant) if is_anybody(sign.name) else ()
        by_person[sign.name, sign.email, *sign.codes, *connection].append(sign)
    return {f"zoom{signs[0].pk}": signs for signs in by_person.values()}


def _line(
    event: Event,
    key: str,
    signs: list[ZoomSign],
    known: KnownPeople,
    ends: Mapping[str, datetime],
) -> Line:
    first = signs[0]
    kept = tuple(
        Stay(kind=Kind.MEETING, joined_at=joined, left_at=left)
        for _pk, joined, left in _stays_of(signs, ends)
    )
    return Line(
        key=key,
        name=first.name,
        email=first.email,
        stays=kept,
        presence=stays.presence_in(event, kept),
        match=known.find(first.name, first.email, codes=first.codes),
    )


@transaction.atomic
def match_strangers(event: Event, choices: Choices) -> int:
    """Let those count whom somebody has matched; return how many people that were."""
    chosen: dict[int, Registration] = {}
    for key, signs in _unrecognised(event).items():
        if key not in choices:
            continue
        registration = choices[key]
        same = event.zoom_signs.filter(pk__in=[sign.pk for sign in signs])
        if registration is None:
            same.update(is_ignored=True)
        else:
            same.update(registration=registration)
            chosen[registration.pk] = registration
    _recount(event, chosen)
    return len(chosen)
