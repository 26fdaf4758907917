"""The pages of attendance reports as a browser shows them, with and without scripts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import attendance, attendance_import
from events.models import Registration
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.events.test_attendance_import import meet, registered, upload
from tests.events.test_attendance_pages import seen_by_zoom
from tests.factories import make_event, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = ("Anna,Ozola,anna@example.org", "Janis,Berzins,", "Anna,Bērziņa,b@y.lv", "iPhone,,")


def address(name, event, *more):
    return reverse(f"events:{name}", args=[event.pk, *more])


def past_event():
    """Make an event that ended two hours ago, with people of every sort."""
    starts_at = timezone.localtime(timezone.now() - timedelta(hours=3))
    event = make_event(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    registered(event, "Anna", "Ozola", "anna@example.org")
    registered(event, "Jānis", "Bērziņš", "janis@example.org")
    registered(event, "Anna", "Bērziņš", "anna.berzins@example.org")
    registered(event, "Zane", "Liepa-Kalniņa")
    attendance.press_join(registered(event, "Marta", "Kalna"), starts_at)
    return event


def report_of(event):
    start = timezone.localtime(event.starts_at)
    end = timezone.localtime(event.ends_at)
    return meet(*PEOPLE, start=f"{start:%H:%M}", end=f"{end:%H:%M}")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit(open_browser, size, scheme):
    event = past_event()
    seen_by_zoom(event, "Madara Čakste-Vilciņa no Ventspils")
    page = open_browser(size, scheme, "en")
    sign_in(page, make_user())
    found = {}

    page.goto(address("attendance_report", event))
    found["upload"] = faults(page)
    record = upload(event, report_of(event))
    page.goto(address("attendance_report_detail", event, record.pk))
    found["preview"] = faults(page)
    attendance_import.confirm(record, {}, is_complete=True, now=timezone.now())
    page.reload()
    found["result"] = faults(page)

    assert found == {name: [] for name in found}


def test_a_report_is_imported_without_scripts(open_browser):
    event = past_event()
    page = open_browser(PHONE, java_script_enabled=False)
    sign_in(page, make_user())

    page.goto(address("event_registrations", event))
    press(page, f"a[href='{address('attendance_report', event)}']")
    file = {"name": "report.csv", "mimeType": "text/csv", "buffer": report_of(event).encode()}
    page.set_input_files("[name=file]", file)
    press(page, "main form .btn-primary")
    page.get_by_label("Who is Anna Bērziņa?").select_option(
        label="Anna Bērziņš, anna.berzins@example.org"
    )
    page.get_by_label("Who is iPhone?").select_option("nobody")
    page.check("[name=is_complete]")
    press(page, "main form .btn-primary")

    assert page.locator("h1").inner_text() == "What the report has changed"
    present = Registration.objects.joined().values_list("participant__last_name", flat=True)
    assert sorted(present) == ["Bērziņš", "Bērziņš", "Kalna", "Ozola"]
    absent = Registration.objects.get(attendance=Registration.Attendance.ABSENT)
    assert absent.participant.first_name == "Zane"
