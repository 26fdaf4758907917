"""Writing figures out as the lists they come in: a row for each day, or months side by side.

What is written is read again as what it is: the titles are ones that the import takes for the same
series and channel, with the key beside a name that may be taken for another.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.utils.formats import date_format
from django.utils.translation import gettext

from files.spreadsheets import Sheet, safe_cell, write_workbook
from goals.models import Series
from kpi.lists import mapping, wording
from kpi.lists.around import Around, around_in
from kpi.lists.month_names import read_month
from kpi.lists.vocabulary import Vocabulary
from kpi.models import Channel, Measurement
from kpi.periods import Span

Row = list[object]


@dataclass(frozen=True)
class ListOut:
    """A list to be written; its rows are made as they are taken."""

    title: str
    headers: Row
    rows: Iterable[Row]


@dataclass(frozen=True)
class Names:
    """What series and channels are called in a list."""

    series: dict[int, str]
    channels: dict[int | None, str]

    @classmethod
    def now(cls) -> "Names":
        words = mapping.vocabulary()
        channels: dict[int | None, str] = {
            each.pk: _channel_name(each, words) for each in Channel.objects.all()
        }
        channels[None] = gettext("All channels")
        return cls({each.pk: _series_name(each, words) for each in Series.objects.all()}, channels)


def days(first: date, last: date) -> ListOut:
    """List what was measured by day: a row for each day and channel, a column for each series."""
    found = Measurement.objects.filter(
        span=Span.DAY, day__range=(first, last), value__isnull=False
    ).order_by()
    used = set(found.values_list("series", flat=True).distinct())
    series = [pk for pk in _ordered(Series) if pk in used]
    names = Names.now()
    values = found.order_by("day", "channel__position", "channel").values_list(
        "day", "channel", "series", "value"
    )
    return ListOut(
        gettext("Days"),
        [gettext("Date"), gettext("Channel"), *(names.series[pk] for pk in series)],
        _day_rows(values.iterator(chunk_size=5000), series, names),
    )


def _day_rows(
    values: Iterator[tuple[date, int | None, int, Decimal | None]], series: list[int], names: Names
) -> Iterator[Row]:
    for (day, channel), group in groupby(values, key=itemgetter(0, 1)):
        of_series = {number: value for _day, _channel, number, value in group}
        yield [day, names.channels[channel], *(of_series.get(number) for number in series)]


def months(first: date, last: date) -> ListOut:
    """List what was given for whole months: a row for each series and channel."""
    found = Measurement.objects.filter(
        span=Span.MONTH, day__range=(first.replace(day=1), last), value__isnull=False
    )
    names = Names.now()
    values = {
        (series, channel, day): value
        for series, channel, day, value in found.order_by(
            "series__position", "series", "channel__position", "channel"
        ).values_list("series", "channel", "day", "value")
    }
    columns = sorted({day for _series, _channel, day in values})
    rows = dict.fromkeys((series, channel) for series, channel, _day in values)
    return ListOut(
        gettext("Months"),
        [
            gettext("Indicator"),
            gettext("Channel"),
            *(date_format(day, "M Y") for day in columns),
        ],
        [
            [names.series[series], names.channels[channel]]
            + [values.get((series, channel, day)) for day in columns]
            for series, channel in rows
        ],
    )


def as_xlsx(lists: Iterable[ListOut]) -> bytes:
    return write_workbook([Sheet(each.title, each.headers, each.rows) for each in lists])


def as_csv(listed: ListOut) -> bytes:
    """Write a list that Excel opens with a double click: semicolons and decimal commas."""
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=";")
    writer.writerow(map(safe_cell, listed.headers))
    for row in listed.rows:
        writer.writerow(map(_text, row))
    return output.getvalue().encode("utf-8-sig")


def _text(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else safe_cell(value)


def _ordered(model: type[Series]) -> list[int]:
    return list(model.objects.values_list("pk", flat=True))


_OF_A_LIST = (
    wording.DAY_TITLES
    | wording.PERIOD_TITLES
    | wording.MONTH_TITLES
    | wording.YEAR_TITLES
    | wording.CHANNEL_TITLES
    | wording.SERIES_TITLES
    | wording.VALUE_TITLES
    | wording.BESIDE_TITLES
)


def _series_name(series: Series, words: Vocabulary) -> str:
    """Call a series by its name, unless an import would take that for something else."""
    name, meaning = str(series), words.read(str(series))
    is_clear = meaning.series == series.pk and meaning.channel is None
    is_of_a_list = wording.plain(name) in _OF_A_LIST or wording.is_sum(name)
    if is_clear and not is_of_a_list and around_in(name) == Around() and not read_month(name):
        return name
    return f"{name} [{series.key}]"


def _channel_name(channel: Channel, words: Vocabulary) -> str:
    name = str(channel)
    if mapping.suggested_channel(name, words) == str(channel.pk):
        return name
    return f"{name} [{channel.key}]"


WRITERS: dict[str, Callable[[date, date], ListOut]] = {"days": days, "months": months}
