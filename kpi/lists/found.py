"""What was found in a list, before it is known what its titles mean to us."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext

from kpi.lists.dates import Order
from kpi.periods import Span

NO_CHANNEL = -1


class Entry(NamedTuple):
    """One cell with a figure: where it stands, and what its table says of it."""

    sheet: int
    row: int
    heading: int
    channel: int
    span: Span
    day: date
    cell: object


class Problem(NamedTuple):
    """A cell or row that cannot be taken, and why."""

    sheet: int
    row: int
    column: str
    value: str
    reason: str


class Unnamed(NamedTuple):
    """Entries of a table of which nothing says the channel, and what stands over it."""

    first: int
    end: int
    titles: tuple[str, ...]


@dataclass
class Found:
    """Everything in a file that may be a figure."""

    sheets: list[str] = field(default_factory=list)
    """Those with a table that was understood."""

    headings: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    needs_year: bool = False
    """Months or days were met whose year stands nowhere."""

    years: set[int] = field(default_factory=set)
    """Of months and days without a year of their own, taken from titles and names."""

    needs_order: bool = False
    """Dates with strokes were met that may be two days each."""

    order: Order | None = None
    """How dates with strokes were read, if there were any."""

    has_channels_in_titles: bool = False
    unnamed: list[Unnamed] = field(default_factory=list)

    _heading_numbers: dict[str, int] = field(default_factory=dict)
    _channel_numbers: dict[str, int] = field(default_factory=dict)

    def notice(self, text: str) -> None:
        """Tell something about the list, once."""
        if text not in self.notices:
            self.notices.append(text)

    def notice_planned(self, title: str) -> None:
        sentence = gettext("“%(title)s” is of what was planned: it is left out at first.")
        self.notice(sentence % {"title": title[:80]})

    def heading(self, title: str) -> int:
        return _number(title, self.headings, self._heading_numbers)

    def channel(self, name: str) -> int:
        return _number(name, self.channels, self._channel_numbers) if name else NO_CHANNEL


def _number(text: str, texts: list[str], numbers: dict[str, int]) -> int:
    number = numbers.get(text)
    if number is None:
        number = numbers[text] = len(texts)
        texts.append(text)
    return number
