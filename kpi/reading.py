"""Reading the sources: each night and on demand, one at a time for each, piece after piece.

A reading is a row before anything is read. Its days are read in pieces; what a piece brings is
written together with how far the reading has come, or not at all. A worker that is killed leaves
a reading whose lease runs out: it is called interrupted, and another one goes on at the first day
it had not come to. So does one that failed for a reason that may pass by itself.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from accounts.models import User
from kpi import store
from kpi.models import Reading, Traffic
from kpi.sources import Piece, Source, SourceError, all_sources, get_source
from kpi.store import Counts, Scope, ValuesRefusedError
from people.rows import insert

logger = logging.getLogger(__name__)

NIGHTLY = time(6, 30)
"""By the clock in Riga: Google has counted yesterday by then, and nobody is at work yet."""

LEASE = timedelta(minutes=6)
"""Longer than a turn, a source's patience and its longest answer, and so than any piece."""

TURN = timedelta(minutes=2)
"""After so long a task makes room for others and goes on as a new one."""

MOST_TRIES = 6
REPEAT_AFTER = timedelta(hours=1)
MOST_DAYS = 800
"""So many days can be read on demand."""

State = Reading.State
Clock = Callable[[], datetime]


class AlreadyReadingError(Exception):
    """The source is being read; a second reading would only get in its way."""


# What is due -------------------------------------------------------------------------------------


def start_due(now: datetime) -> list[int]:
    """Begin every reading that is due, and those to be tried again; return their numbers."""
    begun = [*_take_up_abandoned(now), *_repeat(now)]
    for source in all_sources():
        if source.missing() or not is_due(source, now):
            continue
        if reading := _begin_if_free(source.key, *days_due(source, now), now=now):
            begun.append(reading)
    return [each.pk for each in begun]


def is_due(source: Source, now: datetime) -> bool:
    """Say whether the reading of this morning has not begun yet, by whatever was missed.

    What is only tried again, of days before those, does not stand in for it.
    """
    due_at = last_due(now)
    _first, last = source.days_to_read(timezone.localdate(due_at))
    by_itself = Reading.objects.filter(source=source.key, by=None, lease_until__isnull=False)
    return not by_itself.filter(started_at__gte=due_at, last_day__gte=last).exists()


def last_due(now: datetime) -> datetime:
    """Give the last moment at which the clock in Riga was at half past six."""
    today = timezone.localdate(now)
    zone = timezone.get_default_timezone()
    due_at = datetime.combine(today, NIGHTLY, zone)
    return due_at if due_at <= now else datetime.combine(today - timedelta(1), NIGHTLY, zone)


def days_due(source: Source, now: datetime) -> tuple[date, date]:
    """Give the usual days, and before them what no reading has come to yet."""
    today = timezone.localdate(now)
    read_until = last_day_read(source.key)
    if read_until is None:
        return source.first_days(today)
    first, last = source.days_to_read(today)
    return min(first, read_until + timedelta(1)), last


def last_day_read(source: str) -> date | None:
    rows = Reading.objects.filter(source=source, progress_done__gt=0)
    days = [
        each.read_until for each in rows.only("first_day", "progress_done").order_by("-pk")[:50]
    ]
    return max((day for day in days if day), default=None)


# Beginning ---------------------------------------------------------------------------------------


def begin(
    source: str,
    first: date,
    last: date,
    *,
    now: datetime,
    by: User | None = None,
    tries: int = 1,
) -> Reading:
    """Make the row of a reading, which a worker then carries out."""
    try:
        with transaction.atomic():
            return Reading.objects.create(
                source=source,
                by=by,
                first_day=first,
                last_day=last,
                started_at=now,
                lease_until=now + LEASE,
                progress_of=(last - first).days + 1,
                tries=tries,
            )
    except IntegrityError:
        raise AlreadyReadingError from None


def _begin_if_free(
    source: str, first: date, last: date, *, now: datetime, tries: int = 1
) -> Reading | None:
    try:
        return begin(source, first, last, now=now, tries=tries)
    except AlreadyReadingError:
        return None


def _take_up_abandoned(now: datetime) -> list[Reading]:
    """Call readings interrupted whose worker is gone, and let others go on where they were."""
    begun = []
    for reading in Reading.objects.abandoned(now):
        with transaction.atomic():
            is_ours = (
                Reading.objects.abandoned(now)
                .filter(pk=reading.pk)
                .update(
                    state=State.INTERRUPTED,
                    finished_at=now,
                    error=gettext("The worker stopped while it was reading."),
                )
            )
            if is_ours:
                begun.append(_go_on_after(reading, now))
    return [each for each in begun if each is not None]


