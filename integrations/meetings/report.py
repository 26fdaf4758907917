"""An attendance report as rows, and its rows as people with the times they were there."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from integrations.meetings.dates import DayOrder, possible_orders, read_clock, read_moment
from integrations.meetings.intervals import Interval

_ANYBODY = re.compile(
    r"(?:.*\b(?:iphone|ipad|android|galaxy|samsung|huawei|xiaomi|redmi|macbook|laptop|desktop)\b.*"
    r"|(?:zoom|teams|meet|google)? ?(?:user|guest|lietotājs|viesis|participant)(?: ?\(?\d+\)?)?"
    r"|[\d\s+*()\-–]+)",
    re.IGNORECASE,
)


class Platform(StrEnum):
    ZOOM = "zoom"
    TEAMS = "teams"
    MEET = "meet"


@dataclass(frozen=True)
class ReportRow:
    """One joining of one person, times as they are written."""

    name: str
    joined: str
    left: str
    email: str = ""
    phone: str = ""
    codes: tuple[str, ...] = ()
    """What else the platform was told to know the person by."""

    seconds: int | None = None
    is_staff: bool = False


@dataclass(frozen=True)
class Report:
    """A report whose dates are still text, for they may be read in two ways."""

    platform: Platform
    rows: tuple[ReportRow, ...]

    @property
    def has_dates(self) -> bool:
        return not any(read_clock(row.joined) for row in self.rows)

    def day_orders(self) -> list[DayOrder]:
        """Return the readings that fit all dates; two that mean the same are one."""
        texts = {text for row in self.rows for text in (row.joined, row.left)}
        orders = possible_orders(texts)
        moments = [{read_moment(text, order) for text in texts} for order in orders]
        return orders[:1] if len(orders) == 2 and moments[0] == moments[1] else orders

    def first_moment(self, order: DayOrder) -> datetime:
        moments = (read_moment(row.joined, order) for row in self.rows)
        return min(moment for moment in moments if moment is not None)

    def first_day(self, order: DayOrder) -> date:
        return self.first_moment(order).date()


class NotAReportError(Exception):
    """Not a report of a platform known here."""


class NoTimesError(NotAReportError):
    """A report that does not say when people joined and left."""


@dataclass
class Attendee:
    """One person of a report; the times are those of the report's wall clock."""

    name: str
    email: str = ""
    phone: str = ""
    codes: tuple[str, ...] = ()
    is_staff: bool = False
    intervals: list[Interval] = field(default_factory=list)


def is_anybody(name: str) -> bool:
    """Say whether a name is a device or a place-holder, which two people may have in common."""
    return _ANYBODY.fullmatch(name.strip()) is not None


def attendees_of(report: Report, order: DayOrder, starts: datetime) -> list[Attendee]:
    """Gather the rows of each person; `starts` is the event's start by the same wall clock."""
    people: dict[tuple[str, ...], Attendee] = {}
    for number, row in enumerate(report.rows):
        key = row.email.casefold() or (
            f"#{number}" if is_anybody(row.name) else row.name.casefold()
        )
        person = people.setdefault(
            (key, *row.codes), Attendee(row.name, row.email, row.phone, row.codes)
        )
        person.is_staff = person.is_staff or row.is_staff
        person.intervals.append(_interval(row, order, starts))
    return list(people.values())


def _interval(row: ReportRow, order: DayOrder, starts: datetime) -> Interval:
    joined = read_moment(row.joined, order) or _nearest(row.joined, starts)
    left = read_moment(row.left, order)
    if left is None:
        left = datetime.combine(joined.date(), _clock(row.left))
        if left < joined:
            left += timedelta(days=1)
    return Interval(joined, left, row.seconds)


def _nearest(text: str, starts: datetime) -> datetime:
    """Put a time without a date on the day on which it is nearest to the start."""
    same_day = datetime.combine(starts.date(), _clock(text))
    days = (same_day + timedelta(days=shift) for shift in (-1, 0, 1))
    return min(days, key=lambda moment: abs(moment - starts))


def _clock(text: str) -> time:
    found = read_clock(text)
    if found is None:
        raise NoTimesError
    return found


Table = Sequence[Sequence[str]]
Reader = Callable[[Table], Iterable[ReportRow] | None]
"""Reads the rows of its own platform; None for another's table."""
