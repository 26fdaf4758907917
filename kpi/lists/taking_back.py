"""Taking an import back: each figure is again what it was before, with where that came from."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from kpi.models import EarlierValue, ListImport, Measurement, Reading
from kpi.store import Value, hold_series, put_back, write


@transaction.atomic
def take_back(record: ListImport, *, by: User, at: datetime) -> bool:
    """Give back what was there before; False if it was not imported, or was taken back already.

    What something else has changed since stays as it is.
    """
    # Of two people who press at once the second waits here; whoever writes waits for the series.
    locked = ListImport.objects.select_for_update().get(pk=record.pk)
    if locked.state != ListImport.State.DONE or locked.taken_back_at:
        return False
    hold_series()
    readings = Reading.objects.filter(source=Reading.LIST, file=locked.file_id)
    readings.update(taken_back_at=at)
    figures = _give_back(locked, readings, by, at)
    written = locked.summary.get("written", {})
    others = sum(written.get(name, 0) for name in ("new", "changed")) - figures
    locked.summary["taken_back"] = {"figures": figures, "others": max(others, 0)}
    locked.taken_back_at, locked.taken_back_by = at, by
    locked.save(update_fields=["summary", "taken_back_at", "taken_back_by"])
    return True


def _give_back(record: ListImport, readings: QuerySet[Reading], by: User, at: datetime) -> int:
    """Let figures be what they were; of those that were not there before nothing is left."""
    new, earlier = [], []
    for series, channel, span, day, before in _with_before(readings):
        if before is None:
            new.append(Value(series, channel, span, day, None))
        else:
            earlier.append(before)
    if new:
        _withdraw(record, new, by, at)
    return len(new) + put_back(earlier, at=at)


def _with_before(
    readings: QuerySet[Reading],
) -> Iterable[tuple[int, int | None, str, date, int | None]]:
    """Find what is still as these readings made it, each with the number of what it was before.

    What was imported before them and has been taken back itself is passed over. Month stands by
    month, for the months of each batch are added up again.
    """
    earlier = EarlierValue.objects.filter(measurement=OuterRef("pk"), reading__taken_back_at=None)
    before = Subquery(earlier.order_by("-replaced_at", "-pk").values("pk")[:1])
    rows = Measurement.objects.filter(reading__in=readings).annotate(before=before)
    fields = ("series", "channel", "span", "day")
    return rows.order_by("day", "series", "channel", "span").values_list(*fields, "before")


def _withdraw(record: ListImport, values: list[Value], by: User, at: datetime) -> None:
    reading = Reading.objects.create(
        source=Reading.TAKEN_BACK,
        by=by,
        file=record.file,
        first_day=values[0].day,
        last_day=values[-1].day,
        started_at=at,
    )
    reading.gone = write(reading, values, at=at).gone
    reading.progress_done = reading.progress_of = len(values)
    reading.state, reading.finished_at = Reading.State.DONE, at
    reading.save(update_fields=["gone", "progress_done", "progress_of", "state", "finished_at"])
