"""What happens between a series and its events: they are made, changed together, and skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from documents.models import saved_by
from events import changes, from_plan
from events.models import Event
from events.move_impact import impact_of_move
from opendays.models import Occurrence, Series

DETAILS = (
    "title",
    "title_en",
    "description",
    "description_en",
    "room_url",
    "entry",
    "moderator_id",
    "with_offer",
)
"""What an event has from its series, besides its times."""

LONGEST = 60
"""No series of open days has more occurrences than this: more than a year."""


class SeriesRefusedError(Exception):
    """This cannot be done with the series; the sentence says why."""


class SeriesChangedError(Exception):
    """Somebody else has saved the series since it was read."""


@dataclass(frozen=True)
class Change:
    """What an edited series would do to one occurrence."""

    occurrence: Occurrence
    starts_at: datetime
    ends_at: datetime
    impact: str
    """What moving it would do, as one sentence; empty where its start stays."""

    @property
    def event(self) -> Event:
        return self.occurrence.event


@transaction.atomic
def create(series: Series, *, by_id: int, now: datetime) -> list[Event]:
    """Store a series and make its events, with reminders on."""
    series.created_by_id, series.created_at = by_id, now
    series.save()
    return _make_missing(series, set(), by_id=by_id, now=now)


@transaction.atomic
def extend(series: Series, last_day: date, *, by_id: int, now: datetime) -> list[Event]:
    """Let a series go on until `last_day`; return the events that were made."""
    if last_day <= series.last_day:
        raise SeriesRefusedError(gettext("Choose a day after the present last one."))
    there = set(series.occurrences.values_list("original_on", flat=True))
    series.last_day = last_day
    if sum(1 for _day in series.weeks()) > LONGEST:
        raise SeriesRefusedError(too_long())
    series.save(update_fields=["last_day"])
    return _make_missing(series, there, by_id=by_id, now=now)


def _make_missing(series: Series, there: set[date], *, by_id: int, now: datetime) -> list[Event]:
    """Make the events of a series that are not there; none for a day that is over."""
    return [
        _make(series, day, by_id=by_id, now=now)
        for day in series.weeks()
        if day not in there and series.start_in_week_of(day) > now
    ]


def too_long() -> str:
    return gettext("A series has at most %(count)s open days.") % {"count": LONGEST}


def _make(series: Series, day: date, *, by_id: int, now: datetime) -> Event:
    event = Event(kind="open_day", **{name: getattr(series, name) for name in DETAILS})
    starts_at = series.start_in_week_of(day)
    if series.activity is not None:
        from_plan.take(event, series.activity, now)
    changes.create(event, starts_at, _end(series, starts_at), by_id=by_id, now=now)
    Occurrence.objects.create(series=series, event=event, original_on=day)
    return event


def _end(series: Series, start: datetime) -> datetime:
    return start + timedelta(minutes=series.minutes)


def is_as_planned(occurrence: Occurrence, series: Series) -> bool:
    """Say whether an occurrence still is what its series makes of it: nobody edited it alone."""
    event = occurrence.event
    start = series.start_in_week_of(occurrence.original_on)
    return (
        event.starts_at == start
        and event.ends_at == _end(series, start)
        and all(getattr(event, name) == getattr(series, name) for name in DETAILS)
    )


def preview(before: Series, after: Series, now: datetime) -> tuple[list[Change], list[Occurrence]]:
    """Return what an edited series would change, and the occurrences that stay as they are.

    Those still to come change, unless they were edited on their own.
    """
    if before.revision != after.revision:
        raise SeriesChangedError
    ahead = list(before.occurrences.ahead(now).select_related("event"))
    follow = [each for each in ahead if is_as_planned(each, before)]
    return [_change(each, after, now) for each in follow], [e for e in ahead if e not in follow]


def _change(occurrence: Occurrence, after: Series, now: datetime) -> Change:
    event = occurrence.event
    start = after.start_in_week_of(occurrence.original_on)
    impact = ""
    if start != event.starts_at:
        impact = impact_of_move(event, start, now).sentence(event.starts_at, start)
    return Change(occurrence, start, _end(after, start), impact)


@transaction.atomic
def update(series: Series, *, by_id: int, now: datetime) -> int:
    """Store an edited series and change the occurrences that follow it; return how many."""
    before = Series.objects.select_for_update().get(pk=series.pk)
    planned, _kept = preview(before, series, now)
    series.revision += 1
    series.changed_by_id, series.changed_at = by_id, now
    series.save()
    for change in planned:
        _carry_out(change, series, by_id=by_id, now=now)
    return len(planned)


def _carry_out(change: Change, series: Series, *, by_id: int, now: datetime) -> None:
    event = change.event
    if (event.starts_at, event.ends_at) != (change.starts_at, change.ends_at):
        changes.move(event, change.starts_at, change.ends_at, by_id=by_id, now=now)
    for name in DETAILS:
        setattr(event, name, getattr(series, name))
    event.take_offer()
    event.save(update_fields=[*(name.removesuffix("_id") for name in DETAILS), "offer"])
    Event.objects.filter(pk=event.pk).update(**saved_by(by_id, now))


@transaction.atomic
def skip(occurrence: Occurrence, reason: str, *, by_id: int, now: datetime) -> None:
    """Leave one occurrence out; who is registered gets one notice, and then a reason is needed."""
    event = occurrence.event
    if event.has_begun(now):
        raise SeriesRefusedError(gettext("This open day has begun already."))
    if not reason.strip() and event.registrations.active().exists():
        raise SeriesRefusedError(gettext("People are registered: say why it is left out."))
    changes.cancel(event, reason.strip() or gettext("Left out."), by_id=by_id, now=now)
    occurrence.skipped_at = now
    occurrence.save(update_fields=["skipped_at"])


def edited_alone(occurrences: Sequence[Occurrence], series: Series) -> set[int]:
    """Return the numbers of occurrences that differ from their series."""
    return {each.pk for each in occurrences if not is_as_planned(each, series)}
