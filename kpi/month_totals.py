"""Adding up months as their measurements are written, so that nobody has to when reading."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal

from kpi.models import MonthTotal
from kpi.periods import Span, month_of
from people.rows import insert_columns

Month = tuple[int, date]
"""A series and the first day of a month."""


@dataclass(slots=True)
class Sum:
    """What a row of MonthTotal says."""

    total: Decimal | None = None
    days: int = 0
    last_value: Decimal | None = None
    last_day: date | None = None
    given: Decimal | None = None
    first_value: Decimal | None = None
    first_day: date | None = None

    def take(self, span: str, day: date, value: Decimal) -> None:
        if span == Span.MONTH:
            self.given = value
            return
        self.total = value if self.total is None else self.total + value
        self.days += 1
        if self.last_day is None or self.last_day < day:
            self.last_day, self.last_value = day, value
        if self.first_day is None or day < self.first_day:
            self.first_day, self.first_value = day, value


def add_up(
    values: Mapping[tuple[int, int | None, str, date], Decimal | None], touched: set[Month]
) -> None:
    """Write the totals of the months of `touched`, all of whose values are there."""
    sums: dict[tuple[int, int | None, date], Sum] = defaultdict(Sum)
    for (series, channel, span, day), value in values.items():
        month = month_of(day)
        if value is not None and (series, month) in touched:
            sums[series, channel, month].take(span, day, value)
    _forget(touched)
    if sums:
        names = [field.name for field in fields(Sum)]
        keys = zip(*sums, strict=True)
        columns = zip(*(astuple(each) for each in sums.values()), strict=True)
        insert_columns(
            MonthTotal,
            dict(zip(["series", "channel", "month", *names], [*keys, *columns], strict=True)),
        )


def _forget(months: Iterable[Month]) -> None:
    """Delete the totals of months, a statement for each series."""
    of: dict[int, list[date]] = defaultdict(list)
    for series, month in months:
        of[series].append(month)
    for series, these in of.items():
        MonthTotal.objects.filter(series=series, month__in=these).delete()
