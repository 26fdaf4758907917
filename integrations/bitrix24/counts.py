"""How many leads or deals came in, and how many were won, day by day and by their source.

Each count is a list of which only the total is wanted; fifty of them go in one request. A day is
asked for from its midnight to the next one, with the offset from UTC that each of the two has: on
the days of a clock change they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.lists import in_groups
from integrations.bitrix24.owners import OwnerKind
from integrations.bitrix24.system import CrmMode, mode

REQUEST = 50
"""Commands in a request."""

WON = "S"
"""Of a stage's semantics: ended well."""


class CountError(Exception):
    """The portal answered, but without the totals."""


class Days(NamedTuple):
    """Whole days, both included, in a time zone."""

    first: date
    last: date
    zone: tzinfo

    def each(self) -> Iterator[Days]:
        for number in range((self.last - self.first).days + 1):
            day = self.first + timedelta(number)
            yield Days(day, day, self.zone)

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last + timedelta(1), time(), self.zone)


@dataclass(frozen=True)
class What:
    """What is counted: the records that came in, or those that were won."""

    name: str
    moment: str
    """The field that says when."""

    semantic: str = ""

    def command(self, kind: OwnerKind, days: Days, source: str | None) -> Command:
        """Ask for the total; without a source, of all."""
        # From midnight to before midnight: a record of the last second is in one day only.
        conditions: dict[str, Any] = {f">={self.moment}": days.start, f"<{self.moment}": days.end}
        if self.semantic:
            conditions["=stageSemanticId"] = self.semantic
        if source is not None:
            conditions["=sourceId"] = source
        # start 0 and not -1: only then does the portal count.
        parameters = {"entityTypeId": kind, "filter": conditions, "select": ["id"], "start": 0}
        return Command("crm.item.list", parameters)


NEW = What("new", "createdTime")
CONVERTED = What("converted", "movedTime", WON)
"""On the day they came to the stage in which they are: who is won does not move on."""


class DayCount(NamedTuple):
    """How many of a day; without a source, of all sources and of none together."""

    what: What
    day: date
    source: str | None
    amount: int


def kind_that_comes_in(client: Bitrix24) -> OwnerKind:
    """Say what new interest is kept as: leads, or deals where the portal goes without leads."""
    return OwnerKind.DEAL if mode(client) == CrmMode.SIMPLE else OwnerKind.LEAD


def sources(client: Bitrix24) -> dict[str, str]:
    """Give the portal's own sources: their codes with their names, in its order."""
    command = Command(
        "crm.status.list", {"filter": {"ENTITY_ID": "SOURCE"}, "order": {"SORT": "ASC"}}
    )
    return {row["STATUS_ID"]: row["NAME"] for row in client.read(command).result}


def by_day(
    client: Bitrix24,
    kind: OwnerKind,
    days: Days,
    codes: Sequence[str],
    *,
    before_each: Callable[[], None] = lambda: None,
) -> list[DayCount]:
    """Count every day, in all and by source; `before_each` request a pause can be made.

    What has none in the whole stretch is not asked about day by day.
    """
    everything = [None, *codes]
    whole = [(what, days, code) for what in (NEW, CONVERTED) for code in everything]
    found = {
        (what, code): count
        for (what, _days, code), count in _totals(client, kind, whole, before_each)
    }
    asked = [
        (what, day, code)
        for what in (NEW, CONVERTED)
        for day in days.each()
        for code in everything
        if found[what, code]
    ]
    counts = [
        DayCount(what, day.first, code, count)
        for (what, day, code), count in _totals(client, kind, asked, before_each)
    ]
    none = [
        DayCount(what, day.first, code, 0)
        for (what, code), count in found.items()
        if not count
        for day in days.each()
    ]
    return counts + none


Question = tuple[What, Days, str | None]


def _totals(
    client: Bitrix24,
    kind: OwnerKind,
    questions: Iterable[Question],
    before_each: Callable[[], None],
) -> Iterator[tuple[Question, int]]:
    for group in in_groups(questions, REQUEST):
        before_each()
        commands = {
            f"count_{number}": what.command(kind, days, source)
            for number, (what, days, source) in enumerate(group)
        }
        answers = client.read_batch(commands)
        for question, answer in zip(group, answers.values(), strict=True):
            if answer.total is None:
                raise CountError("The portal gave no total with its list.")
            yield question, answer.total
