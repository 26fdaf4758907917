"""What a list of things that need a person consists of, and for whom it is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language

from accounts.models import User
from plans.local_time import local_day
from plans.models import Activity
from smmprocess.known import Control
from smmprocess.links import address
from smmprocess.overview import Box

SHOWN = 5
"""A list shows so many lines; what it leaves out stands on the page it leads to."""


@dataclass(frozen=True)
class Line:
    """One thing, with the page where it is dealt with and what is to be known of it."""

    words: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Need:
    """A list of things of one kind."""

    heading: str
    symbol: str
    lines: Sequence[Line]
    has_more: bool = False
    url: str = ""


@dataclass(frozen=True)
class Circumstances:
    """For whom the lists are, and what is known already."""

    user: User
    now: datetime
    year: int
    boxes: Sequence[Box]
    control: Control

    @property
    def today(self) -> date:
        return local_day(self.now)


def need_of(heading: str, symbol: str, lines: Iterable[Line], url: str = "") -> Need:
    """Keep the first few lines."""
    every = list(lines)
    return Need(heading, symbol, every[:SHOWN], len(every) > SHOWN, url)


def on_day(moment: datetime | None) -> str:
    return on_date(local_day(moment)) if moment else ""


def on_date(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def line_of(activity: Activity) -> Line:
    state = str(activity.get_state_display())
    if activity.state == Activity.State.DECLINED:
        state = f"{state}: {activity.reason}"
    note = f"{on_day(activity.starts_at)} · {state}"
    return Line(
        activity.name(get_language() or ""),
        address("plans:activity_detail", activity.pk),
        f"{note} · {activity.unit}" if activity.unit else note,
    )
