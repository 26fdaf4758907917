"""Importing a platform's attendance report: upload, preview, then all of it in one transaction.

The report is read and matched again when it is confirmed, so that what has changed since the
preview counts. Nothing is made absent by a report unless somebody says that it is complete, and
nobody of whom there is another sign of presence.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from django.core.files import File
from django.db import transaction

from events import stays
from events.attendance import Kind
from events.attendance_matching import KnownPeople
from events.attendance_plan import Line, plan, read, registered, with_suggestions
from events.models import AttendanceReport, Event, Registration, Stay

Choices = Mapping[str, Registration | None]
"""Whom somebody said the people of a report are, by their keys; None for nobody registered."""


def receive(event: Event, file: File, *, by_id: int, now: datetime) -> AttendanceReport:
    """Store a report privately, if it is one; raises ReportError if not."""
    report = read(file)
    return AttendanceReport.objects.create(
        event=event,
        platform=report.platform.value,
        file=file,
        original_name=(file.name or "")[-200:],
        uploaded_at=now,
        uploaded_by_id=by_id,
    )


@transaction.atomic
def confirm(
    record: AttendanceReport, choices: Choices, *, is_complete: bool, now: datetime
) -> bool:
    """Let a report count; return whether it was this call that did so."""
    locked = AttendanceReport.objects.select_for_update().get(pk=record.pk)
    if locked.is_imported:
        return False
    found = plan(record, suggests=False)
    taken = _take(record.event, [*found.matched, *found.to_review], choices)
    is_complete = is_complete and record.event.has_ended(now)
    if is_complete:
        missing = {each.pk for each in found.missing} - taken
        stays.call_absent(record.event, missing, now)
    left = [line for line in found.to_review if line.key not in choices]
    record.counts = {**found.counts(), "matched": len(taken), "to_review": len(left)}
    record.strangers = [_as_json(line) for line in left]
    record.is_complete, record.imported_at = is_complete, now
    record.save(update_fields=["counts", "strangers", "is_complete", "imported_at"])
    transaction.on_commit(record.delete_file)
    return True


def _take(event: Event, lines: Iterable[Line], choices: Choices) -> set[int]:
    """Keep the stays of those who are known or were chosen; return their registrations."""
    kept = []
    for line in lines:
        registration = line.match.registration or choices.get(line.key)
        if registration is not None:
            for stay in line.stays:
                stay.registration = registration
                kept.append(stay)
    Stay.objects.bulk_create(kept, batch_size=stays.BATCH, ignore_conflicts=True)
    taken = {stay.registration_id for stay in kept}
    stays.let_count(event, taken, Kind.REPORT)
    return taken


def _as_json(line: Line) -> dict[str, Any]:
    return {
        "key": line.key,
        "name": line.name,
        "email": line.email,
        "stays": [
            [each.joined_at.isoformat(), cast("datetime", each.left_at).isoformat(), each.seconds]
            for each in line.stays
        ],
    }


def strangers(record: AttendanceReport) -> list[Line]:
    """Return those of an imported report whom nobody has matched yet, with suggestions anew."""
    if not record.strangers:
        return []
    known = KnownPeople(registered(record.event))
    lines = [_line_of_stranger(record.event, each, known) for each in record.strangers]
    return with_suggestions(lines, known)


def _line_of_stranger(event: Event, stranger: Mapping[str, Any], known: KnownPeople) -> Line:
    kept = tuple(
        Stay(
            kind=Kind.REPORT,
            joined_at=datetime.fromisoformat(joined),
            left_at=datetime.fromisoformat(left),
            seconds=seconds,
        )
        for joined, left, seconds in stranger["stays"]
    )
    name, email = stranger["name"], stranger["email"]
    presence, match = stays.presence_in(event, kept), known.find(name, email)
    return Line(stranger["key"], name, email, kept, presence, match)


@transaction.atomic
def match_strangers(record: AttendanceReport, choices: Choices) -> int:
    """Let those count whom somebody has matched; return how many people that were."""
    locked = AttendanceReport.objects.select_for_update().get(pk=record.pk)
    record.strangers = locked.strangers
    taken = _take(record.event, strangers(record), choices)
    record.strangers = [each for each in record.strangers if each["key"] not in choices]
    record.counts = {
        **locked.counts,
        "matched": locked.counts["matched"] + len(taken),
        "to_review": len(record.strangers),
    }
    record.save(update_fields=["strangers", "counts"])
    return len(taken)


def discard(record: AttendanceReport) -> bool:
    """Forget a report with its file, unless it was imported meanwhile."""
    deleted, _per_model = AttendanceReport.objects.filter(pk=record.pk, imported_at=None).delete()
    if deleted and record.file:
        record.file.delete(save=False)
    return bool(deleted)


def discard_forgotten(now: datetime) -> int:
    """Discard reports nobody imported within a day, and names nobody matched within a month."""
    AttendanceReport.objects.with_old_strangers(now).update(strangers=[])
    return sum(discard(record) for record in AttendanceReport.objects.forgotten(now))
