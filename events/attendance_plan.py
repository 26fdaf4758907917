"""What an attendance report says, before anything of it counts: who was there, and who that is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from events import stays
from events.attendance import Kind
from events.attendance_matching import KnownPeople, Match, Sign, Suggestion
from events.models import AttendanceReport, Event, Registration, Stay
from events.models.registration import RegistrationQuerySet
from events.stays import Presence
from files import list_files
from files.list_files import MAX_COLUMNS, MAX_ROWS, ListError
from integrations.meetings import reading
from integrations.meetings.dates import DayOrder
from integrations.meetings.report import (
    Attendee,
    NotAReportError,
    NoTimesError,
    Report,
    attendees_of,
)
from plans.local_time import local_day

MOST_QUESTIONS = 200
"""So many people of a report are asked about at once; the others after them."""


class ReportError(Exception):
    """The report cannot be used for this event; the text says why and what to do."""


class DayOrderQuestionError(Exception):
    """The dates fit two of our events, and only a person knows which is meant."""

    def __init__(self, days: Mapping[DayOrder, datetime]) -> None:
        super().__init__()
        self.days = days


@dataclass(frozen=True)
class Line:
    """Somebody who was in the meeting, and who that is."""

    key: str
    name: str
    email: str
    stays: tuple[Stay, ...]
    presence: Presence | None
    match: Match = field(default_factory=Match)


@dataclass
class Plan:
    """What importing a report would do."""

    matched: list[Line] = field(default_factory=list)
    to_review: list[Line] = field(default_factory=list)
    staff: list[Line] = field(default_factory=list)
    brief: list[Line] = field(default_factory=list)
    """There for less than a minute of the event, or before and after it only."""

    pressed: list[Registration] = field(default_factory=list)
    """Not in the report, but otherwise seen: they stay present."""

    missing: list[Registration] = field(default_factory=list)
    """Not in the report, and no other sign of them."""

    def counts(self) -> dict[str, int]:
        return {name: len(lines) for name, lines in vars(self).items()}


def plan(record: AttendanceReport, *, suggests: bool = True) -> Plan:
    """Read a stored report and say what it means; asks for the day order if it has to be known."""
    try:
        with record.file.open("rb") as file:
            report = read(cast("File", file))
    except (FileNotFoundError, ValueError):
        raise ReportError(_("The uploaded file is not there any more. Upload it again.")) from None
    order = _day_order(record, report)
    starts = timezone.make_naive(record.event.starts_at)
    attendees = attendees_of(report, order, starts)
    found = _sort_out(record.event, attendees, suggests=suggests)
    if not any(line.presence for line in (*found.matched, *found.to_review, *found.staff)):
        raise _of_another_event(record.event, attendees)
    return found


def read(file: File) -> Report:
    """Read a report; raises ReportError if it is none."""
    try:
        with list_files.opened(cast("BinaryIO", file.file)) as tables:
            return reading.read(_rows(table.rows(MAX_COLUMNS)) for table in tables)
    except ListError as refusal:
        raise ReportError(str(refusal)) from None
    except NoTimesError:
        raise ReportError(
            _(
                "This report does not say when people joined and left."
                " Download the one that lists every joining, in Zoom without “Show unique users”."
            )
        ) from None
    except NotAReportError:
        raise ReportError(
            _(
                "This is not an attendance report of Zoom, Teams or Google Meet."
                " Download the report from the meeting and send that file as it is."
            )
        ) from None


def _rows(rows: Iterable[Any]) -> list[Any]:
    found = []
    for number, row in enumerate(rows):
        if number >= MAX_ROWS:
            raise ListError(
                _("The report has more than %(limit)s rows, more than a meeting has people.")
                % {"limit": MAX_ROWS}
            )
        found.append(row)
    return found


# Dates


def _day_order(record: AttendanceReport, report: Report) -> DayOrder:
    """Choose how to read 03/02/26: as the day of the event, unless both days had one."""
    if not report.has_dates:
        return DayOrder.DAY_FIRST
    orders = report.day_orders()
    if not orders:
        raise ReportError(
            _(
                "The dates of this report cannot be read."
                " Download it again in English or Latvian and send that file as it is."
            )
        )
    if record.day_order in orders:
        return DayOrder(record.day_order)
    event_day = local_day(record.event.starts_at)
    nearest = min(orders, key=lambda order: abs(report.first_day(order) - event_day))
    if len(orders) == 2 and _has_other_event(record.event, report, orders, nearest):
        raise DayOrderQuestionError({order: report.first_moment(order) for order in orders})
    return nearest


def _has_other_event(
    event: Event, report: Report, orders: list[DayOrder], nearest: DayOrder
) -> bool:
    """Say whether the reading that does not fit this event fits another one."""
    day = next(report.first_day(order) for order in orders if order is not nearest)
    others = Event.objects.going_ahead().exclude(pk=event.pk)
    return others.filter(starts_at__date=day).exists()


def _of_another_event(event: Event, attendees: list[Attendee]) -> ReportError:
    first = min(interval.joined for each in attendees for interval in each.intervals)
    return ReportError(
        _(
            "Nobody of this report was there during the event of %(event)s: the report begins at"
            " %(first)s. Choose the report of this event; if it is, its clock is not that of"
            " Latvia: change that in the platform and download it again."
        )
        % {
            "event": date_format(timezone.localtime(event.starts_at), "SHORT_DATETIME_FORMAT"),
            "first": date_format(first, "SHORT_DATETIME_FORMAT"),
        }
    )


# Matching


def _sort_out(event: Event, attendees: list[Attendee], *, suggests: bool) -> Plan:
    registrations = list(registered(event))
    known, found = KnownPeople(registrations), Plan()
    staff = set(User.objects.values_list("email", flat=True))
    for number, attendee in enumerate(attendees):
        line = _line(event, str(number), attendee, known)
        if attendee.is_staff or (line.match.registration is None and line.email in staff):
            found.staff.append(line)
        elif line.presence is None:
            found.brief.append(line)
        elif line.match.registration is not None:
            found.matched.append(line)
        else:
            found.to_review.append(line)
    if suggests:
        found.to_review = with_suggestions(found.to_review, known)
    matched = {line.match.registration for line in found.matched}
    for registration in registrations:
        if registration not in matched:
            (found.pressed if registration.is_present else found.missing).append(registration)
    return found


def registered(event: Event) -> RegistrationQuerySet:
    return event.registrations.active().select_related("participant")


def _line(event: Event, key: str, attendee: Attendee, known: KnownPeople) -> Line:
    kept = tuple(
        Stay(
            kind=Kind.REPORT,
            joined_at=timezone.make_aware(interval.joined),
            left_at=timezone.make_aware(interval.left),
            seconds=interval.seconds,
        )
        for interval in attendee.intervals
        if interval.joined <= interval.left
    )
    presence = stays.presence_in(event, kept)
    match = Match()
    if presence is not None and not attendee.is_staff:
        match = known.find(attendee.name, attendee.email, attendee.phone, attendee.codes)
    return Line(key, attendee.name, attendee.email.lower(), kept, presence, match)


def with_suggestions(lines: list[Line], known: KnownPeople) -> list[Line]:
    """Add whom those may be of whom nothing is known, as many as are asked about at once."""
    first = lines[:MOST_QUESTIONS]
    return [*(_with_suggestions(line, known) for line in first), *lines[MOST_QUESTIONS:]]


def _with_suggestions(line: Line, known: KnownPeople) -> Line:
    match = line.match
    if match.registration is not None and match.by is not None:
        # Found by itself only after the import: whoever looks at it decides all the same.
        found = Suggestion(match.registration, (Sign(match.by.value),))
        return replace(line, match=Match(suggestions=(found,)))
    joined_at = min(stay.joined_at for stay in line.stays) if line.stays else None
    if match.suggestions or joined_at is None:
        return line
    suggestions = known.suggest(line.name, line.email, joined_at)
    return replace(line, match=replace(match, suggestions=suggestions))
