"""The page of traffic: where the visits of some days came from, paid ones apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext

from accounts.models import User
from kpi.export import Table
from kpi.models import Measurement, Traffic
from kpi.periods import Period, Span, period_of

SOURCES_SHOWN = 50


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

    @property
    def per_cent(self) -> Decimal:
        return Decimal(100 * self.sessions) / self.all_sessions if self.all_sessions else Decimal()


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


def read(period: Period, user: User, today: date) -> TrafficPage:
    """Read a period with four queries, however many sources there are."""
    rows = Traffic.objects.visible_to(user).between(period.first, period.last).order_by()
    networks = _summed(rows, "network")
    total = sum(row["visits"] for row in networks)
    labels = dict(Traffic.Network.choices)
    sources = _summed(rows, "source", "medium")
    shown = [_visits(row, row["source"], row["medium"], total) for row in sources[:SOURCES_SHOWN]]
    return TrafficPage(
        period=period,
        sessions=total,
        social=sum(row["visits"] for row in networks if row["network"]),
        paid_social=sum(r["visits"] for r in networks if r["network"] and r["is_paid"]),
        networks=[_visits(row, str(labels[row["network"]]), "", total) for row in networks],
        groups=[
            _visits(row, row["channel_group"], "", total) for row in _summed(rows, "channel_group")
        ],
        sources=shown,
        more_sources=len(sources) - len(shown),
        days_missing=_days_over(period, today) - _days_read(period),
    )


def _summed(rows: QuerySet[Traffic], *by: str) -> list[dict[str, Any]]:
    summed = rows.values(*by, "is_paid").annotate(visits=Sum("sessions"), views=Sum("page_views"))
    return list(summed.order_by("-visits", *by))


def _visits(row: dict[str, Any], name: str, detail: str, total: int) -> Visits:
    return Visits(name, detail, row["is_paid"], row["visits"], row["views"], total)


def _days_over(period: Period, today: date) -> int:
    last = min(period.last, today - timedelta(1))
    return max(0, (last - period.first).days + 1)


def _days_read(period: Period) -> int:
    """Count the days that were read; one without a visit has no row of traffic, but a nought."""
    return Measurement.objects.filter(
        series__key="home_page_traffic",
        channel=None,
        span=Span.DAY,
        day__range=(period.first, period.last),
        value__isnull=False,
        reading__source="ga4",
    ).count()


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
        ],
        rows=[
            [
                *(kind, each.name, each.detail, paid[each.is_paid]),
                *(each.sessions, each.page_views, round(each.per_cent, 1)),
            ]
            for kind, rows in kinds
            for each in rows
        ],
    )
