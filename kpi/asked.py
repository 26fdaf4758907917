"""What a page of figures was asked for in its address; nonsense gives what is usual."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import QueryDict
from django.utils.dateparse import parse_date

from kpi.models import Channel
from kpi.periods import Period, Span, period_of

USUAL = {
    Span.DAY: timedelta(days=59),
    Span.WEEK: timedelta(weeks=25),
    Span.MONTH: timedelta(days=365),
    Span.YEAR: timedelta(days=4 * 365),
}
LONGEST = 20 * 366
"""So many days at most are shown at once."""

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Asked:
    """How long the periods are, from when to when, and of which channel."""

    span: Span
    first: date
    last: date
    channel: Channel | None = None

    @property
    def channel_number(self) -> int | None:
        return self.channel.pk if self.channel else None

    @property
    def period(self) -> Period:
        """Give the days as one period: the day, week, month or year, where they are a whole one."""
        whole = period_of(self.span, self.first)
        is_whole = (whole.first, whole.last) == (self.first, self.last)
        return whole if is_whole else Period(self.first, self.last)

    def __str__(self) -> str:
        return Period(self.first, self.last).label


def asked_in(query: QueryDict, today: date, *, usual: Span = Span.WEEK) -> Asked:
    span = span_in(query, usual=usual)
    last = day_in(query, "last") or today
    first = day_in(query, "first") or last - USUAL[span]
    if not 0 <= (last - first).days <= LONGEST:
        first = last - USUAL[span]
    channel = Channel.objects.filter(key=query.get("channel", "")).first()
    return Asked(span, first, last, channel)


def span_in(query: QueryDict, *, usual: Span) -> Span:
    wanted = query.get("span", "")
    return Span(wanted) if wanted in Span.values else usual


def day_in(query: QueryDict, name: str) -> date | None:
    """Read a day of the address; None where it is none."""
    try:
        day = parse_date(query.get(name, ""))
    except ValueError:
        return None
    return day if day and EARLIEST <= day <= LATEST else None
