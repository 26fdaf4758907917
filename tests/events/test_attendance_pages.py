"""The pages of attendance reports: who may, what they say, and how often they ask the database."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from events import attendance, attendance_import, zoom_attendance
from events.models import AttendanceReport, Registration, ZoomSign
from tests.events.test_attendance_import import meet, registered, upload
from tests.factories import START, make_event, make_registration, make_user

pytestmark = pytest.mark.django_db

AFTER = START + timedelta(hours=3)


@pytest.fixture(autouse=True)
def after_the_event():
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def manager(client_for):
    return client_for(make_user(role=Role.SPECIALIST))


def address(name, event, *more):
    return reverse(f"events:{name}", args=[event.pk, *more])


def test_a_report_belongs_to_its_event(manager):
    record = upload(make_event(), meet("Anna,Ozola,"))

    assert (
        manager.get(address("attendance_report_detail", make_event(), record.pk)).status_code == 404
    )


@pytest.mark.parametrize(("role", "shown"), [(Role.SPECIALIST, True), (Role.DIRECTOR, False)])
def test_the_link_stands_with_those_registered(client_for, role, shown):
    event = make_event()

    html = client_for(make_user(role=role)).get(address("event_registrations", event))

    assert (address("attendance_report", event) in html.content.decode()) is shown


# The way through


def send(manager, event, text, name="report.csv"):
    content = text.encode("utf-16") if "\t" in text else text.encode()
    file = SimpleUploadedFile(name, content)
    return manager.post(address("attendance_report", event), {"file": file})


def test_from_the_file_over_the_preview_to_the_result(manager):
    event = make_event()
    anna = registered(event, "Anna", "Ozola", "anna@example.org")
    janis, zane = registered(event, "Jānis", "Bērziņš"), registered(event, "Zane", "Liepa")
    marta = registered(event, "Marta", "Kalna")
    attendance.press_join(marta, START)

    preview = manager.get(send(manager, event, meet("AO,,anna@example.org", "JB,,")).url)
    record = AttendanceReport.objects.get()
    html = preview.content.decode()
    assert [name for name in ("Anna Ozola", "Zane Liepa", "Marta Kalna") if name in html] == [
        "Anna Ozola",
        "Zane Liepa",
        "Marta Kalna",
    ]
    assert Registration.objects.joined().count() == 1

    done = manager.post(
        address("attendance_report_confirm", event, record.pk),
        {"person_1": janis.pk, "is_complete": "on"},
        follow=True,
    )

    people = Registration.objects.in_bulk()
    assert [people[each.pk].attendance for each in (anna, janis, zane, marta)] == [
        "present",
        "present",
        "absent",
        "present",
    ]
    record.refresh_from_db()
    assert (record.counts["matched"], record.strangers, bool(record.is_complete)) == (2, [], True)
    assert "whoever is not in it" in done.content.decode()
    figures = manager.get(address("attendance_report", event)).content.decode()
    assert "In the meeting&#x27;s report" in figures
    assert "report.csv" in figures
    listed = manager.get(address("event_registrations", event)).content.decode()
    assert "60 min" in listed
    assert "not in the meeting&#x27;s report" in listed


def test_the_preview_says_that_a_personal_link_decided_or_that_two_were_named(manager):
    event = make_event()
    anna, janis = registered(event, "Anna", "Ozola"), registered(event, "Jānis", "Bērziņš")
    report = meet(f"AO,{anna.token},", f"{anna.token},{janis.token},")

    html = manager.get(send(manager, event, report).url).content.decode()

    assert '<td data-label="By">personal link</td>' in html
    assert "The personal links of several people are named." in html


def test_the_preview_says_why_somebody_is_suggested(manager):
    event = make_event()
    anna = registered(event, "Anna", "Ozola")
    attendance.press_join(anna, START)

    html = manager.get(send(manager, event, meet("Anna,Osola,")).url).content.decode()

    assert "Perhaps Anna Ozola: a similar name, pressed “Join” at 18:00" in html


def test_whoever_is_recognised_only_after_the_import_is_suggested_with_the_reason(manager):
    event = make_event()
    record = upload(event, meet("AO,,anna@example.org"))
    attendance_import.confirm(record, {}, is_complete=False, now=AFTER)
    registered(event, "Anna", "Ozola", "anna@example.org")

    page = manager.get(address("attendance_report_detail", event, record.pk)).content.decode()

    assert "Perhaps Anna Ozola: the same e-mail" in page


def test_somebody_can_be_matched_after_the_import(manager):
    event = make_event()
    janis = registered(event, "Jānis", "Bērziņš")
    record = upload(event, meet("JB,,"))
    attendance_import.confirm(record, {}, is_complete=False, now=AFTER)
    page = address("attendance_report_detail", event, record.pk)
    assert "Who is JB?" in manager.get(page).content.decode()

    response = manager.post(
        address("attendance_report_match", event, record.pk), {"person_0": janis.pk}, follow=True
    )

    janis.refresh_from_db()
    assert janis.is_present
    assert "1 more person counts as present." in response.content.decode()


def test_before_the_import_nobody_is_matched_without_it(manager):
    event = make_event()
    record = upload(event, meet("JB,,"))

    assert manager.post(address("attendance_report_match", event, record.pk)).status_code == 404


def test_nobody_outside_the_event_can_be_chosen(manager):
    event = make_event()
    stranger = make_registration(make_event())
    record = upload(event, meet("JB,,"))

    manager.post(address("attendance_report_confirm", event, record.pk), {"person_0": stranger.pk})

    stranger.refresh_from_db()
    record.refresh_from_db()
    assert (stranger.attendance, record.is_imported) == ("", False)


def test_of_very_many_strangers_the_first_are_asked_about_first(manager):
    event = make_event()
    record = upload(event, meet(*(f"Svešais{number},," for number in range(205))))
    page = address("attendance_report_detail", event, record.pk)

    preview = manager.get(page).content.decode()
    attendance_import.confirm(record, {}, is_complete=False, now=AFTER)
    answers = {f"person_{number}": "nobody" for number in range(200)}
    manager.post(address("attendance_report_match", event, record.pk), answers)

    assert preview.count("<select") == 200
    assert "The others are asked about after the import." in preview
    assert manager.get(page).content.decode().count("<select") == 5


def test_names_are_shown_as_text(manager):
    record = upload(make_event(), meet("<script>alert(1)</script>,,"))

    html = manager.get(
        address("attendance_report_detail", record.event, record.pk)
    ).content.decode()

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_confirming_a_second_time_shows_what_was_done(manager):
    event = make_event()
    registered(event, "Anna", "Ozola")
    record = upload(event, meet("Anna,Ozola,"))
    confirm = address("attendance_report_confirm", event, record.pk)

    pages = [manager.post(confirm, follow=True).content.decode() for _turn in range(2)]

    assert ["Nobody was made absent by this report." in page for page in pages] == [True, True]


def test_a_wrong_file_gets_one_sentence(manager):
    response = send(manager, make_event(), "Name,E-mail\nAnna,anna@example.org\n")

    assert "This is not an attendance report of Zoom, Teams or Google Meet." in (
        response.content.decode()
    )
    assert not AttendanceReport.objects.exists()


def test_the_report_of_another_event_is_refused_and_discarded(manager):
    event = make_event(starts_at=START - timedelta(days=7))
    response = send(
        manager,
        event,
        "2. Participants\nName\tFirst join\tLast leave\tEmail\tRole\n"
        "Anna Ozola\t11.03.2026 18:00\t11.03.2026 19:00\ta@x.lv\tAttendee\n",
    )
    assert "Nobody of this report was there" in manager.get(response.url).content.decode()

    record = AttendanceReport.objects.get()
    manager.post(address("attendance_report_discard", event, record.pk))

    assert not AttendanceReport.objects.exists()


def test_before_the_event_there_is_nothing_to_upload(manager):
    event = make_event(starts_at=AFTER + timedelta(days=1))

    html = manager.get(address("attendance_report", event)).content.decode()

    assert "Its report can be imported after that." in html
    assert 'type="file"' not in html


def test_the_tick_for_a_complete_report_is_there_only_after_the_end(manager):
    event = make_event(starts_at=AFTER - timedelta(minutes=60))
    registered(event, "Anna", "Ozola")
    registered(event, "Jānis", "Bērziņš")
    record = upload(event, meet("Anna,Ozola,", start="20:00", end="20:30"))

    html = manager.get(address("attendance_report_detail", event, record.pk)).content.decode()

    assert "What the report says" in html
    assert "is_complete" not in html


def seen_by_zoom(event, name, number=1):
    return ZoomSign.objects.create(
        meeting_id="81234567890",
        meeting_uuid="u",
        kind=ZoomSign.Kind.JOINED,
        participant=str(number),
        at=START,
        name=name,
        received_at=START,
        taken_at=START,
        event=event,
    )


def test_whom_zoom_saw_and_nobody_knew_can_be_matched(manager):
    event = make_event()
    anna = registered(event, "Anna", "Ozola")
    sign = seen_by_zoom(event, "AO")
    assert "Who is AO?" in manager.get(address("attendance_report", event)).content.decode()

    manager.post(address("zoom_match", event), {f"person_zoom{sign.pk}": anna.pk})

    anna.refresh_from_db()
    assert anna.is_present
    assert zoom_attendance.strangers(event) == []


def test_what_of_zoom_a_fault_kept_from_being_understood_is_told_beside_the_report(manager):
    event, other = make_event(), make_event()
    seen_by_zoom(event, "AO")
    told = "of Zoom about this event could not be understood"
    assert told not in manager.get(address("attendance_report", event)).content.decode()

    ZoomSign.objects.update(taken_at=None, again_at=START)

    assert f"1 call {told}" in manager.get(address("attendance_report", event)).content.decode()
    assert told not in manager.get(address("attendance_report", other)).content.decode()


# How often the database is asked


@pytest.mark.parametrize("name", ["attendance_report", "attendance_report_detail"])
@pytest.mark.parametrize("is_imported", [False, True])
def test_more_people_do_not_mean_more_queries(manager, name, is_imported):
    counts = []
    for people in (2, 40):
        event = make_event()
        names = [f"Anna{chr(97 + n // 20)},Ozola{chr(97 + n % 20)}" for n in range(people)]
        for number, both in enumerate(names):
            registered(event, *both.split(","))
            seen_by_zoom(event, f"X{number}", number=f"{event.pk}-{number}")
        record = upload(event, meet(*(f"{each}," for each in names), "AO,,", "JB,,"))
        if is_imported:
            attendance_import.confirm(record, {}, is_complete=False, now=AFTER)
        more = [record.pk] if name == "attendance_report_detail" else []
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(address(name, event, *more)).status_code == 200
        counts.append(len(queries))

    assert counts[1] == counts[0]