def _repeat(now: datetime) -> list[Reading]:
    begun = []
    for reading in Reading.objects.to_repeat(now):
        if Reading.objects.to_repeat(now).filter(pk=reading.pk).update(repeat_at=None):
            begun.append(_go_on_after(reading, now))
    return [each for each in begun if each is not None]


def _go_on_after(reading: Reading, now: datetime) -> Reading | None:
    """Begin a reading of what this one did not come to; a few times at most without any success."""
    reading.refresh_from_db()
    first, last = reading.next_day, reading.last_day
    if reading.source not in _known() or first is None or last is None or first > last:
        return None
    tries = 1 if reading.progress_done else reading.tries + 1
    if tries > MOST_TRIES:
        return None
    return _begin_if_free(reading.source, first, last, now=now, tries=tries)


def _known() -> set[str]:
    return {source.key for source in all_sources() if not source.missing()}


# Reading -----------------------------------------------------------------------------------------


def carry_on(reading_id: int, clock: Clock) -> bool:
    """Read piece after piece until the reading ends; True when its turn is over before that."""
    reading = Reading.objects.at_work().select_related("by").filter(pk=reading_id).first()
    turn_ends = clock() + TURN
    while reading is not None:
        if clock() >= turn_ends:
            return True
        with override(reading.by.language if reading.by else settings.LANGUAGE_CODE):
            reading = _step(reading, clock)
    return False


def _step(reading: Reading, clock: Clock) -> Reading | None:
    """Read a piece. However that fails, the reading says so and no other source hears of it."""
    try:
        return _read_piece(reading, get_source(reading.source), clock)
    except SourceError as error:
        _fail(reading, str(error), clock(), is_temporary=error.is_temporary)
    except ValuesRefusedError as error:
        _fail(reading, str(error), clock())
    except Exception:
        logger.exception("Reading %s of %s failed.", reading.pk, reading.source)
        sentence = gettext("Something went wrong that nobody had foreseen; it is in the log.")
        _fail(reading, sentence, clock())
    return None


def _read_piece(reading: Reading, source: Source, clock: Clock) -> Reading | None:
    """Read some days and write them; give the reading as far as it has come, None at its end."""
    if problem := source.missing():
        raise SourceError(problem)
    first, last = reading.next_day, reading.last_day
    assert first is not None
    assert last is not None
    end = min(last, first + timedelta(source.days_at_once - 1))
    piece = source.read(first, end)
    with transaction.atomic():
        held = _still_ours(reading)
        if held is None:
            return None
        _write(held, piece, first, end, clock())
    return None if held.state == State.DONE else held


def _still_ours(reading: Reading) -> Reading | None:
    """Lock the row; None where another worker has come further, or was given the work."""
    rows = Reading.objects.select_for_update().at_work()
    return rows.filter(pk=reading.pk, progress_done=reading.progress_done).first()


def _write(reading: Reading, piece: Piece, first: date, last: date, at: datetime) -> None:
    scope = Scope(piece.series_ids, first, last)
    counts = store.write(reading, piece.values, at=at, replace=scope)
    if piece.traffic is not None:
        Traffic.objects.between(first, last).delete()
        for row in piece.traffic:
            row.reading = reading
        insert(piece.traffic)
    _come_further(reading, counts, (last - first).days + 1, piece.details, at)


def _come_further(
    reading: Reading, counts: Counts, days: int, details: dict[str, object], at: datetime
) -> None:
    reading.new += counts.new
    reading.changed += counts.changed
    reading.same += counts.same
    reading.gone += counts.gone
    reading.progress_done += days
    reading.details = merged(reading.details, details)
    reading.lease_until = at + LEASE
    if reading.progress_done >= reading.progress_of:
        reading.state, reading.finished_at = State.DONE, at
    reading.save(
        update_fields=[
            *("new", "changed", "same", "gone", "progress_done", "details"),
            *("lease_until", "state", "finished_at"),
        ]
    )


def merged(so_far: dict[str, object], more: dict[str, object]) -> dict[str, object]:
    """Put together what a source said of its pieces: a flag stays up, numbers add up."""
    both = {**so_far, **more}
    for name in so_far.keys() & more.keys():
        before, after = so_far[name], more[name]
        if isinstance(before, bool) and isinstance(after, bool):
            both[name] = before or after
        elif isinstance(before, int) and isinstance(after, int):
            both[name] = before + after
    return both


def _fail(reading: Reading, sentence: str, now: datetime, *, is_temporary: bool = False) -> None:
    """End a reading that is still ours; what its earlier pieces wrote stays."""
    is_repeated = is_temporary and (reading.progress_done or reading.tries < MOST_TRIES)
    Reading.objects.at_work().filter(pk=reading.pk).update(
        state=State.PARTLY if reading.progress_done else State.FAILED,
        error=sentence,
        finished_at=now,
        repeat_at=now + REPEAT_AFTER if is_repeated else None,
    )
