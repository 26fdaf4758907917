"""Writing measurements: set-wise, as often as one likes, never losing what was there before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from goals.models import Series
from kpi.models import EarlierValue, Measurement, Reading
from kpi.month_totals import add_up
from kpi.periods import Span, last_of_month, month_of
from people.rows import insert_columns, write_columns

BATCH = 20_000
"""So many values are held in memory, however many are written."""

CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 14

T = TypeVar("T")


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


Key = tuple[int, int | None, str, date]
"""What there is one measurement of: series, channel, span, day."""


class Held(NamedTuple):
    """What is in the database already."""

    pk: int
    value: Decimal | None


class Standing(NamedTuple):
    """What a measurement is from now on, and where that comes from."""

    value: Decimal | None
    row: int | None
    reading_id: int
    read_at: datetime


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

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.new + other.new,
            self.changed + other.changed,
            self.same + other.same,
            self.gone + other.gone,
        )


@transaction.atomic
def write(
    reading: Reading, values: Iterable[Value], *, at: datetime, replace: Scope | None = None
) -> Counts:
    """Write the values; what they replace is kept, and their months are added up again.

    Of several values for the same day the last one holds. What a person typed in is replaced by
    a source only when the source has another number than the one the person corrected. With
    `replace`, what the same source gave before in its days, and does not give now, is taken back.
    """
    counts, series = Counts(), hold_series()
    given_before = _given_before(reading.source, replace) if replace else set()
    for batch in _batches(values, BATCH):
        wanted = _checked(batch, series, timezone.localdate(at))
        given_before -= wanted.keys()
        counts += _write_batch(reading, wanted, at)
    for keys in _batches(given_before, BATCH):
        counts += _write_batch(reading, {key: Value(*key, None) for key in keys}, at)
    return counts


@transaction.atomic
def put_back(earlier: Iterable[int], *, at: datetime) -> int:
    """Let measurements be again what these earlier values say, with the source they came from.

    What they are now becomes an earlier value. Returns how many were put back.
    """
    hold_series()
    return sum(_put_back_batch(numbers, at) for numbers in _batches(earlier, BATCH))


def hold_series() -> dict[int, Series]:
    """Lock all series until the transaction ends, so that nobody else writes in between."""
    locked = Series.objects.order_by("pk").select_for_update(no_key=True)
    return {each.pk: each for each in locked}


def _checked(values: Iterable[Value], series: dict[int, Series], today: date) -> dict[Key, Value]:
    """Give the last value of each day as it will be kept; refuse what cannot be a measurement."""
    derived = {number for number, each in series.items() if each.kind == Series.Kind.DERIVED}
    checked: dict[Key, Value] = {}
    for each in values:
        number, channel, span, day, value, _row = each
        if day > today:
            raise ValuesRefusedError(
                gettext("%(day)s is still to come; only what was can be measured.")
                % {"day": date_format(day, "SHORT_DATE_FORMAT")}
            )
        if number in derived:
            raise ValuesRefusedError(
                gettext("“%(series)s” is calculated; it is not entered or read.")
                % {"series": series[number]}
            )
        if value is not None:
            if not (value.is_finite() and -LIMIT < value < LIMIT):
                raise ValuesRefusedError(gettext("%(value)s is too large.") % {"value": value})
            kept = value.quantize(CENT, ROUND_HALF_UP)
            each = each if kept == value else each._replace(value=kept)
        checked[number, channel, span, day] = each
    return checked


def _given_before(source: str, scope: Scope) -> set[Key]:
    """Find what readings of a source have given in the days it reads again."""
    rows = Measurement.objects.filter(
        series__in=scope.series_ids,
        span=scope.span,
        day__range=(scope.first, scope.last),
        reading__source=source,
        value__isnull=False,
    )
    return set(rows.values_list("series", "channel", "span", "day"))


def _write_batch(reading: Reading, wanted: dict[Key, Value], at: datetime) -> Counts:
    held = _held(wanted)
    new = {k: each for k, each in wanted.items() if k not in held and each.value is not None}
    other = {k: each for k, each in wanted.items() if k in held and each.value != held[k].value}
    if reading.is_automatic:
        other = _without_corrected(reading.source, other, held)
    _insert(reading, list(new.values()), at)
    replacing = {
        held[key].pk: Standing(each.value, each.row, reading.pk, at) for key, each in other.items()
    }
    _replace(replacing, at)
    _add_up(held, new | other)
    gone = sum(each.value is None for each in other.values())
    return Counts(len(new), len(other) - gone, len(wanted) - len(new) - len(other), gone)


def _put_back_batch(numbers: list[int], at: datetime) -> int:
    of = [f"measurement__{name}" for name in ("series", "channel", "span", "day")]
    rows = EarlierValue.objects.filter(pk__in=numbers)
    keys: dict[int, Key] = {}
    standing: dict[int, Standing] = {}
    for number, *before in rows.values_list("measurement", *of, *Standing._fields):
        series, channel, span, day, value, row, reading, read_at = before
        keys[number] = (series, channel, span, day)
        standing[number] = Standing(value, row, reading, read_at)
    written = {keys[number]: Value(*keys[number], each.value) for number, each in standing.items()}
    held = _held(written)
    _replace(standing, at)
    _add_up(held, written)
    return len(standing)


def _held(wanted: dict[Key, Value]) -> dict[Key, Held]:
    """Fetch what is there of these series in the months of these days."""
    series, days = {key[0] for key in wanted}, [key[3] for key in wanted]
    months = (month_of(min(days)), last_of_month(max(days)))
    rows = Measurement.objects.filter(series__in=series, day__range=months)
    found = rows.values_list("series", "channel", "span", "day", "pk", "value")
    return {
        (number, channel, span, day): Held(pk, value)
        for number, channel, span, day, pk, value in found.iterator()
    }


def _without_corrected(
    source: str, values: dict[Key, Value], held: dict[Key, Held]
) -> dict[Key, Value]:
    """Leave out what a person corrected, where the source says what it said before that."""
    keys = {held[key].pk: key for key in values}
    said: dict[Key, Decimal | None] = {}
    for numbers in _batches(keys, BATCH):
        earlier = EarlierValue.objects.filter(
            measurement__in=numbers,
            measurement__reading__source=Reading.HAND,
            reading__source=source,
        )
        newest_last = earlier.order_by("replaced_at", "pk").values_list("measurement", "value")
        said |= {keys[number]: value for number, value in newest_last}
    return {key: each for key, each in values.items() if key not in said or said[key] != each.value}


def _insert(reading: Reading, values: list[Value], at: datetime) -> None:
    if values:
        series, channels, spans, days, amounts, rows = zip(*values, strict=True)
        columns = {
            "series": series,
            "channel": channels,
            "span": spans,
            "day": days,
            "value": amounts,
            "reading": [reading.pk] * len(values),
            "row": rows,
            "read_at": [at] * len(values),
        }
        insert_columns(Measurement, columns)


def _replace(fresh: dict[int, Standing], at: datetime) -> None:
    """Let measurements be something else; what they were becomes an earlier value."""
    if not fresh:
        return
    fields = ("pk", *Standing._fields)
    rows = Measurement.objects.filter(pk__in=fresh).values_list(*fields)
    numbers, *were = zip(*rows, strict=True)
    replaced_at = [at] * len(numbers)
    insert_columns(
        EarlierValue, {"measurement": numbers, **_columns(were), "replaced_at": replaced_at}
    )
    becoming = zip(*(fresh[number] for number in numbers), strict=True)
    write_columns(Measurement, numbers, _columns(becoming))


def _columns(of: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Name the columns of what measurements are as the rows of the database do."""
    return dict(zip(("value", "row", "reading", "read_at"), of, strict=True))


def _add_up(held: dict[Key, Held], written: dict[Key, Value]) -> None:
    """Add up the months in which something was written."""
    values = {key: each.value for key, each in held.items()}
    values |= {key: each.value for key, each in written.items()}
    add_up(values, {(key[0], month_of(key[3])) for key in written})


def _batches(each: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(each)
    while batch := list(islice(remaining, size)):
        yield batch
