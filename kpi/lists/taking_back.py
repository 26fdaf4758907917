"""Taking an import back: each figure gets the value again that it had before."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts.models import User
from goals.models import Series
from kpi.models import EarlierValue, ListImport, Measurement, Reading
from kpi.store import Value, write


@transaction.atomic
def take_back(record: ListImport, *, by: User, at: datetime) -> bool:
    """Give back what was there before; False if it was not imported, or was taken back already.

    What something else has changed since stays as it is.
    """
    # Of two people who press at once the second waits here; whoever writes waits for the series.
    locked = ListImport.objects.select_for_update().get(pk=record.pk)
    if locked.state != ListImport.State.DONE or locked.taken_back_at:
        return False
    list(Series.objects.order_by("pk").select_for_update(no_key=True))
    values = list(_values_before(locked))
    if values:
        _write(locked, values, by, at)
    written = locked.summary.get("written", {})
    others = sum(written.get(name, 0) for name in ("new", "changed")) - len(values)
    locked.summary["taken_back"] = {"figures": len(values), "others": max(others, 0)}
    locked.taken_back_at, locked.taken_back_by = at, by
    locked.save(update_fields=["summary", "taken_back_at", "taken_back_by"])
    return True


def _values_before(record: ListImport) -> Iterator[Value]:
    """Give what was there before the figures that are still what the import made them."""
    assert record.finished_at is not None
    readings = Reading.objects.filter(
        source=Reading.LIST, file=record.file_id, started_at=record.finished_at
    )
    earlier = EarlierValue.objects.filter(measurement=OuterRef("pk"))
    before = Subquery(earlier.order_by("-replaced_at", "-pk").values("value")[:1])
    rows = Measurement.objects.filter(reading__in=readings, value__isnull=False)
    fields = ("series", "channel", "span", "day")
    for row in rows.annotate(before=before).values_list(*fields, "before"):
        yield Value(*row)


def _write(record: ListImport, values: list[Value], by: User, at: datetime) -> None:
    days = [value.day for value in values]
    reading = Reading.objects.create(
        source=Reading.TAKEN_BACK,
        by=by,
        file=record.file,
        first_day=min(days),
        last_day=max(days),
        started_at=at,
    )
    counts = write(reading, values, at=at)
    reading.changed, reading.same, reading.gone = counts.changed, counts.same, counts.gone
    reading.progress_done = reading.progress_of = len(values)
    reading.state, reading.finished_at = Reading.State.DONE, at
    reading.save(
        update_fields=[
            *("changed", "same", "gone", "progress_done", "progress_of", "state", "finished_at")
        ]
    )
