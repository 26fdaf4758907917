"""Paging through tables of millions: from row to row, so no page counts or passes over all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)

NEWEST_FIRST = ("-pk",)


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list, and where the pages beside it begin."""

    rows: list[M]
    next: int | None
    """Give this as `after` for the next page; None on the last."""

    previous: int | None
    """Give this as `before` for the page before; None on the first."""


def page_of(
    rows: QuerySet[M],
    query: Mapping[str, str],
    size: int,
    *,
    order: Sequence[str] = NEWEST_FIRST,
    related: Sequence[str] = (),
) -> Page[M]:
    """Return the page behind the row `after`, or ahead of the row `before`, or the first.

    The last field of `order` is the number. What is shown of other tables is read for the page
    alone: with it in the search for the page, a database may begin at the wrong end.
    """
    after, before = _row(rows, query.get("after"), order), _row(rows, query.get("before"), order)
    if before is not None:
        backwards = _reversed(order)
        found = _numbers(rows.filter(_behind(backwards, before)), backwards, size)
        if not found:
            return page_of(rows, {}, size, order=order, related=related)
        shown, has_more = found[:size][::-1], len(found) > size
        return Page(_read(rows, shown, related), shown[-1], shown[0] if has_more else None)
    wanted = rows if after is None else rows.filter(_behind(order, after))
    found = _numbers(wanted, order, size)
    shown = found[:size]
    return Page(
        _read(rows, shown, related),
        next=shown[-1] if len(found) > size else None,
        previous=shown[0] if after is not None and shown else None,
    )


def _row(rows: QuerySet[M], number: str | None, order: Sequence[str]) -> "dict[str, object] | None":
    """Return what the list is ordered by, of the row with this number; None for nonsense."""
    if not number or not number.isdecimal() or len(number) > 18:
        return None
    names = [name.removeprefix("-") for name in order]
    return rows.model._default_manager.filter(pk=number).values(*names).first()


def _behind(order: Sequence[str], row: "dict[str, object]") -> Q:
    """Keep what stands behind a row: equal in the first fields, and further on in the next."""
    first = order[0].removeprefix("-")
    choices, equal = [], Q()
    for name in order:
        field = name.removeprefix("-")
        further = "lt" if name.startswith("-") else "gt"
        choices.append(equal & Q(**{f"{field}__{further}": row[field]}))
        equal &= Q(**{field: row[field]})
    # Said once more of the first field alone, so that an index is entered at the right place.
    bound = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{bound}": row[first]}) & reduce(or_, choices)


def _reversed(order: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _numbers(rows: QuerySet[M], order: Sequence[str], size: int) -> list[int]:
    """Find the page by numbers alone, of which an index has enough, and one row more."""
    return list(rows.order_by(*order).values_list("pk", flat=True)[: size + 1])


def _read(rows: QuerySet[M], numbers: list[int], related: Sequence[str]) -> list[M]:
    every = rows.model._default_manager.filter(pk__in=numbers).select_related(*related)
    by_number = {row.pk: row for row in every}
    return [by_number[number] for number in numbers if number in by_number]
