"""Writing measurements: set-wise, as often as one likes, never losing what was there before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from goals.models import Series
from kpi.models import EarlierValue, Measurement, MonthTotal, Reading
from kpi.periods import Span, last_of_month
from people.rows import insert, write_fields


class ValuesRefusedError(Exception):
    """Some of the values cannot be measurements; nothing was written, and the text says why."""


class Value(NamedTuple):
    """One number to be written; None takes back the one that is there."""

    series_id: int
    channel_id: int | None
    span: str
    day: date
    value: Decimal | None
    row: int | None = None

    @property
    def key(self) -> "Key":
        return self.series_id, self.channel_id, self.span, self.day


Key = tuple[int, int | None, str, date]
BATCH = 5000


@dataclass(frozen=True)
class Scope:
    """What a source has read whole: what it gave before in there and does not give now is gone."""

    series_ids: frozenset[int]
    first: date
    last: date
    span: str = Span.DAY


@dataclass(frozen=True)
class Counts:
    """How many measurements a reading brought, changed, confirmed and took back."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0


class Held(NamedTuple):
    """What is in the database already."""

    pk: int
    value: Decimal | None


@transaction.atomic
def write(
    reading: Reading, values: Iterable[Value], *, at: datetime, replace: Scope | None = None
) -> Counts:
    """Write the values; what they replace is kept, and their months are added up again.

    Of several values for the same day the last one holds. With `replace`, what readings of the
    same source gave before in its days, and this one does not, is taken back.
    """
    wanted = {each.key: each for each in values}
    numbers = {key[0] for key in wanted} | (replace.series_ids if replace else set())
    _refuse_impossible(wanted.values(), _hold(numbers), timezone.localdate(at))
    if replace:
        for key in _given_before(reading.source, replace):
            wanted.setdefault(key, Value(*key, None))
    if not wanted:
        return Counts()
    held = _held({key[0] for key in wanted}, [key[3] for key in wanted])
    counts, written = _write(reading, wanted, held, at)
    _add_up(held, written)
    return counts


def _hold(numbers: Iterable[int]) -> dict[int, Series]:
    """Fetch the series; nobody else writes to them before the transaction ends."""
    rows = Series.objects.filter(pk__in=numbers).order_by("pk")
    return {each.pk: each for each in rows.select_for_update(no_key=True)}


def _refuse_impossible(values: Iterable[Value], series: dict[int, Series], today: date) -> None:
    for each in values:
        if each.day > today:
            raise ValuesRefusedError(
                gettext("%(day)s is still to come; only what was can be measured.")
                % {"day": date_format(each.day, "SHORT_DATE_FORMAT")}
            )
        if series[each.series_id].kind == Series.Kind.DERIVED:
            raise ValuesRefusedError(
                gettext("“%(series)s” is calculated; it is not entered or read.")
                % {"series": series[each.series_id]}
            )


def _given_before(source: str, scope: Scope) -> list[Key]:
    """Find what readings of a source have given in the days it reads again."""
    rows = Measurement.objects.filter(
        series__in=scope.series_ids,
        span=scope.span,
        day__range=(scope.first, scope.last),
        reading__source=source,
        value__isnull=False,
    )
    return list(rows.values_list("series", "channel", "span", "day"))


def _held(numbers: set[int], days: list[date]) -> dict[Key, Held]:
    """Fetch what is there of these series in the months of these days."""
    first, last = min(days).replace(day=1), last_of_month(max(days))
    rows = Measurement.objects.filter(series__in=numbers, day__range=(first, last))
    return {
        (series, channel, span, day): Held(pk, value)
        for series, channel, span, day, pk, value in rows.values_list(
            "series", "channel", "span", "day", "pk", "value"
        )
    }


def _write(
    reading: Reading, wanted: dict[Key, Value], held: dict[Key, Held], at: datetime
) -> tuple[Counts, dict[Key, Decimal | None]]:
    """Insert what is new and replace what differs; return what was written."""
    new = {k: each for k, each in wanted.items() if k not in held and each.value is not None}
    other = {k: each for k, each in wanted.items() if k in held and each.value != held[k].value}
    insert(
        [
            Measurement(
                series_id=each.series_id,
                channel_id=each.channel_id,
                span=each.span,
                day=each.day,
                value=each.value,
                reading_id=reading.pk,
                row=each.row,
                read_at=at,
            )
            for each in new.values()
        ]
    )
    _replace({held[key].pk: each for key, each in other.items()}, reading, at)
    gone = sum(each.value is None for each in other.values())
    counts = Counts(len(new), len(other) - gone, len(wanted) - len(new) - len(other), gone)
    return counts, {key: each.value for key, each in (new | other).items()}


def _replace(values: dict[int, Value], reading: Reading, at: datetime) -> None:
    """Put values in the place of others, which become earlier values."""
    for numbers in _batches(values):
        rows = list(Measurement.objects.filter(pk__in=numbers))
        insert(
            [
                EarlierValue(
                    measurement_id=row.pk,
                    value=row.value,
                    reading_id=row.reading_id,
                    row=row.row,
                    read_at=row.read_at,
                    replaced_at=at,
                )
                for row in rows
            ]
        )
        for row in rows:
            each = values[row.pk]
            row.value, row.row, row.read_at, row.reading_id = each.value, each.row, at, reading.pk
        write_fields(rows, ["value", "row", "read_at", "reading"])


def _add_up(held: dict[Key, Held], written: dict[Key, Decimal | None]) -> None:
    """Add up the months in which something was written."""
    touched = {(series, day.replace(day=1)) for series, _channel, _span, day in written}
    values = {key: each.value for key, each in held.items()} | written
    months: dict[tuple[int, int | None, date], MonthTotal] = {}
    for (series, channel, span, day), value in sorted(values.items(), key=lambda each: each[0][3]):
        month = day.replace(day=1)
        if value is None or (series, month) not in touched:
            continue
        total = months.setdefault(
            (series, channel, month),
            MonthTotal(series_id=series, channel_id=channel, month=month),
        )
        if span == Span.MONTH:
            total.given = value
        else:
            total.total = (total.total or 0) + value
            total.days += 1
            total.last_value, total.last_day = value, day
    by_series: dict[int, set[date]] = defaultdict(set)
    for series, month in touched:
        by_series[series].add(month)
    for series, of in by_series.items():
        MonthTotal.objects.filter(series=series, month__in=of).delete()
    insert(list(months.values()))


def _batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(numbers)
    while batch := list(islice(remaining, BATCH)):
        yield batch
