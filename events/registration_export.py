"""Everybody registered for an event as a spreadsheet, in which nothing can become a formula."""

import csv
import io
from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.models import Event, Registration
from files.spreadsheets import safe_cell, write_xlsx
from people.models import Medium
from plans.local_time import local_day

CHUNK = 2_000


def as_xlsx(event: Event) -> bytes:
    return write_xlsx(_headers(), _rows(event), title=event.title)


def as_csv(event: Event) -> bytes:
    """Write a CSV file that a Latvian Excel opens with a double click: semicolons, a UTF-8 mark."""
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=";")
    writer.writerow(_headers())
    for row in _rows(event):
        writer.writerow([safe_cell(_as_text(value)) for value in row])
    return output.getvalue().encode("utf-8-sig")


def filename(event: Event) -> str:
    return f"{event.kind}-{local_day(event.starts_at).isoformat()}-{event.pk}"


def _headers() -> list[str]:
    return [
        _("First name"),
        _("Last name"),
        _("E-mail"),
        _("Phone"),
        _("Language"),
        pgettext("when", "Registered"),
        _("Registered from"),
        pgettext("when", "Cancelled"),
        _("Attendance"),
        _("Joined"),
        _("Agrees to offers by e-mail"),
        _("Agrees to offers by SMS"),
    ]


def _rows(event: Event) -> Iterator[list[object]]:
    registrations = event.registrations.select_related("participant").order_by(
        "participant__search_text", "pk"
    )
    for registration in registrations.iterator(chunk_size=CHUNK):
        yield _row(registration)


def _row(registration: Registration) -> list[object]:
    person = registration.participant
    return [
        person.first_name,
        person.last_name,
        person.email,
        person.phone,
        person.get_language_display(),
        registration.registered_at,
        registration.get_source_display(),
        registration.cancelled_at,
        registration.get_attendance_display(),
        registration.joined_at,
        _("yes") if person.accepts_offers(Medium.EMAIL) else _("no"),
        _("yes") if person.accepts_offers(Medium.SMS) else _("no"),
    ]


def _as_text(value: object) -> object:
    if hasattr(value, "tzinfo"):
        return date_format(timezone.localtime(value), "Y-m-d H:i")  # type: ignore[arg-type]
    return "" if value is None else value
