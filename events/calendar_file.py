"""The .ics file of a registration: the event and the personal link in a calendar."""

import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext, override
from icalendar import Alarm, Calendar, vText
from icalendar import Event as Entry

from events.models import Event, Registration

NAMES = uuid.UUID("2a8f4c1e-7b0d-5e63-9c55-0d9be3a1f7c4")
"""The name space of our calendar entries."""

REMIND_BEFORE = timedelta(minutes=15)


def for_registration(registration: Registration, event: Event) -> str:
    """Return the file's text; the same event at a new time replaces the old entry."""
    changed_at = _last_change(registration, event)
    return _calendar(
        _entry(
            event,
            uid_of(registration),
            registration.participant.language,
            changed_at=changed_at,
            sequence=int(changed_at.timestamp()),
            link=registration.join_url,
            is_cancelled=event.is_cancelled or not registration.is_active,
        )
    )


def without_link(event: Event, uid: str, language: str) -> str:
    """Return an entry without the personal link, which the file from the e-mail will replace."""
    return _calendar(
        _entry(
            event,
            uid,
            language,
            changed_at=event.moved_at or event.created_at,
            sequence=0,
            link=event.public_url,
            is_cancelled=event.is_cancelled,
        )
    )


def uid_of(registration: Registration) -> str:
    """Name the entry for ever, without giving the personal link away."""
    return str(uuid.uuid5(NAMES, registration.token))


def _last_change(registration: Registration, event: Event) -> datetime:
    moments = (
        event.created_at,
        event.moved_at,
        event.cancelled_at,
        registration.registered_at,
        registration.cancelled_at,
    )
    return max(moment for moment in moments if moment is not None)


def _entry(
    event: Event,
    uid: str,
    language: str,
    *,
    changed_at: datetime,
    sequence: int,
    link: str,
    is_cancelled: bool,
) -> Entry:
    entry = Entry()
    entry.add("uid", f"{uid}@{settings.SITE_URL.partition('://')[2]}")
    entry.add("dtstamp", changed_at.astimezone(UTC))
    entry.add("sequence", sequence)
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", event.name(language))
    entry.add("description", link)
    entry.add("url", link)
    entry["location"] = vText(link)
    entry.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if not is_cancelled:
        entry.add_component(_alarm(event.name(language), language))
    return entry


def _alarm(title: str, language: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMIND_BEFORE)
    with override(language):
        alarm.add("description", gettext("Soon: %(event)s") % {"event": title})
    return alarm


def _calendar(entry: Entry) -> str:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//smmprocess//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return calendar.to_ical().decode()
