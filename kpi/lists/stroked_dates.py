"""Dates like 01/02/2026: which of the two numbers is the day, the others of their sheet tell."""

from collections.abc import Sequence

from django.utils.translation import gettext

from files.list_files import Row
from kpi.lists.blocks_down import DownBlock
from kpi.lists.dates import Order, Stroked
from kpi.lists.found import Found, Problem
from kpi.lists.layout import text_of

StrokedRow = tuple[DownBlock, int, Row, Stroked]


def read_stroked(rows: Sequence[StrokedRow], found: Found, said: Order | None) -> None:
    """Read all such rows of a sheet in the one order possible, or as a person has `said`."""
    if not rows:
        return
    orders = frozenset(Order)
    for _block, _number, _cells, stroked in rows:
        orders &= stroked.orders
    order = said if len(orders) != 1 else next(iter(orders))
    found.order = order
    found.needs_order |= order is None
    _tell_order(found, order)
    for block, number, cells, stroked in rows:
        if order is None or order not in stroked.orders:
            _refuse(found, block, number, cells, has_order=order is not None)
        else:
            block.take_at(stroked.read(order), number, cells)


def _tell_order(found: Found, order: Order | None) -> None:
    if order == Order.DAY_FIRST:
        found.notice(gettext("Dates like 01/02/2026 are read with the day first."))
    elif order == Order.MONTH_FIRST:
        found.notice(gettext("Dates like 01/02/2026 are read with the month first."))


def _refuse(found: Found, block: DownBlock, number: int, cells: Row, *, has_order: bool) -> None:
    value = text_of(cells[block.layout.period or 0])
    if has_order:
        sentence = gettext("“%(value)s” is no day there is.")
    else:
        sentence = gettext(
            "“%(value)s” may be two days: say whether the day or the month comes first."
        )
    found.problems.append(Problem(block.sheet, number, "", value, sentence % {"value": value}))
