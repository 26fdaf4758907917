"""Paging through a ledger of millions: older and newer by id, so no page counts all rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class AgePage(Generic[M]):
    """One page, newest first, and where the pages beside it begin."""

    rows: list[M]
    older: int | None
    """Give this as `before` for the next page; None on the last."""

    newer: int | None
    """Give this as `after` for the page before; None on the first."""


def by_age(rows: QuerySet[M], query: Mapping[str, str], size: int) -> AgePage[M]:
    """Return the page that `before` or `after` in the query names, or the newest."""
    after, before = _number(query.get("after")), _number(query.get("before"))
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        has_newer, page = len(found) > size, found[:size][::-1]
        if not page:
            return by_age(rows, {}, size)
        return AgePage(page, older=page[-1].pk, newer=page[0].pk if has_newer else None)
    wanted = rows if before is None else rows.filter(pk__lt=before)
    found = list(wanted.order_by("-pk")[: size + 1])
    page = found[:size]
    return AgePage(
        page,
        older=page[-1].pk if len(found) > size else None,
        newer=page[0].pk if before is not None and page else None,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
