"""What the property answers to a report: any of the dimensions and metrics it has, in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from integrations.ga4.reports import MOST_DIMENSIONS, MOST_METRICS, MOST_REPORTS

from .property import Property
from .visits import VISITS_A_USER, VISITS_A_USER_IN_ALL, Visits, visits_on

MOST_RANGES = 4
UNLIMITED = 10_000
MOST_ROWS = 250_000
INTEGER = 1
DIMENSIONS: dict[str, Callable[[Visits], str]] = {
    "date": lambda visits: f"{visits.day:%Y%m%d}",
    "sessionDefaultChannelGroup": lambda visits: visits.source.channel_group,
    "sessionSource": lambda visits: visits.source.source,
    "sessionMedium": lambda visits: visits.source.medium,
    "sessionSourceMedium": lambda visits: f"{visits.source.source} / {visits.source.medium}",
}
METRICS = ("sessions", "screenPageViews", "activeUsers", "totalUsers")
OF_SOURCES = ("sessionDefaultChannelGroup", "sessionSource", "sessionMedium", "sessionSourceMedium")


class RefusedError(Exception):
    """The request is wrong; the text is what the service says."""


@dataclass
class _Sum:
    """What the visits of one row add up to."""

    sessions: int = 0
    page_views: int = 0


def check_batch(requests: Iterable[Any]) -> None:
    if len(list(requests)) > MOST_REPORTS:
        raise RefusedError(f"A batch may have at most {MOST_REPORTS} requests.")


def answer(asked: Any, property_: Property) -> Any:
    """Answer one report. Raises RefusedError."""
    from google.analytics.data_v1beta import types

    dimensions = [each.name for each in asked.dimensions]
    metrics = [each.name for each in asked.metrics]
    _check(asked, dimensions, metrics)
    first, last = _days(asked, property_)
    rows = _ordered(asked, dimensions, _rows(dimensions, metrics, first, last, property_))
    limit = min(asked.limit or UNLIMITED, MOST_ROWS)
    shown = rows[asked.offset : asked.offset + limit]
    return types.RunReportResponse(
        dimension_headers=[types.DimensionHeader(name=name) for name in dimensions],
        metric_headers=[types.MetricHeader(name=name, type_=INTEGER) for name in metrics],
        rows=[_row(types, dimension_values, values) for dimension_values, values in shown],
        row_count=len(rows),
        metadata=_metadata(types, property_),
        property_quota=_quota(types, property_) if asked.return_property_quota else None,
        kind="analyticsData#runReport",
    )


def _check(asked: Any, dimensions: list[str], metrics: list[str]) -> None:
    if len(dimensions) > MOST_DIMENSIONS:
        raise RefusedError(f"Requests are limited to {MOST_DIMENSIONS} dimensions.")
    if len(metrics) > MOST_METRICS:
        raise RefusedError(f"Requests are limited to {MOST_METRICS} metrics.")
    if len(asked.date_ranges) > MOST_RANGES:
        raise RefusedError(f"Requests are limited to {MOST_RANGES} dateRanges.")
    for name in dimensions:
        if name not in DIMENSIONS:
            raise RefusedError(f"Field {name} is not a valid dimension.")
    for name in metrics:
        if name not in METRICS:
            raise RefusedError(f"Field {name} is not a valid metric.")
    if asked.limit > MOST_ROWS:
        raise RefusedError(f"The limit may be at most {MOST_ROWS}.")
    if len(asked.date_ranges) != 1 or asked.dimension_filter or asked.metric_filter:
        raise RefusedError("This sandbox answers one date range and no filter.")


def _days(asked: Any, property_: Property) -> tuple[date, date]:
    today, of = property_.present_day(), asked.date_ranges[0]
    first, last = _day(of.start_date, today), _day(of.end_date, today)
    if first > last:
        raise RefusedError("The startDate must not be after the endDate.")
    return first, last


def _day(text: str, today: date) -> date:
    if text in ("today", "yesterday"):
        return today - timedelta(days=text == "yesterday")
    if text.endswith("daysAgo") and text.removesuffix("daysAgo").isdecimal():
        return today - timedelta(days=int(text.removesuffix("daysAgo")))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RefusedError(f"{text!r} is no date of the form YYYY-MM-DD.") from None


def _rows(
    dimensions: list[str], metrics: list[str], first: date, last: date, property_: Property
) -> list[tuple[tuple[str, ...], list[str]]]:
    found: dict[tuple[str, ...], _Sum] = {}
    for visits in _visits(first, last, property_):
        key = tuple(DIMENSIONS[name](visits) for name in dimensions)
        into = found.setdefault(key, _Sum())
        into.sessions += round(visits.sessions * property_.factor)
        into.page_views += round(visits.page_views * property_.factor)
    of_sources = any(name in OF_SOURCES for name in dimensions)
    return [(key, _values(metrics, each, of_sources=of_sources)) for key, each in found.items()]


def _visits(first: date, last: date, property_: Property) -> Iterator[Visits]:
    today = property_.present_day()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day in property_.empty_days:
            continue
        for visits in visits_on(day, today):
            if visits.source.source not in property_.hidden_sources:
                yield visits


def _values(metrics: list[str], total: _Sum, *, of_sources: bool) -> list[str]:
    users = round(total.sessions / (VISITS_A_USER if of_sources else VISITS_A_USER_IN_ALL))
    values = {
        "sessions": total.sessions,
        "screenPageViews": total.page_views,
        "activeUsers": users,
        "totalUsers": users,
    }
    return [str(values[name]) for name in metrics]


def _ordered(
    asked: Any, dimensions: list[str], rows: list[tuple[tuple[str, ...], list[str]]]
) -> list[tuple[tuple[str, ...], list[str]]]:
    for order in reversed(asked.order_bys):
        name = order.dimension.dimension_name
        if name not in dimensions:
            raise RefusedError(f"The order is by {name}, which is not asked for.")
        place = dimensions.index(name)
        rows = sorted(rows, key=lambda row: row[0][place], reverse=order.desc)
    return rows


def _row(types: Any, dimension_values: tuple[str, ...], values: list[str]) -> Any:
    return types.Row(
        dimension_values=[types.DimensionValue(value=text) for text in dimension_values],
        metric_values=[types.MetricValue(value=text) for text in values],
    )


def _metadata(types: Any, property_: Property) -> Any:
    sampling = [types.SamplingMetadata(samples_read_count=500, sampling_space_size=2000)]
    return types.ResponseMetaData(
        currency_code="EUR",
        time_zone=property_.time_zone,
        subject_to_thresholding=property_.thresholded,
        data_loss_from_other_row=property_.other_row,
        sampling_metadatas=sampling if property_.sampled else [],
    )


def _quota(types: Any, property_: Property) -> Any:
    left = max(property_.tokens - property_.used, 0)
    status = types.QuotaStatus(consumed=1, remaining=left)
    return types.PropertyQuota(tokens_per_day=status, tokens_per_hour=status)
