"""What the page of sources shows of each: whether it is on, how far it has read, what it said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from kpi import reading
from kpi.models import Reading
from kpi.sources import Source, all_sources

QUOTAS = {
    "tokens_per_day": 200_000,
    "tokens_per_hour": 40_000,
    "tokens_per_project_per_hour": 14_000,
    "potentially_thresholded_requests_per_hour": 120,
}
"""What Google grants a usual property; it tells only what a request cost and what is left."""


@dataclass(frozen=True)
class SourceState:
    """One source at a moment."""

    source: Source
    missing: str
    """What is not set up, in words."""

    running: Reading | None
    last: Reading | None
    """The last reading that has ended."""

    read_until: date | None
    next_at: datetime | None
    """When it is read next by itself."""

    is_behind: bool
    """Whether a day that should have been read by now has not."""

    @property
    def key(self) -> str:
        return self.source.key

    @property
    def may_change_from(self) -> date | None:
        """Give the first of the days that are read once more in the coming nights."""
        days = self.source.usual_days
        return self.read_until - timedelta(days - 1) if self.read_until else None

    @property
    def is_off(self) -> bool:
        return bool(self.missing) and not self.source.is_wanted()

    @property
    def problem(self) -> str:
        """Say what keeps it from being read, in words; empty where nothing does."""
        if self.missing:
            return "" if self.is_off else self.missing
        ended_well = (Reading.State.DONE, Reading.State.INTERRUPTED)
        return self.last.error if self.last and self.last.state not in ended_well else ""

    @property
    def notices(self) -> list[str]:
        """Say what makes the figures of the last reading approximate."""
        return notices_of(self.last.details) if self.last else []


def states(now: datetime) -> list[SourceState]:
    return [state_of(source, now) for source in all_sources()]


def state_of(source: Source, now: datetime) -> SourceState:
    rows = Reading.objects.filter(source=source.key).select_related("by")
    missing = source.missing()
    read_until = reading.last_day_read(source.key)
    last = rows.exclude(state=Reading.State.RUNNING).first()
    return SourceState(
        source=source,
        missing=missing,
        running=rows.at_work().first(),
        last=last,
        read_until=read_until,
        next_at=None if missing else _next_at(last, now),
        is_behind=not missing and _is_behind(read_until, now),
    )


def _next_at(last: Reading | None, now: datetime) -> datetime:
    """Give the hour of the next try, or else the coming half past six."""
    if last is not None and last.repeat_at is not None:
        return last.repeat_at
    day = timezone.localdate(reading.last_due(now)) + timedelta(1)
    return datetime.combine(day, reading.NIGHTLY, timezone.get_default_timezone())


def _is_behind(read_until: date | None, now: datetime) -> bool:
    """Allow for the time that the reading of this morning itself takes."""
    wanted = timezone.localdate(reading.last_due(now - timedelta(hours=1))) - timedelta(1)
    return read_until is not None and read_until < wanted


def notices_of(details: dict[str, object]) -> list[str]:
    said = []
    zone = details.get("time_zone")
    if zone and zone != str(timezone.get_default_timezone()):
        said.append(
            gettext("The days are those of the property's time zone, %(zone)s, and not of Riga.")
            % {"zone": zone}
        )
    if details.get("thresholded"):
        said.append(gettext("Google withholds rows of few people: the figures are approximate."))
    if details.get("other_row"):
        said.append(gettext("Google puts rare sources together as “(other)”."))
    if details.get("sampled"):
        said.append(gettext("Google has estimated these figures from a sample."))
    if details.get("counted") == "deals":
        said.append(gettext("The portal has no leads: its deals are counted."))
    if unknown := details.get("attendance_unknown"):
        said.append(
            gettext("Attendance is unknown of %(count)s registrations; no rate counts them.")
            % {"count": unknown}
        )
    if low := _low_quota(details.get("quota")):
        said.append(gettext("Less than a tenth of a quota of Google is left: %(quota)s.") % low)
    return said


def _low_quota(quota: object) -> dict[str, str] | None:
    if not isinstance(quota, dict):
        return None
    for name, (_consumed, remaining) in quota.items():
        if remaining * 10 < QUOTAS.get(name, 0):
            return {"quota": f"{name.replace('_', ' ')}, {remaining}"}
    return None
