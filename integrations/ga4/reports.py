"""The reports we ask for, always the same ones, and what their rows become.

Users cannot be added up, neither over days nor over sources: each report has its own number of
them, and the days' totals come from a report without sources. Visits and page views can.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

MOST_DIMENSIONS, MOST_METRICS, MOST_REPORTS = 9, 10, 5
"""Limits of the service."""


@dataclass(frozen=True)
class Report:
    """What is asked for. A definition the service would refuse cannot be made."""

    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.dimensions) > MOST_DIMENSIONS or len(self.metrics) > MOST_METRICS:
            raise ValueError(
                f"A report has at most {MOST_DIMENSIONS} dimensions and {MOST_METRICS} metrics."
            )

    def request(self, first: date, last: date, *, offset: int, limit: int) -> dict[str, Any]:
        """Write the request; days are absolute, so that a repetition means the same ones."""
        return {
            "dimensions": [{"name": name} for name in self.dimensions],
            "metrics": [{"name": name} for name in self.metrics],
            "date_ranges": [{"start_date": first.isoformat(), "end_date": last.isoformat()}],
            # Without an order the pages of one answer may overlap.
            "order_bys": [{"dimension": {"dimension_name": name}} for name in self.dimensions],
            "offset": offset,
            "limit": limit,
            "return_property_quota": True,
        }


METRICS = ("sessions", "screenPageViews", "activeUsers")
BY_SOURCE = Report(
    ("date", "sessionDefaultChannelGroup", "sessionSource", "sessionMedium"), METRICS
)
TOTALS = Report(("date",), METRICS)


@dataclass(frozen=True)
class TotalDay:
    """A day of the whole website."""

    day: date
    sessions: int
    page_views: int
    users: int


@dataclass(frozen=True)
class SourceDay:
    """A day's visits from one source."""

    day: date
    channel_group: str
    source: str
    medium: str
    sessions: int
    page_views: int
    users: int


@dataclass(frozen=True)
class Flags:
    """What makes the numbers approximate."""

    thresholded: bool = False
    """Rows with few people may have been withheld."""

    other_row: bool = False
    """Rare sources were put together as "(other)"."""

    sampled: bool = False

    def __or__(self, other: Flags) -> Flags:
        return Flags(
            self.thresholded or other.thresholded,
            self.other_row or other.other_row,
            self.sampled or other.sampled,
        )


@dataclass(frozen=True)
class Daily:
    """What the property tells of some days; a day that is not in it had no visit."""

    rows: list[SourceDay]
    totals: list[TotalDay]
    flags: Flags
    time_zone: str
    """Whose days they are; empty where the service does not say."""

    quota: dict[str, tuple[int, int]] = field(default_factory=dict)
    """How much of each quota the last request cost, and how much is left."""


def source_days(rows: Iterable[dict[str, Any]]) -> list[SourceDay]:
    return [
        SourceDay(
            _day(row["date"]),
            row["sessionDefaultChannelGroup"],
            row["sessionSource"],
            row["sessionMedium"],
            *(row[name] for name in METRICS),
        )
        for row in rows
    ]


def total_days(rows: Iterable[dict[str, Any]]) -> list[TotalDay]:
    return [TotalDay(_day(row["date"]), *(row[name] for name in METRICS)) for row in rows]


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  # a day, not a moment
