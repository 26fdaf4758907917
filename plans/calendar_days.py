"""The days of a month or a week, with what takes place on each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from plans.advertising import Advertised, advertised
from plans.holidays import DAY, holidays_between, is_weekend
from plans.linked import Carried, Turn, turns
from plans.local_time import local_day, local_moment
from plans.models import Activity, Publication

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Entry:
    """An activity on a day: its start, or one of its weekly repeats, or a day it goes on."""

    activity: Activity
    turn: Turn
    is_first: bool
    """Only the first can be moved: the others follow it."""


@dataclass
class Day:
    """A day with what is on it."""

    day: date
    is_inside: bool
    is_today: bool
    holiday: str = ""
    entries: list[Entry] = field(default_factory=list)
    publications: list[Advertised] = field(default_factory=list)
    more: int = 0
    """How many there are beside those that are drawn."""

    @property
    def is_free(self) -> bool:
        return bool(self.holiday) or is_weekend(self.day)

    @property
    def is_empty(self) -> bool:
        return not (self.entries or self.publications or self.holiday)

    def keep(self, most: int) -> None:
        """Draw no more than so many lines, activities before advertisements."""
        self.more = max(len(self.entries) + len(self.publications) - most, 0)
        self.entries = self.entries[:most]
        self.publications = self.publications[: most - len(self.entries)]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def month_after(month: date, count: int) -> date:
    """Give the first day of the month so many months later, or earlier."""
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """Give the moments between which the days from `first` to `last` lie."""
    return local_moment(first, time()), local_moment(last + DAY, time())


def weeks_of_month(month: date, today: date) -> list[list[Day]]:
    """Give whole weeks, Monday to Sunday, that cover a month."""
    first = monday_of(month)
    last = monday_of(month_after(month, 1) - DAY) + WEEK - DAY
    days = _days(first, last, today, lambda day: day.month == month.month)
    return [days[number : number + 7] for number in range(0, len(days), 7)]


def week_of(day: date, today: date) -> list[Day]:
    monday = monday_of(day)
    return _days(monday, monday + WEEK - DAY, today, lambda _day: True)


def _days(first: date, last: date, today: date, is_inside: Callable[[date], bool]) -> list[Day]:
    names = holidays_between(first, last)
    days = (first + DAY * number for number in range((last - first).days + 1))
    return [Day(day, is_inside(day), day == today, names.get(day, "")) for day in days]


def fill(
    days: Iterable[Day],
    activities: Iterable[Activity],
    publications: Iterable[Publication],
    events: Mapping[int, Sequence[Carried]],
) -> None:
    """Put activities and advertisements on their days, in the order of the clock."""
    by_day = {each.day: each for each in days}
    for activity in activities:
        for turn in turns(activity, events.get(activity.pk, ())):
            if day := by_day.get(local_day(turn.starts_at)):
                is_first = turn.planned_at == activity.starts_at
                day.entries.append(Entry(activity, turn, is_first))
    for each in advertised(publications, events):
        if day := by_day.get(local_day(each.publication.planned_at)):
            day.publications.append(each)
    for day in by_day.values():
        day.entries.sort(key=lambda entry: entry.turn.starts_at)
        day.publications.sort(key=lambda each: each.publication.planned_at)
