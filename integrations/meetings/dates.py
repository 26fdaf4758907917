"""Dates, times and durations as the reports of meetings write them, in several languages."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache


class DayOrder(StrEnum):
    """What 03/02/26 means."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb",
            "mar",
            "apr",
            "may mai",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct okt",
            "nov",
            "dec",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:\.\d+)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?|prieksp\w*\.?|pecp\w*\.?)?(?P<zulu>z)?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})\.?")
_NUMBERS = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d{2})\.?")
_MONTH_DAY = re.compile(r"([a-z]{3,})\.? (\d{1,2}),? (\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})\.? ([a-z]{3,})\.?,? (\d{4})")
_PIECE = re.compile(r"(\d+)\s*([^\W\d_]+)\.?\s*")
_HOURS_MINUTES_SECONDS = re.compile(r"(\d{1,3}):(\d{2}):(\d{2})")


def _plain(text: str) -> str:
    """Write small letters without marks and with ordinary blanks."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(each for each in parts if not unicodedata.combining(each))
    return " ".join(letters.replace("\u200e", "").split())


def read_clock(text: str) -> time | None:
    """Read a time without a date, such as 23:50 or 11:50 PM."""
    found = _CLOCK.fullmatch(_plain(text))
    return _time(found) if found else None


@lru_cache(maxsize=20_000)
def read_moment(text: str, order: DayOrder) -> datetime | None:
    """Read a date with a time, as the wall clock of the report shows it."""
    plain = _plain(text)
    clock = _CLOCK.search(plain)
    if clock is None or clock.start() == 0:
        return None
    found, day = _time(clock), _day(plain[: clock.start()].rstrip(" ,t"), order)
    return datetime.combine(day, found) if day and found else None


def possible_orders(texts: Iterable[str]) -> list[DayOrder]:
    """Return the readings in which each of these is a date."""
    kept = list(dict.fromkeys(texts))
    return [order for order in DayOrder if kept and all(read_moment(text, order) for text in kept)]


def read_duration(text: str) -> int | None:
    """Read seconds from "1h 13m 42s", "1 hr 2 min", "1 st. 2 min." or 01:02:03."""
    plain = _plain(text)
    if found := _HOURS_MINUTES_SECONDS.fullmatch(plain):
        return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    pieces = list(_PIECE.finditer(plain))
    if not pieces or "".join(piece[0] for piece in pieces) != plain:
        return None
    units = [_unit(piece[2]) for piece in pieces]
    if 0 in units:
        return None
    return sum(int(piece[1]) * unit for piece, unit in zip(pieces, units, strict=True))


def _unit(word: str) -> int:
    """Return the seconds of a unit: h, hr, st (Latvian), godz (Polish); m, min; s, sec, sek."""
    if word.startswith(("h", "st", "godz", "ч")):
        return 3600
    if word.startswith(("m", "м")):
        return 60
    return 1 if word.startswith(("s", "с")) else 0


def _time(found: re.Match[str]) -> time | None:
    hour, half = int(found["hour"]), found["half"]
    if half:
        hour = hour % 12 + (12 if half.startswith(("pm", "p.", "p m", "pec")) else 0)
    try:
        return time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None


def _day(text: str, order: DayOrder) -> date | None:
    """Read a date; with dots the day always comes first."""
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMBERS.fullmatch(text):
            first, second = int(found[1]), int(found[3])
            year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
            if found[2] == "." or order is DayOrder.DAY_FIRST:
                return date(year, second, first)
            return date(year, first, second)
        if found := _MONTH_DAY.fullmatch(text):
            return date(int(found[3]), _MONTHS[found[1][:3]], int(found[2]))
        if found := _DAY_MONTH.fullmatch(text):
            return date(int(found[3]), _MONTHS[found[2][:3]], int(found[1]))
    except (ValueError, KeyError):
        return None
    return None
