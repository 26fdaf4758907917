"""Answers of the Data API as plain values: every number comes as text, and by its header's name."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from integrations.ga4.reports import Flags

INTEGER = 1
DECIMALS = (2, 4, 9)
"""MetricType: TYPE_INTEGER; TYPE_FLOAT, TYPE_SECONDS, TYPE_CURRENCY."""

QUOTAS = (
    "tokens_per_day",
    "tokens_per_hour",
    "tokens_per_project_per_hour",
    "concurrent_requests",
    "server_errors_per_project_per_hour",
    "potentially_thresholded_requests_per_hour",
)


def rows_of(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows of a report by the names of their columns, whatever their order is."""
    dimensions = [header.name for header in answer.dimension_headers]
    metrics = [(header.name, int(header.type_)) for header in answer.metric_headers]
    for row in answer.rows:
        texts = (each.value for each in row.dimension_values)
        numbers = (each.value for each in row.metric_values)
        yield {
            **dict(zip(dimensions, texts, strict=True)),
            **{
                name: _number(text, kind)
                for (name, kind), text in zip(metrics, numbers, strict=True)
            },
        }


def _number(text: str, kind: int) -> int | Decimal | str:
    if kind == INTEGER:
        return int(text)
    return Decimal(text) if kind in DECIMALS else text


def flags_of(answer: Any) -> Flags:
    said = answer.metadata
    return Flags(
        thresholded=bool(said.subject_to_thresholding),
        other_row=bool(said.data_loss_from_other_row),
        sampled=bool(said.sampling_metadatas),
    )


def time_zone_of(answer: Any) -> str:
    return str(answer.metadata.time_zone)


def quota_of(answer: Any) -> dict[str, tuple[int, int]]:
    """Give what the request cost of each quota and what is left; nothing if it does not say."""
    if "property_quota" not in answer:
        return {}
    return {
        name: (int(status.consumed), int(status.remaining))
        for name in QUOTAS
        if name in answer.property_quota
        for status in [getattr(answer.property_quota, name)]
    }
