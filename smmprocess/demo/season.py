"""The days of the story, counted from the day it is made: an intake runs, another is prepared."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from plans.holidays import is_holiday
from plans.local_time import local_day, local_moment
from plans.models import Intake

WEEKS_BEHIND, WEEKS_AHEAD = 11, 9
LENGTH = WEEKS_BEHIND + WEEKS_AHEAD + 1
"""How many weeks every intake of the story takes."""

MORNING, AFTERNOON = time(10, 20), time(15, 40)

LAST_OF_SPRING = 5
"""In the months up to May the spring intake runs, afterwards that of autumn."""

Season = Intake.Season


@dataclass(frozen=True)
class Span:
    """An intake's name and days, counted from the Monday in its middle."""

    year: int
    season: Intake.Season
    middle: date

    @property
    def begins_on(self) -> date:
        return self.middle - timedelta(weeks=WEEKS_BEHIND)

    @property
    def ends_on(self) -> date:
        return self.begins_on + timedelta(weeks=LENGTH, days=-1)

    def day(self, week: int, weekday: int) -> date:
        """Return a day so many weeks from the middle; a public holiday gives way to the next."""
        day = self.middle + timedelta(weeks=week, days=weekday)
        while is_holiday(day):
            day += timedelta(weeks=1)
        return day

    def at(self, week: int, weekday: int, clock: time) -> datetime:
        return local_moment(self.day(week, weekday), clock)

    def before(self, days: int, clock: time = MORNING) -> datetime:
        """Return a moment of the preparation, so many days before the intake begins."""
        return local_moment(self.begins_on - timedelta(days=days), clock)

    def following(self) -> "Span":
        year = self.year + (self.season == Season.AUTUMN)
        return Span(year, _other(self.season), self.middle + timedelta(weeks=LENGTH))

    def preceding(self) -> "Span":
        year = self.year - (self.season == Season.SPRING)
        return Span(year, _other(self.season), self.middle - timedelta(weeks=LENGTH))


def running(now: datetime) -> Span:
    """Return the intake that has run for eleven weeks and has nine more to go."""
    today = local_day(now)
    season = Season.SPRING if today.month <= LAST_OF_SPRING else Season.AUTUMN
    return Span(today.year, season, today - timedelta(days=today.weekday()))


def days_ago(now: datetime, days: int, clock: time = MORNING) -> datetime:
    """Return a moment of a working day's hours, some days before."""
    return local_moment(local_day(now) - timedelta(days=days), clock)


def _other(season: Intake.Season) -> Intake.Season:
    return Season.AUTUMN if season == Season.SPRING else Season.SPRING
