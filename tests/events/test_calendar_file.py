"""The calendar file, as a calendar reads it."""

from datetime import timedelta

import icalendar
import pytest

from events import calendar_file, changes, registration
from tests.factories import START, make_event, make_registration, make_user, riga

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def address(settings):
    settings.SITE_URL = "https://smm.example.org"


def read(registered):
    """Parse the file strictly and give its calendar and its only event."""
    registered.refresh_from_db()
    registered.event.refresh_from_db()
    text = calendar_file.for_registration(registered, registered.event)
    calendar = icalendar.Calendar.from_ical(text)
    (entry,) = calendar.events
    return calendar, entry


def test_the_file_holds_the_event_and_the_personal_link():
    registered = make_registration(
        make_event(title_en="Open day; with, signs"), person={"language": "en"}
    )

    calendar, entry = read(registered)

    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert str(entry["summary"]) == "Open day; with, signs"
    assert str(entry["description"]) == str(entry["url"]) == registered.join_url
    assert (entry.start, entry.end) == (START, START + timedelta(minutes=90))
    assert entry.start.utcoffset() == timedelta()
    assert entry["status"] == "CONFIRMED"
    assert [alarm["trigger"].dt for alarm in entry.walk("VALARM")] == [timedelta(minutes=-15)]


def test_no_line_is_longer_than_calendars_read_and_each_ends_as_they_expect():
    registered = make_registration(make_event(title="Atvērto durvju diena " * 7))

    text = calendar_file.for_registration(registered, registered.event)

    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert "\n" not in text.replace("\r\n", "")


def test_the_uid_stays_when_everything_else_changes_and_does_not_hold_the_link():
    registered = make_registration()
    _, before = read(registered)

    changes.move(
        registered.event,
        START + timedelta(hours=1),
        START + timedelta(hours=2),
        by_id=make_user().pk,
        now=START - timedelta(days=2),
    )
    _, after = read(registered)

    assert before["uid"] == after["uid"]
    assert registered.token not in before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after.start == START + timedelta(hours=1)


def test_a_cancelled_event_is_cancelled_in_the_calendar():
    registered = make_registration()
    _, before = read(registered)

    changes.cancel(registered.event, "Ill.", by_id=make_user().pk, now=START - timedelta(days=2))
    _, after = read(registered)

    assert (after["status"], after["uid"]) == ("CANCELLED", before["uid"])
    assert after["sequence"] > before["sequence"]
    assert after.walk("VALARM") == []


def test_a_cancelled_registration_is_too_and_comes_back_when_taken_up_again():
    registered = make_registration()
    sequences = [read(registered)[1]["sequence"]]

    registration.cancel(registered, START - timedelta(days=3))
    _, cancelled = read(registered)
    registration.take_up_again(registered, START - timedelta(days=2))
    _, again = read(registered)

    sequences += [cancelled["sequence"], again["sequence"]]
    assert (cancelled["status"], again["status"]) == ("CANCELLED", "CONFIRMED")
    assert sequences == sorted(set(sequences))


@pytest.mark.parametrize(
    ("start", "in_utc"),
    [(riga(2026, 3, 28, 18), 16), (riga(2026, 3, 29, 18), 15), (riga(2026, 10, 25, 18), 16)],
)
def test_the_hour_is_right_on_both_sides_of_the_clock_change(start, in_utc):
    _, entry = read(make_registration(make_event(starts_at=start)))

    assert entry.start.hour == in_utc


def test_two_people_have_two_entries():
    event = make_event()

    uids = {str(read(make_registration(event))[1]["uid"]) for _ in range(2)}

    assert len(uids) == 2
