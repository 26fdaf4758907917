"""The visits of the home page over time, by Google's channel groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.db.models import Sum
from django.db.models.functions import Trunc
from django.utils.translation import gettext

from accounts.models import User
from goals.models import Series
from kpi import figures
from kpi.charts import Chart, Line
from kpi.models import Traffic
from kpi.periods import Period, Span
from kpi.traffic import told_days
from kpi.year_before import Entry, beside

MOST_GROUPS = 6
"""More lines than that cannot be told apart."""

SHORT, LONG = 62, 366


@dataclass(frozen=True)
class OfGroup:
    """The visits of a channel group, period by period; None: nobody has read the days."""

    name: str
    visits: list[Decimal | None]


@dataclass(frozen=True)
class OverTime:
    """The whole periods that have some of the days asked for."""

    series: Series
    together: list[Entry]
    groups: list[OfGroup]

    @property
    def rows(self) -> list[tuple[Entry, list[tuple[str, Decimal | None]]]]:
        """Give each period with all visits and those of each group, the newest first."""
        return [
            (entry, [(group.name, group.visits[at]) for group in self.groups])
            for at, entry in reversed(list(enumerate(self.together)))
        ]

    @property
    def chart(self) -> Chart:
        names = ", ".join(group.name for group in self.groups)
        return Chart(
            name=gettext("Visits by channel group"),
            periods=[entry.figure.period for entry in self.together],
            lines=[Line(group.name, group.visits, "part") for group in self.groups],
            description=gettext("Visits by channel group: %(groups)s.") % {"groups": names},
            is_flow=True,
            is_so_far=self.together[-1].figure.is_so_far,
        )


def usual_span(period: Period) -> Span:
    """Give how long the periods are if nobody says so: some dozens of them."""
    if period.length <= SHORT:
        return Span.DAY
    return Span.WEEK if period.length <= LONG else Span.MONTH


def over_time(period: Period, span: Span, user: User, today: date) -> OverTime:
    series = Series.objects.get(key="home_page_traffic")
    read = partial(figures.read, [series], today=today)
    found = read(span, period.first, period.last)
    together = beside(found, read, partial(figures.total, [series], today=today), today)[series.pk]
    return OverTime(series, together, _groups(together, span, user))


def _groups(together: Sequence[Entry], span: Span, user: User) -> list[OfGroup]:
    of = [entry.figure.period for entry in together]
    whole = Period(of[0].first, of[-1].last)
    rows = Traffic.objects.visible_to(user).between(whole.first, whole.last).order_by()
    sums = rows.annotate(since=Trunc("day", span)).values_list("channel_group", "since")
    by_group: dict[str, dict[date, int]] = {}
    for name, since, visits in sums.annotate(visits=Sum("sessions")):
        by_group.setdefault(name, {})[since] = visits
    read = _read_since(whole, span).union(*by_group.values())
    largest = sorted(by_group, key=lambda name: (-sum(by_group[name].values()), name))
    return [
        OfGroup(
            name,
            [
                Decimal(by_group[name].get(period.first, 0)) if period.first in read else None
                for period in of
            ],
        )
        for name in largest[:MOST_GROUPS]
    ]


def _read_since(whole: Period, span: Span) -> set[date]:
    """Give the first days of the periods in which Google told of visits."""
    since = told_days(whole).order_by().annotate(since=Trunc("day", span))
    return set(since.values_list("since", flat=True).distinct())
