"""Reports of meetings imported: matching, minutes, absences, and the same file twice."""

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from events import attendance, attendance_import, attendance_plan, stays
from events.attendance_plan import DayOrderQuestionError, ReportError
from events.models import AttendanceReport, Event, Evidence, Registration, Stay
from people.models import Participant
from tests.factories import (
    START,
    make_event,
    make_registration,
    make_user,
    riga,
)
from tests.integrations.meetings import files

pytestmark = pytest.mark.django_db

Kind = Evidence.Kind
AFTER = START + timedelta(hours=3)


def registered(event, first_name, last_name, email="", **fields):
    person = {"first_name": first_name, "last_name": last_name, "email": email, "phone": ""}
    return make_registration(event, person={**person, **fields.pop("person", {})}, **fields)


def upload(event, text, name="report.csv", encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return attendance_import.receive(
        event, ContentFile(content, name), by_id=make_user().pk, now=AFTER
    )


def bring_in(event, text, choices=None, *, is_complete=False, now=AFTER):
    record = upload(event, text)
    attendance_import.confirm(record, choices or {}, is_complete=is_complete, now=now)
    return record


def meet(*people, start="18:00", end="19:00"):
    """Write a report of Meet with one line a person: first name, last name, e-mail."""
    lines = ["First name,Last name,Email,Duration,Time joined,Time exited"]
    return "\n".join([*lines, *(f"{who},60 min,{start},{end}" for who in people)])


def attendance_of(*registrations):
    found = Registration.objects.in_bulk([each.pk for each in registrations])
    return [found[each.pk].attendance for each in registrations]


def evidence(registration):
    rows = registration.evidence.order_by("kind")
    return [(row.kind, row.is_present, row.minutes) for row in rows]


# Whom a line of a report belongs to


def suggested(line):
    return tuple(each.registration for each in line.match.suggestions)


def reasons(event, who):
    """Return what speaks for each who is suggested for the only person of a report."""
    [line] = attendance_plan.plan(upload(event, meet(who))).to_review
    return tuple(each.because for each in line.match.suggestions)


def matches(event, *people):
    plan = attendance_plan.plan(upload(event, meet(*people)))
    return [
        (line.match.registration, line.match.by or line.match.doubt, suggested(line))
        for line in sorted([*plan.matched, *plan.to_review], key=lambda line: int(line.key))
    ]


@pytest.mark.parametrize(
    "shown", ["{}", "Mamma ({})", "JB_{}", "https://smm.example.org/j/{}", "Jānis {} Bērziņš"]
)
def test_the_token_of_a_personal_link_decides_before_email_and_name(shown):
    event = make_event()
    anna = registered(event, "Anna", "Ozola", "anna@example.org")
    registered(event, "Jānis", "Bērziņš", "janis@example.org")

    assert matches(event, f"{shown.format(anna.token)},,janis@example.org") == [(anna, "link", ())]


def test_a_token_counts_as_a_whole_word_of_this_event_only():
    event = make_event()
    anna = registered(event, "Anna", "Ozola")
    stranger = registered(make_event(), "Marta", "Liepa")
    gone = registered(event, "Juris", "Kalns", cancelled_at=START)

    for shown in (f"x{anna.token}", anna.token.swapcase(), stranger.token, gone.token):
        assert matches(event, f"{shown},,")[0][0] is None


def test_whoever_names_the_links_of_two_people_is_asked_about():
    event = make_event()
    anna, janis = registered(event, "Anna", "Ozola"), registered(event, "Jānis", "Bērziņš")

    assert matches(event, f"{anna.token},{janis.token},") == [(None, "two_links", (anna, janis))]


@pytest.mark.parametrize("title", ["Registrant ID", "Customer Key", "Source Name"])
def test_a_token_in_a_column_of_zoom_decides_who_of_one_email_it_was(title):
    """Two people behind the e-mail of one, and by the same name: the column tells them apart."""
    event = make_event()
    anna = registered(event, "Anna", "Ozola", "ozoli@example.org")
    janis = registered(event, "Jānis", "Ozols")
    times = '"Mar 11, 2026 18:00:00","Mar 11, 2026 18:{}:00"'
    text = (
        f"User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),{title}\n"
        f"AO,ozoli@example.org,{times.format(30)},30,{anna.token}\n"
        f"AO,ozoli@example.org,{times.format(40)},40,{janis.token}\n"
    )

    bring_in(event, text)

    assert [evidence(each) for each in (anna, janis)] == [
        [(Kind.REPORT, True, 30)],
        [(Kind.REPORT, True, 40)],
    ]


def test_an_email_decides_however_the_name_is_written():
    event = make_event()
    anna = registered(event, "Anna", "Ozola", "anna@example.org")

    assert matches(event, "AO,, Anna@Example.ORG ") == [(anna, "email", ())]


def test_an_email_known_in_bitrix24_decides():
    event = make_event()
    person = {"bitrix24_email": "anna@work.example"}
    anna = registered(event, "Anna", "Ozola", "anna@example.org", person=person)

    assert matches(event, "AO,,anna@work.example") == [(anna, "other_email", ())]


def test_of_a_family_with_one_email_the_name_decides():
    event = make_event()
    anna = registered(event, "Anna", "Ozola", "ozoli@example.org")
    janis = registered(event, "Jānis", "Ozols", "ozoli@example.org")

    assert matches(event, "Janis,Ozols,ozoli@example.org", "Mamma,,ozoli@example.org") == [
        (janis, "email", ())
    ]
    assert matches(event, "Mamma,,ozoli@example.org") == [(None, "shared_email", (anna, janis))]


def test_dots_of_gmail_are_a_suggestion():
    event = make_event()
    anna = registered(event, "Anna", "Ozola", "anna.ozola@gmail.com")

    assert matches(event, "AO,,annaozola+zoom@gmail.com") == [(None, "no_name", (anna,))]


def test_a_phone_is_nobody_until_the_button_suggests_somebody():
    event = make_event()
    anna = registered(event, "Anna", "Ozola", "anna@example.org")
    registered(event, "Jānis", "Bērziņš")

    assert matches(event, "iPhone,,") == [(None, "no_name", ())]

    attendance.press_join(anna, START - timedelta(minutes=1))

    assert matches(event, "iPhone,,") == [(None, "no_name", (anna,))]


@pytest.mark.parametrize(
    ("shown", "because"),
    [
        ("Anna,Osola,", ("a similar name",)),
        ("AO,,annaozola+zoom@gmail.com", ("the same mailbox, spelt otherwise",)),
        ("Anna,Ozola,other@example.org", ("the same name",)),
        (
            "Anna,Osola,annaozola+zoom@gmail.com",
            ("the same mailbox, spelt otherwise, a similar name",),
        ),
        ("iPhone,,", ()),
    ],
)
def test_a_suggestion_says_what_speaks_for_it(shown, because):
    event = make_event()
    registered(event, "Anna", "Ozola", "anna.ozola@gmail.com")

    with override("en"):
        assert reasons(event, shown) == because


def test_who_pressed_join_at_the_time_is_suggested_with_that_time():
    event = make_event()
    anna = registered(event, "Anna", "Ozola")
    attendance.press_join(anna, START - timedelta(minutes=1))

    with override("en"):
        assert reasons(event, "iPhone,,") == ("pressed “Join” at 17:59",)


def test_whom_several_links_or_a_shared_email_leave_open_are_suggested_for_that():
    event = make_event()
    anna = registered(event, "Anna", "Ozola", "ozoli@example.org")
    janis = registered(event, "Jānis", "Ozols", "ozoli@example.org")

    with override("en"):
        assert reasons(event, f"{anna.token},{janis.token},") == ("the personal link",) * 2
        assert reasons(event, "Mamma,,ozoli@example.org") == ("the same e-mail",) * 2


def test_a_first_name_alone_is_nobody():
    event = make_event()
    registered(event, "Anna", "")
    registered(event, "Anna", "Ozola")

    assert matches(event, "Anna,,") == [(None, "no_name", ())]


def test_who_has_cancelled_is_not_matched():
    event = make_event()
    registered(event, "Anna", "Ozola", "anna@example.org", cancelled_at=START)

    assert matches(event, "Anna,Ozola,anna@example.org") == [(None, "unknown", ())]


def test_nobody_is_made_from_a_name():
    event = make_event()
    make_registration(event)

    bring_in(event, meet("Kaspars,Svešais,"))

    assert Participant.objects.count() == 1


# What an import does


def test_a_zoom_report_counts_minutes_and_leaves_staff_apart():
    event = make_event()
    anna = registered(event, "Anna", "Ozola", "anna@example.org")
    janis = registered(event, "Jānis", "Bērziņš", person={"phone": "+37120001112"})

    record = bring_in(event, files.ZOOM_WEBINAR)

    assert attendance_of(anna, janis) == ["present", "present"]
    assert (evidence(anna), evidence(janis)) == (
        [(Kind.REPORT, True, 25)],
        [(Kind.REPORT, True, 76)],
    )
    assert record.counts == {
        "matched": 2,
        "to_review": 0,
        "staff": 2,
        "brief": 0,
        "pressed": 0,
        "missing": 0,
    }
    anna.refresh_from_db()
    assert anna.joined_at == START


def test_who_came_late_and_left_early():
    event = make_event()
    registered(event, "Jānis", "Bērziņš")
    registered(event, "Ņikita", "Šķēls")

    plan = attendance_plan.plan(upload(event, files.TEAMS))

    assert [
        (line.presence.minutes, line.presence.is_late, line.presence.left_early)
        for line in plan.matched
    ] == [(65, False, False), (48, True, True)]


def test_a_colleague_is_staff_whatever_the_platform_says():
    event = make_event()
    make_user(email="laura@college.example")

    plan = attendance_plan.plan(
        upload(event, meet("Laura,Liepiņa,Laura@college.example", "Anna,Ozola,"))
    )

    assert [line.name for line in plan.staff] == ["Laura Liepiņa"]
    assert [line.name for line in plan.to_review] == ["Anna Ozola"]


def test_less_than_a_minute_does_not_count():
    event = make_event()
    anna = registered(event, "Anna", "Ozola")
    text = meet("Jānis,Bērziņš,") + "\nAnna,Ozola,,1 min,18:00,18:00"

    plan = attendance_plan.plan(upload(event, text))

    assert ([line.name for line in plan.brief], plan.missing) == (["Anna Ozola"], [anna])


def snapshot():
    tables = (Evidence, Stay, Registration)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_the_same_file_twice_changes_nothing():
    event = make_event()
    registered(event, "Anna", "Ozola", "anna@example.org")
    registered(event, "Jānis", "Bērziņš")
    registered(event, "Pēteris", "Kalns")
    bring_in(event, files.ZOOM_WEBINAR, is_complete=True)
    before = snapshot()

    bring_in(event, files.ZOOM_WEBINAR, is_complete=True)

    assert snapshot() == before


def test_confirming_twice_imports_once():
    event = make_event()
    registered(event, "Anna", "Ozola")
    record = upload(event, meet("Anna,Ozola,"))

    done = [
        attendance_import.confirm(record, {}, is_complete=False, now=AFTER) for _turn in range(2)
    ]

    assert done == [True, False]


def test_a_meeting_started_twice_has_two_reports_whose_minutes_add_up():
    event = make_event()
    anna = registered(event, "Anna", "Ozola")

    bring_in(event, meet("Anna,Ozola,", start="18:00", end="18:20"))
    bring_in(event, meet("Anna,Ozola,", start="18:40", end="19:00"))

    assert evidence(anna) == [(Kind.REPORT, True, 40)]


def test_two_lines_of_one_person_are_one_presence():
    event = make_event()
    anna = registered(event, "Anna", "Ozola", "anna@example.org")

    bring_in(event, meet("Anna,Ozola,anna@example.org", "Anna Ozola,,"))

    assert evidence(anna) == [(Kind.REPORT, True, 60)]


def test_the_file_is_deleted_after_the_import(django_capture_on_commit_callbacks):
    event = make_event()
    record = upload(event, meet("Anna,Ozola,"))
    path = Path(record.file.path)
    assert path.exists()
    assert path.stat().st_mode & 0o777 == 0o600

    with django_capture_on_commit_callbacks(execute=True):
        attendance_import.confirm(record, {}, is_complete=False, now=AFTER)

    assert not path.exists()


def test_a_report_nobody_imported_is_deleted_after_a_day():
    record = upload(make_event(), meet("Anna,Ozola,"))
    path = Path(record.file.path)

    kept = attendance_import.discard_forgotten(AFTER + timedelta(hours=23))
    deleted = attendance_import.discard_forgotten(AFTER + timedelta(hours=24))

    assert (kept, deleted, path.exists()) == (0, 1, False)


def test_names_nobody_matched_are_forgotten_after_a_month():
    record = bring_in(make_event(), meet("Kaspars,Svešais,"))
    assert [line.name for line in attendance_import.strangers(record)] == ["Kaspars Svešais"]

    attendance_import.discard_forgotten(AFTER + timedelta(days=30))

    assert AttendanceReport.objects.get().strangers == []


# Who is absent


def test_an_incomplete_report_makes_nobody_absent():
    event = make_event(entry=Event.Entry.OPEN_LINK)
    anna, janis = registered(event, "Anna", "Ozola"), registered(event, "Jānis", "Bērziņš")

    bring_in(event, meet("Anna,Ozola,"))

    assert attendance_of(anna, janis) == ["present", ""]


def test_a_complete_report_makes_absent_whom_nothing_else_has_seen():
    event = make_event(entry=Event.Entry.OPEN_LINK)
    anna, janis, marta, zane = (
        registered(event, first, "Ozola") for first in ("Anna", "Jana", "Marta", "Zane")
    )
    attendance.press_join(marta, START)
    attendance.record(zane, Kind.STAFF, is_present=True, at=AFTER)

    bring_in(event, meet("Anna,Ozola,"), is_complete=True)

    assert attendance_of(anna, janis, marta, zane) == ["present", "absent", "present", "present"]
    assert evidence(marta) == [(Kind.BUTTON, True, None)]


def test_who_pressed_the_button_meanwhile_is_not_called_absent():
    event = make_event()
    marta = registered(event, "Marta", "Kalna")
    attendance.press_join(marta, START)

    stays.call_absent(event, [marta.pk], AFTER)

    assert (attendance_of(marta), evidence(marta)) == (["present"], [(Kind.BUTTON, True, None)])


def test_the_button_is_shown_for_review_when_the_report_lacks_the_person():
    event = make_event()
    registered(event, "Anna", "Ozola")
    marta = registered(event, "Marta", "Kalna")
    attendance.press_join(marta, START)

    plan = attendance_plan.plan(upload(event, meet("Anna,Ozola,")))

    assert (plan.pressed, plan.missing) == ([marta], [])


def test_what_staff_say_outweighs_the_report():
    event = make_event()
    anna = registered(event, "Anna", "Ozola")
    attendance.record(anna, Kind.STAFF, is_present=False, at=AFTER)

    bring_in(event, meet("Anna,Ozola,"))

    assert attendance_of(anna) == ["absent"]


def test_a_second_report_that_names_somebody_overrules_the_first_complete_one():
    event = make_event()
    registered(event, "Anna", "Ozola")
    janis = registered(event, "Jānis", "Bērziņš")
    bring_in(event, meet("Anna,Ozola,"), is_complete=True)
    assert attendance_of(janis) == ["absent"]

    bring_in(event, meet("Jānis,Bērziņš,"))

    assert (attendance_of(janis), evidence(janis)) == (["present"], [(Kind.REPORT, True, 60)])


# Those a person matched


def test_a_choice_in_the_preview_counts_and_the_rest_waits():
    event = make_event()
    anna, janis = registered(event, "Anna", "Ozola"), registered(event, "Jānis", "Bērziņš")

    record = bring_in(
        event, meet("AO,,", "JB,,", "Zoom user,,"), {"0": anna, "2": None}, is_complete=True
    )

    assert attendance_of(anna, janis) == ["present", "absent"]
    assert [line.name for line in attendance_import.strangers(record)] == ["JB"]


def test_a_choice_after_the_import_flips_absent_to_present():
    event = make_event()
    janis = registered(event, "Jānis", "Bērziņš")
    record = bring_in(event, meet("JB,,"), is_complete=True)
    assert attendance_of(janis) == ["absent"]

    count = attendance_import.match_strangers(record, {"0": janis})

    assert (count, attendance_of(janis)) == (1, ["present"])
    assert evidence(janis) == [(Kind.REPORT, True, 60)]
    assert attendance_import.strangers(record) == []


# Which day, which event, which file

ZOOM_DAY = """\
Name (original name),Email,Join time,Leave time,Duration (minutes),Guest
Anna Ozola,,03/02/26 18:00:00,03/02/26 19:00:00,60,Yes
"""


def test_where_both_days_had_an_event_a_person_is_asked():
    event = make_event(starts_at=riga(2026, 2, 3, 18))
    make_event(starts_at=riga(2026, 3, 2, 18))
    registered(event, "Anna", "Ozola")
    record = upload(event, ZOOM_DAY)

    with pytest.raises(DayOrderQuestionError) as question:
        attendance_plan.plan(record)

    days = {order.value: f"{day:%d.%m.%Y}" for order, day in question.value.days.items()}
    assert days == {"day_first": "03.02.2026", "month_first": "02.03.2026"}
    record.day_order = "day_first"
    assert len(attendance_plan.plan(record).matched) == 1
    record.day_order = "month_first"
    with override("en"), pytest.raises(ReportError, match="Nobody of this report was there"):
        attendance_plan.plan(record)


def test_the_report_of_another_day_is_refused():
    event = make_event(starts_at=START + timedelta(days=7))

    with override("en"), pytest.raises(ReportError) as refusal:
        attendance_plan.plan(upload(event, files.ZOOM_WEBINAR))

    assert "17:45" in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is not a spreadsheet."),
        (b"Name,E-mail\nAnna,anna@example.org\n", "not an attendance report"),
        (files.ZOOM_UNIQUE_USERS.encode(), "does not say when people joined"),
        (b"<html><table><tr><td>1", "This is a web page"),
    ],
)
def test_a_wrong_file_is_refused_with_one_sentence(content, sentence):
    with override("en"), pytest.raises(ReportError, match=sentence):
        upload(make_event(), content)

    assert not AttendanceReport.objects.exists()


