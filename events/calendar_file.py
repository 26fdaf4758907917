"""The .ics file of a registration: the event and the personal link in a calendar."""

from datetime import UTC

from django.conf import settings
from icalendar import Calendar, vText
from icalendar import Event as Entry

from events.models import Event, Registration


def for_registration(registration: Registration, event: Event) -> str:
    """Return the file's text; the same event at a new time replaces the old entry."""
    language = registration.participant.language
    entry = Entry()
    entry.add("uid", f"{registration.token}@{settings.SITE_URL.partition('://')[2]}")
    entry.add("dtstamp", event.moved_at or event.created_at)
    entry.add("sequence", int((event.moved_at or event.created_at).timestamp()))
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", event.name(language))
    entry.add("description", registration.join_url)
    entry["location"] = vText(registration.join_url)
    if event.is_cancelled:
        entry.add("status", "CANCELLED")
    return _calendar(entry)


def _calendar(entry: Entry) -> str:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//smmprocess//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return calendar.to_ical().decode()
