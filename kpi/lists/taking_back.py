"""Taking an import back: each figure is again what it was before, with where that came from."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from kpi.models import EarlierValue, ListImport, Measurement, Reading
from kpi.store import Value, hold_series, put_back, write

State = ListImport.State


def begin(record: ListImport, *, by: User, now: datetime) -> bool:
    """Let an import be taken back; False if it is not imported, or somebody was first."""
    imported = ListImport.objects.done().filter(pk=record.pk, taken_back_at=None)
    is_first = imported.update(
        state=State.TAKING_BACK, taken_back_by=by, progress=0, moved_at=now, taken_up_at=None
    )
    record.refresh_from_db()
    return bool(is_first)


@transaction.atomic
def take_back(record: ListImport, clock: Callable[[], datetime]) -> None:
    """Give back what was there before; what something else has changed since stays as it is."""
    locked = record.take_in_hand(State.TAKING_BACK)
    if locked is None:
        return
    hold_series()
    at = clock()
    readings = Reading.objects.filter(source=Reading.LIST, file=locked.file_id)
    readings.update(taken_back_at=at)
    figures = _give_back(locked, readings, at)
    written = locked.summary.get("written", {})
    others = sum(written.get(name, 0) for name in ("new", "changed")) - figures
    locked.summary["taken_back"] = {"figures": figures, "others": max(others, 0)}
    locked.taken_back_at = at
    locked.state, locked.progress, locked.moved_at = State.DONE, 100, at
    locked.save(update_fields=["summary", "taken_back_at", "state", "progress", "moved_at"])


def _give_back(record: ListImport, readings: QuerySet[Reading], at: datetime) -> int:
    """Let figures be what they were; of those that were not there before nothing is left."""
    new, earlier = [], []
    for series, channel, span, day, before in _with_before(readings):
        if before is None:
            new.append(Value(series, channel, span, day, None))
        else:
            earlier.append(before)
    if new:
        _withdraw(record, new, at)
    return len(new) + put_back(earlier, at=at)


def _with_before(
    readings: QuerySet[Reading],
) -> Iterable[tuple[int, int | None, str, date, int | None]]:
    """Find what is still as these readings made it, each with the number of what it was before.

    What was imported before them and has been taken back itself is passed over. Month stands by
    month, for the months of each batch are added up again.
    """
    # By their numbers: joined to the readings, PostgreSQL took minutes for a list just imported.
    gone = list(Reading.objects.exclude(taken_back_at=None).values_list("pk", flat=True))
    earlier = EarlierValue.objects.filter(measurement=OuterRef("pk")).exclude(reading__in=gone)
    before = Subquery(earlier.order_by("-replaced_at", "-pk").values("pk")[:1])
    rows = Measurement.objects.filter(reading__in=readings).annotate(before=before)
    fields = ("series", "channel", "span", "day")
    return rows.order_by("day", "series", "channel", "span").values_list(*fields, "before")


def _withdraw(record: ListImport, values: list[Value], at: datetime) -> None:
    reading = Reading.objects.create(
        source=Reading.TAKEN_BACK,
        by=record.taken_back_by,
        file=record.file,
        first_day=values[0].day,
        last_day=values[-1].day,
        started_at=at,
    )
    reading.gone = write(reading, values, at=at).gone
    reading.progress_done = reading.progress_of = len(values)
    reading.state, reading.finished_at = Reading.State.DONE, at
    reading.save(update_fields=["gone", "progress_done", "progress_of", "state", "finished_at"])
