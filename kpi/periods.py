"""Days, ISO weeks, months and years as Riga days, with their names in the language of the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)


class Span(models.TextChoices):
    """How long the periods of a chart or a table are."""

    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both of them in it; without a span they are any days."""

    first: date
    last: date
    span: Span | None = None

    def __str__(self) -> str:
        return self.label

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def days(self) -> Iterator[date]:
        for number in range(self.length):
            yield self.first + timedelta(days=number)

    @property
    def before(self) -> "Period":
        """Give the period just before; before any days, as many days."""
        yesterday = self.first - DAY
        if self.span:
            return period_of(self.span, yesterday)
        return Period(yesterday - timedelta(days=self.length - 1), yesterday)

    @property
    def year_before(self) -> "Period | None":
        """Give the same period a year before; None if that year had no week 53."""
        year = self.first.year - 1
        match self.span:
            case Span.WEEK:
                year, week, _day = self.first.isocalendar()
                try:
                    return period_of(Span.WEEK, date.fromisocalendar(year - 1, week, 1))
                except ValueError:
                    return None
            case Span.MONTH | Span.YEAR:
                return period_of(self.span, self.first.replace(year=year))
            case _:
                return Period(_a_year_before(self.first), _a_year_before(self.last), self.span)

    @property
    def label(self) -> str:
        """Name it whole, as a heading of a page or a line of a table does."""
        match self.span:
            case Span.DAY:
                return date_format(self.first, "SHORT_DATE_FORMAT")
            case Span.WEEK:
                year, week, _day = self.first.isocalendar()
                return gettext("Week %(week)s of %(year)s") % {"week": week, "year": year}
            case Span.MONTH:
                words = {"month": date_format(self.first, "F"), "year": self.first.year}
                return gettext("%(month)s %(year)s") % words
            case Span.YEAR:
                return pgettext("a year", "%(year)s") % {"year": self.first.year}
            case _:
                words = {
                    "first": date_format(self.first, "SHORT_DATE_FORMAT"),
                    "last": date_format(self.last, "SHORT_DATE_FORMAT"),
                }
                return gettext("%(first)s – %(last)s") % words

    @property
    def short_label(self) -> str:
        """Name it as briefly as the axis of a chart needs."""
        match self.span:
            case Span.WEEK:
                year, week, _day = self.first.isocalendar()
                return gettext("W%(week)s %(year)s") % {"week": week, "year": year}
            case Span.MONTH:
                return f"{self.first:%m.%Y}"
            case Span.YEAR:
                return f"{self.first:%Y}"
            case _:
                return f"{self.first:%d.%m.}"


def period_of(span: Span, day: date) -> Period:
    """Give the day, week, month or year that `day` is in."""
    match span:
        case Span.DAY:
            return Period(day, day, span)
        case Span.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Period(monday, monday + timedelta(days=6), span)
        case Span.MONTH:
            return Period(day.replace(day=1), last_of_month(day), span)
        case Span.YEAR:
            return Period(date(day.year, 1, 1), date(day.year, 12, 31), span)


def periods(span: Span, first: date, last: date) -> list[Period]:
    """Give the whole periods that have any of the days from `first` to `last`, in their order."""
    found, day = [], first
    while day <= last:
        period = period_of(span, day)
        found.append(period)
        day = period.last + DAY
    return found


def month_of(day: date) -> date:
    """Give the first day of the month."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    return next_month(day) - DAY


def next_month(day: date) -> date:
    """Give the first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(day: date) -> date:
    """Give the first day of the month before."""
    return (day.replace(day=1) - DAY).replace(day=1)


def _a_year_before(day: date) -> date:
    """Go back a year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
