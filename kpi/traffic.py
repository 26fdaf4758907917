"""The page of traffic: where the visits of some days came from, paid ones apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext

from accounts.models import User
from kpi.export import Table
from kpi.models import Measurement, Traffic
from kpi.periods import DAY, Period, Span, period_of

SOURCES_SHOWN = 50
NETWORK, GROUP, SOURCE = ("network",), ("channel_group",), ("source", "medium")


def usual(today: date) -> list[tuple[str, Period]]:
    """Give the stretches of time that are looked at most."""
    month, year = period_of(Span.MONTH, today), period_of(Span.YEAR, today)
    return [
        (gettext("This month"), Period(month.first, month.last)),
        (gettext("The month before"), Period(month.before.first, month.before.last)),
        (gettext("This year"), Period(year.first, year.last)),
        (gettext("The year before"), Period(year.before.first, year.before.last)),
    ]


@dataclass(frozen=True)
class Visits:
    """Where some visits came from; a paid and an unpaid part of the same network are two."""

    name: str
    detail: str
    is_paid: bool
    sessions: int
    page_views: int
    all_sessions: int
    before: int | None
    """On the same days of the year before; None: nobody has read them."""

    @property
    def per_cent(self) -> Decimal:
        return Decimal(100 * self.sessions) / self.all_sessions if self.all_sessions else Decimal()


@dataclass(frozen=True)
class Before:
    """The visits of the same days a year before, of a running period of those that are over."""

    period: Period | None
    days_read: int = 0
    visits: Counter[tuple[object, ...]] = field(default_factory=Counter)
    """By what they are grouped by, and whether they were paid for."""

    sessions: int = 0

    def of(self, *place: object) -> int | None:
        return self.visits[place] if self.days_read else None

    @property
    def days_missing(self) -> int:
        return self.period.length - self.days_read if self.period else 0


@dataclass(frozen=True)
class TrafficPage:
    period: Period
    sessions: int
    social: int
    paid_social: int
    networks: Sequence[Visits]
    groups: Sequence[Visits]
    sources: Sequence[Visits]
    more_sources: int
    """How many sources with fewer visits are not shown."""

    days_missing: int
    """How many days that are over have not been read."""

    before: Before


def read(period: Period, user: User, today: date) -> TrafficPage:
    """Read a period and a year before, with eight queries, however many sources there are."""
    rows = _between(period, user)
    before = _before(period, user, today)
    networks = _summed(rows, *NETWORK)
    total = sum(row["visits"] for row in networks)
    labels = dict(Traffic.Network.choices)
    sources = _summed(rows, *SOURCE)
    shown = [
        _visits(row, row["source"], row["medium"], total, before.of(*_place(row, SOURCE)))
        for row in sources[:SOURCES_SHOWN]
    ]
    return TrafficPage(
        period=period,
        sessions=total,
        social=sum(row["visits"] for row in networks if row["network"]),
        paid_social=sum(r["visits"] for r in networks if r["network"] and r["is_paid"]),
        networks=[
            _visits(row, str(labels[row["network"]]), "", total, before.of(*_place(row, NETWORK)))
            for row in networks
        ],
        groups=[
            _visits(row, row["channel_group"], "", total, before.of(*_place(row, GROUP)))
            for row in _summed(rows, *GROUP)
        ],
        sources=shown,
        more_sources=len(sources) - len(shown),
        days_missing=_days_over(period, today) - told_days(period).count(),
        before=before,
    )


def _between(period: Period, user: User) -> QuerySet[Traffic]:
    return Traffic.objects.visible_to(user).between(period.first, period.last).order_by()


def _before(period: Period, user: User, today: date) -> Before:
    over = Period(period.first, min(period.last, today - DAY))
    earlier = over.year_before if over.first <= over.last else None
    if earlier is None:
        return Before(None)
    rows = _between(earlier, user)
    visits: Counter[tuple[object, ...]] = Counter()
    for by in (NETWORK, GROUP, SOURCE):
        for row in _summed(rows, *by):
            visits[_place(row, by)] += row["visits"]
    sessions = sum(count for place, count in visits.items() if place[0] is NETWORK)
    return Before(earlier, told_days(earlier).count(), visits, sessions)


def _place(row: dict[str, Any], by: tuple[str, ...]) -> tuple[object, ...]:
    return (by, *(row[name] for name in by), row["is_paid"])


def _summed(rows: QuerySet[Traffic], *by: str) -> list[dict[str, Any]]:
    summed = rows.values(*by, "is_paid").annotate(visits=Sum("sessions"), views=Sum("page_views"))
    return list(summed.order_by("-visits", *by))


def _visits(row: dict[str, Any], name: str, detail: str, total: int, before: int | None) -> Visits:
    return Visits(name, detail, row["is_paid"], row["visits"], row["views"], total, before)


def _days_over(period: Period, today: date) -> int:
    last = min(period.last, today - DAY)
    return max(0, (last - period.first).days + 1)


def told_days(period: Period) -> QuerySet[Measurement]:
    """Give the days of whose visits Google told, be it that of none.

    A day without a visit has no row of traffic, but a nought here. What a list says of all visits
    tells nothing of where they came from.
    """
    return Measurement.objects.filter(
        series__key="home_page_traffic",
        channel=None,
        span=Span.DAY,
        day__range=(period.first, period.last),
        value__isnull=False,
        reading__source="ga4",
    )


def table(page: TrafficPage) -> Table:
    """Give the page as rows for a file."""
    kinds = (
        (gettext("Social networks"), page.networks),
        (gettext("Channel groups"), page.groups),
        (gettext("Sources"), page.sources),
    )
    paid = {True: gettext("yes"), False: gettext("no")}
    return Table(
        title=gettext("Traffic to the home page"),
        filters=[(gettext("Period"), page.period.label)],
        headers=[
            *(gettext("Grouped by"), gettext("Name"), gettext("Medium"), gettext("Paid for")),
            *(gettext("Visits"), gettext("Page views"), gettext("Share, %")),
            gettext("Visits a year before"),
        ],
        rows=[
            [
                *(kind, each.name, each.detail, paid[each.is_paid]),
                *(each.sessions, each.page_views, round(each.per_cent, 1)),
                gettext("no data") if each.before is None else each.before,
            ]
            for kind, rows in kinds
            for each in rows
        ],
    )
