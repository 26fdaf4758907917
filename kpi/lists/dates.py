"""Read the days and months of a list, in Latvian, English and numbers, as people mix them.

A month without a year takes it from what stands around it: a title, the name of the sheet or file.
"""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext

from kpi.lists.around import Around
from kpi.lists.month_names import MONTH_NAME, MONTHS, YEAR_WORD, read_month
from kpi.lists.wording import plain
from kpi.periods import Span
from people.identity import folded

YEARS = range(2000, 2101)


class PeriodRefusedError(Exception):
    """Something like a date that names no day or month; the text tells the person why."""


class MissingYearError(PeriodRefusedError):
    """A month or a day whose year stands nowhere."""


class Order(StrEnum):
    """In which order day and month stand in dates with strokes."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class When(NamedTuple):
    """A day, or a month by its first day."""

    span: Span
    day: date


class Stroked(NamedTuple):
    """A date like 01/02/2026: which of the first two is the day, other dates of the list tell."""

    first: int
    second: int
    year: int

    @property
    def orders(self) -> frozenset[Order]:
        """Say in which orders this is a date."""
        found = set()
        if self.second <= 12:
            found.add(Order.DAY_FIRST)
        if self.first <= 12:
            found.add(Order.MONTH_FIRST)
        return frozenset(found)

    @property
    def is_plain(self) -> bool:
        return self.first == self.second

    def read(self, order: Order) -> When:
        day, month = (
            (self.first, self.second) if order == Order.DAY_FIRST else (self.second, self.first)
        )
        return day_of(self.year, month, day, f"{self.first}/{self.second}/{self.year}")


_WEEKDAY = re.compile(
    r"^(?:pirmdien|otrdien|tresdien|ceturtdien|piektdien|sestdien|svetdien)[a-z]*[\s,.]+"
    r"|^(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?[\s,.]+"
    r"|^(?:pk|sv|p|o|t|c|s)[.,]\s*"
)
_IN_BRACKETS = re.compile(r"\s*\(?\b(?:p|o|t|c|pk|s|sv|ot|tr|ce|pi|se|[a-z]+dien[a-z]*)\.?\)$")
_ISO = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})\.?(?:[t ]\d{1,2}:\d{2}(?::\d{2})?)?")
_DOTTED = re.compile(
    rf"(\d{{1,2}})([-.]) ?(\d{{1,2}})\2 ?(\d{{4}}|\d{{2}})\.?(?: ?{YEAR_WORD}\.?)?"
    r"(?: \d{1,2}:\d{2}(?::\d{2})?)?"
)
_STROKED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_NUMBER = re.compile(r"(\d{1,2})\.?")
_NO_YEAR = re.compile(r"(\d{1,2})\.(\d{1,2})\.?")

_DAY_WORDS = (
    re.compile(
        rf"(?P<day>\d{{1,2}}) (?P<name>{MONTH_NAME})(?: (?P<year>\d{{4}}))?(?: {YEAR_WORD})?"
    ),
    re.compile(rf"(?P<year>\d{{4}})(?: {YEAR_WORD})? (?P<day>\d{{1,2}}) (?P<name>{MONTH_NAME})"),
    re.compile(
        rf"(?P<name>{MONTH_NAME}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: (?P<year>\d{{4}}))?"
    ),
)
_MONTH_WORDS = (
    re.compile(
        rf"(?P<name>{MONTH_NAME})(?: (?P<year>\d{{4}}|\d{{2}}))?(?: {YEAR_WORD})?(?: men[a-z]*)?"
    ),
    re.compile(rf"(?P<year>\d{{4}})(?: {YEAR_WORD})? (?P<name>{MONTH_NAME})"),
)
_MONTH_NUMBERS = (
    re.compile(r"(?P<year>20\d{2})[-./ m](?P<month>\d{1,2})\.?"),
    re.compile(r"(?P<month>\d{1,2})[-./ ](?P<year>20\d{2})\.?"),
    re.compile(r"(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])"),
)
_MONTH_AND_YEAR = re.compile(rf"(?:{MONTH_NAME})\.?[-'’]\d{{2}}")
_EPOCH = date(1899, 12, 30)
_SERIALS = range(36526, 73051)  # 2000 to 2099, as spreadsheets count days


def read_period(cell: object, around: Around, *, as_month: bool = False) -> When | Stroked | None:
    """Read a cell that may name a day or a month; None where it names neither.

    `as_month` says that its column holds months: the 1st of January is then the whole January.
    """
    found = _read(cell, around, as_month=as_month)
    if not as_month:
        return found
    if isinstance(found, When):
        return When(Span.MONTH, found.day.replace(day=1))
    if found is None and (month := read_month(cell)):
        return month_of(around.year, month, str(cell))
    return found


def _read(cell: object, around: Around, *, as_month: bool) -> When | Stroked | None:
    if isinstance(cell, datetime):
        return When(Span.DAY, cell.date())
    if isinstance(cell, date):
        return When(Span.DAY, cell)
    if isinstance(cell, str):
        return read_text(cell, around, as_month=as_month) if len(cell) <= 60 else None
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell == int(cell):
        return _from_number(int(cell), around, as_month=as_month)
    return None


def _from_number(number: int, around: Around, *, as_month: bool) -> When | None:
    if match := _COMPACT.fullmatch(str(number)):
        return day_of(int(match[1]), int(match[2]), int(match[3]), str(number))
    if number in _SERIALS:
        return When(Span.DAY, _EPOCH + timedelta(days=number))
    if not as_month and around.month and 1 <= number <= 31:
        return day_of(_year(around.year, str(number)), around.month, number, str(number))
    return None


@lru_cache(maxsize=8192)
def read_text(text: str, around: Around, *, as_month: bool = False) -> When | Stroked | None:
    """Read a day or a month out of text."""
    written = " ".join(folded(text).split())
    if moment := _moment(written):
        return moment
    written = _IN_BRACKETS.sub("", _WEEKDAY.sub("", written)).strip(" ,")
    if as_month or _MONTH_AND_YEAR.fullmatch(written):
        # "mai 26" is May of 2026 here, and elsewhere a day.
        found = _month_in_words(written, text, around)
        return found or _numeric_day(written, text, around) or _day_in_words(written, text, around)
    return (
        _numeric_day(written, text, around)
        or _day_in_words(written, text, around)
        or _month_in_words(written, text, around)
    )


def _moment(written: str) -> When | None:
    """Read a moment with its distance from Greenwich: which day that was in Riga."""
    if "t" not in written or not written[:4].isdecimal():
        return None
    try:
        moment = datetime.fromisoformat(written.upper())
    except ValueError:
        return None
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return When(Span.DAY, moment.date())


def _numeric_day(written: str, text: str, around: Around) -> When | Stroked | None:
    if match := _ISO.fullmatch(written):
        return day_of(int(match[1]), int(match[3]), int(match[4]), text)
    if match := _DOTTED.fullmatch(written):
        return day_of(_century(match[4]), int(match[3]), int(match[1]), text)
    if match := _COMPACT.fullmatch(written):
        return day_of(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _STROKED.fullmatch(written):
        return _stroked(int(match[1]), int(match[2]), _century(match[3]), text)
    if written.isdecimal() and int(written) in _SERIALS:
        return When(Span.DAY, _EPOCH + timedelta(days=int(written)))
    if around.month and (match := _NUMBER.fullmatch(written)):
        return day_of(_year(around.year, text), around.month, int(match[1]), text)
    if match := _NO_YEAR.fullmatch(written):
        return day_of(_year(around.year, text), int(match[2]), int(match[1]), text)
    return None


def _stroked(first: int, second: int, year: int, text: str) -> When | Stroked:
    stroked = Stroked(first, second, year)
    if not stroked.orders:
        raise _no_day(text)
    return stroked.read(Order.DAY_FIRST) if stroked.is_plain else stroked


def _day_in_words(written: str, text: str, around: Around) -> When | None:
    words = plain(written)
    for pattern in _DAY_WORDS:
        if match := pattern.fullmatch(words):
            year = _year(int(match["year"]) if match["year"] else around.year, text)
            return day_of(year, MONTHS[match["name"]], int(match["day"]), text)
    return None


def _month_in_words(written: str, text: str, around: Around) -> When | None:
    for pattern in _MONTH_NUMBERS:
        if match := pattern.fullmatch(written):
            return month_of(int(match["year"]), int(match["month"]), text)
    words = plain(written)
    for pattern in _MONTH_WORDS:
        if match := pattern.fullmatch(words):
            year = _century(match["year"]) if match["year"] else around.year
            return month_of(year, MONTHS[match["name"]], text)
    return None


def day_of(year: int, month: int, day: int, text: str) -> When:
    try:
        found = date(year, month, day)
    except ValueError:
        raise _no_day(text) from None
    if year not in YEARS:
        raise _no_day(text)
    return When(Span.DAY, found)


def month_of(year: int | None, month: int, text: str) -> When:
    known = _year(year, text)
    if month not in range(1, 13) or known not in YEARS:
        sentence = gettext("“%(value)s” is no month there is.")
        raise PeriodRefusedError(sentence % {"value": text})
    return When(Span.MONTH, date(known, month, 1))


def _year(year: int | None, text: str) -> int:
    if year is None:
        sentence = gettext("The year of “%(value)s” stands nowhere in the list.")
        raise MissingYearError(sentence % {"value": text})
    return year


def _century(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _no_day(text: str) -> PeriodRefusedError:
    sentence = gettext("“%(value)s” is no day there is.")
    return PeriodRefusedError(sentence % {"value": text})
