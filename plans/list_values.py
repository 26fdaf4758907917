"""Read what people write into the cells of a plan: dates with Latvian months, money, numbers."""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext

from people.identity import folded
from plans.local_time import local_moment
from plans.models import Activity

USUAL_CLOCK = time(10)
"""When an activity begins whose cell names only a day."""

# By the first three letters, without marks: the same for every case of a Latvian month's name.
_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "mai": 5,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "okt": 10,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_CLOCK = re.compile(r"(?:^|[\s,T])(?:plkst\.?\s*)?(\d{1,2})[:.](\d{2})(?::\d{2})?\s*$")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})\.?")
_YEAR_FIRST = re.compile(r"(\d{4})\.?\s*(?:gada?\.?|g\.)?\s*(\d{1,2})\.?\s*([a-z]+)")
_DAY_FIRST = re.compile(r"(\d{1,2})\.?\s*([a-z]+)\.?,?\s*(\d{4})?\.?(?:\s*gada?|\s*g\.)?")


class ValueRefusedError(Exception):
    """A cell does not say what its column is for; the text tells the person why."""


def read_day(text: str, *, first: date, last: date) -> date:
    """Read a day; one without a year is meant to lie between `first` and `last`."""
    plain = folded(text).strip(" ,")
    if match := _ISO.fullmatch(plain):
        return _day(text, *map(int, match.groups()))
    if match := _DOTTED.fullmatch(plain):
        day, month, year = map(int, match.groups())
        return _day(text, year, month, day)
    if match := _YEAR_FIRST.fullmatch(plain):
        return _day(text, int(match[1]), _month(text, match[3]), int(match[2]))
    if match := _DAY_FIRST.fullmatch(plain):
        month, day = _month(text, match[2]), int(match[1])
        if match[3]:
            return _day(text, int(match[3]), month, day)
        return _in_period(text, month, day, first=first, last=last)
    raise _no_date(text)


def read_moment(text: str, *, first: date, last: date) -> tuple[datetime, bool]:
    """Read a moment by the clock in Riga, and whether its cell named a time of day."""
    clock = _CLOCK.search(text)
    day_text = text[: clock.start()] if clock else text
    if not clock or not day_text.strip():
        return local_moment(read_day(text, first=first, last=last), USUAL_CLOCK), False
    day = read_day(day_text, first=first, last=last)
    return local_moment(day, _time(text, clock)), True


def read_end(text: str, starts_at: datetime, *, first: date, last: date) -> datetime:
    """Read when something ends; a time of day alone means the day on which it starts."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock:
        return local_moment(timezone.localtime(starts_at).date(), _time(text, clock))
    moment, has_clock = read_moment(text, first=first, last=last)
    return moment if has_clock else local_moment(timezone.localtime(moment).date(), time(23, 59))


def _time(text: str, clock: re.Match[str]) -> time:
    try:
        return time(int(clock[1]), int(clock[2]))
    except ValueError:
        raise _no_date(text) from None


def _month(text: str, name: str) -> int:
    try:
        return _MONTHS[name[:3]]
    except KeyError:
        raise _no_date(text) from None


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_date(text) from None


def _in_period(text: str, month: int, day: int, *, first: date, last: date) -> date:
    for year in range(first.year, last.year + 1):
        found = _day(text, year, month, day)
        if first <= found <= last:
            return found
    return _day(text, first.year, month, day)


def _no_date(text: str) -> ValueRefusedError:
    sentence = gettext("“%(value)s” is not a date. Write it like 12.03.2026 18:00.")
    return ValueRefusedError(sentence % {"value": text})


def read_money(text: str) -> Decimal:
    """Read euros with a decimal comma or point, spaces or points between thousands."""
    plain = re.sub(r"[\s€]|eur", "", text, flags=re.IGNORECASE)
    if "," in plain and "." in plain:
        thousands = "." if plain.rfind(",") > plain.rfind(".") else ","
        plain = plain.replace(thousands, "")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+", plain):
        plain = plain.replace(".", "")
    try:
        amount = Decimal(plain.replace(",", ".")).quantize(Decimal("0.01"))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < 10**8:
        raise ValueRefusedError(gettext("“%(value)s” is not an amount.") % {"value": text})
    return amount


def read_count(text: str) -> int:
    plain = re.sub(r"\s", "", text).removesuffix(".0")
    if not plain.isdecimal() or len(plain) > 9:
        raise ValueRefusedError(gettext("“%(value)s” is not a whole number.") % {"value": text})
    return int(plain)


_KINDS = {
    Activity.Kind.FREE_WEBINAR: "bezmaksas vebinars|vebinars|free webinar|webinar",
    Activity.Kind.PAID_WEBINAR: "maksas vebinars|paid webinar",
    Activity.Kind.STUDY_PROGRAMME: "studiju programma|programma|study programme|programme",
    Activity.Kind.OPEN_DAY: "atverto durvju diena|add|open day",
    Activity.Kind.GUEST_LECTURE: "vieslekcija|guest lecture",
    Activity.Kind.CONFERENCE: "konference|conference",
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names.split("|")}


def read_kind(text: str) -> Activity.Kind:
    try:
        return _KIND_BY_NAME[" ".join(folded(text).split())]
    except KeyError:
        names = ", ".join(str(label) for label in Activity.Kind.labels)
        sentence = gettext("“%(value)s” is no kind of activity. There are: %(kinds)s.")
        raise ValueRefusedError(sentence % {"value": text, "kinds": names}) from None
