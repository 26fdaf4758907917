"""What every source of figures answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.utils.module_loading import import_string

from kpi.models import Traffic
from kpi.store import Value

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class SourceError(Exception):
    """The source gave nothing; the text says why, and what a person can do about it."""

    def __init__(self, sentence: str, *, is_temporary: bool = False) -> None:
        super().__init__(sentence)
        self.is_temporary = is_temporary
        """Whether it may work in an hour without anybody doing anything."""


@dataclass(frozen=True)
class Piece:
    """Some days of a source, read whole: every series has a value for each day that has one."""

    values: Iterable[Value]
    series_ids: frozenset[int]
    """Of these series nothing else holds on these days, of what the source gave before."""

    details: dict[str, Any] = field(default_factory=dict)
    traffic: Sequence[Traffic] | None = None
    """Visits by source in place of those of the days; None where the source knows of none."""


class Source:
    """Reads figures from one place."""

    key: ClassVar[str]
    label: ClassVar["StrOrPromise"]
    about: ClassVar["StrOrPromise"]
    """What it tells, in a sentence."""

    days_at_once: ClassVar[int] = 31
    """So many days are read, and then written, together."""

    usual_days: ClassVar[int] = 4
    """So many days are read again each night, since they may still change."""

    weekly_days: ClassVar[int] = 10
    """So many once a week."""

    def is_wanted(self) -> bool:
        """Say whether somebody has begun to set it up; what is not wanted is off, not broken."""
        return True

    def missing(self) -> str:
        """Say what is not set up, in a sentence for people; empty when the source is on."""
        return ""

    def days_to_read(self, today: date) -> tuple[date, date]:
        """Give the first and last day that a reading of this night goes over."""
        days = self.weekly_days if today.weekday() == 0 else self.usual_days
        return today - timedelta(days), today - timedelta(1)

    def first_days(self, today: date) -> tuple[date, date]:
        """Give the days to be read when the source has never been read: since last January."""
        return date(today.year - 1, 1, 1), today - timedelta(1)

    def read(self, first: date, last: date) -> Piece:
        """Read days, both included. Raises SourceError."""
        raise NotImplementedError


def get_source(key: str) -> Source:
    source: Source = import_string(settings.KPI_SOURCES[key])()
    return source


def all_sources() -> list[Source]:
    return [get_source(key) for key in settings.KPI_SOURCES]