def test_a_report_saved_again_in_excel_is_read():
    workbook = openpyxl.Workbook()
    workbook.active.append(
        ["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Guest"]
    )
    for hour in (18, 19):
        workbook.active.append(
            [
                "Anna Ozola",
                None,
                START.replace(hour=hour, tzinfo=None),
                START.replace(hour=hour, minute=30, tzinfo=None),
                "Yes",
            ]
        )
    written = io.BytesIO()
    workbook.save(written)
    event = make_event()
    anna = registered(event, "Anna", "Ozola")

    record = upload(event, written.getvalue(), "report.xlsx")
    attendance_import.confirm(record, {}, is_complete=False, now=AFTER)

    assert evidence(anna) == [(Kind.REPORT, True, 60)]


def test_a_large_report_takes_as_many_queries_as_a_small_one():
    counts = []
    for people in (5, 60):
        event = make_event()
        for number in range(people):
            registered(event, "Anna", f"Ozola{chr(97 + number // 20)}{chr(97 + number % 20)}")
        names = [f"Anna,Ozola{chr(97 + n // 20)}{chr(97 + n % 20)}," for n in range(people)]
        record = upload(event, meet(*names))
        with CaptureQueriesContext(connection) as queries:
            attendance_import.confirm(record, {}, is_complete=True, now=AFTER)
        counts.append(len(queries))
        assert record.counts["matched"] == people

    assert counts[1] == counts[0]
