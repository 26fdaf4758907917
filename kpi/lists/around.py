"""What titles of tables and names of sheets and files say of the time of what stands in them."""

import re
from dataclasses import dataclass

from kpi.lists.month_names import MONTH_NAME, MONTHS, YEAR_WORD
from kpi.lists.wording import plain
from people.identity import folded

_YEAR_IN_TEXT = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_TWO_YEARS = re.compile(r"(?<!\d)(20\d{2})\.?\s*[/–-]\s*(?:20)?(\d{2})(?!\d)")
_FULL_DATE = re.compile(
    r"(?<!\d)(?:20\d{2}([-_./])\d{1,2}\1\d{1,2}|\d{1,2}([-_./]) ?\d{1,2}\2 ?20\d{2})(?!\d)"
    rf"|\b20\d{{2}}\.?(?: {YEAR_WORD}\.?)? \d{{1,2}}\. ?(?:{MONTH_NAME})\b"
    rf"|(?<!\d)(?P<day>\d{{1,2}})\.? (?P<name>{MONTH_NAME})\b\.?(?:,? 20\d{{2}})?"
    rf"|\b(?:{MONTH_NAME})\.? \d{{1,2}}(?:st|nd|rd|th)?,? 20\d{{2}}\b"
)


@dataclass(frozen=True)
class Around:
    """What titles and names around a table say of its time."""

    year: int | None = None
    month: int | None = None
    is_answered: bool = False
    """A person has said the year; titles and names do not change it any more."""


def around_in(text: str) -> Around:
    """Find a year and a month in a title or a name; nothing where it says two of them."""
    if match := _TWO_YEARS.search(text):
        first, second = int(match[1]), 2000 + int(match[2])
        if second == first + 1:
            return Around(year=first)
    # A day alone says when something was made; from one day to another is what it is of.
    plain_text = folded(text)
    days = [match for match in _FULL_DATE.finditer(plain_text) if not _numbers_a_month(match)]
    written = plain_text
    for match in days:
        written = written.replace(match[0], " ")
    if len(days) > 1:
        years, months = set(_YEAR_IN_TEXT.findall(text)), set()
    else:
        years = set(_YEAR_IN_TEXT.findall(written))
        months = {MONTHS[word] for word in plain(written).split() if word in MONTHS}
        if match := re.search(r"(?<!\d)20\d{2}[-_.](0[1-9]|1[0-2])(?!\d)", written):
            months.add(int(match[1]))
    return Around(
        year=int(years.pop()) if len(years) == 1 else None,
        month=months.pop() if len(months) == 1 else None,
    )


def _numbers_a_month(match: re.Match[str]) -> bool:
    """Tell "01 January", a sheet with its number, from a day."""
    return match["day"] is not None and int(match["day"]) == MONTHS[match["name"]]
