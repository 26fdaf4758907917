"""What the three platforms' reports say, read into people and times."""

from datetime import datetime

import pytest

from integrations.meetings import reading
from integrations.meetings.dates import DayOrder
from integrations.meetings.intervals import Interval, clipped, minutes_of, seconds_present
from integrations.meetings.report import (
    NotAReportError,
    NoTimesError,
    Platform,
    attendees_of,
)
from tests.integrations.meetings import files

STARTS = datetime(2026, 3, 11, 18)


def at(hour, minute, second=0):
    return datetime(2026, 3, 11, hour, minute, second)


def people(text, starts=STARTS):
    report = reading.read([files.rows(text)])
    return attendees_of(report, report_order(report), starts)


def report_order(report):
    return min(
        report.day_orders() or [DayOrder.DAY_FIRST],
        key=lambda order: abs(report.first_moment(order) - STARTS) if report.has_dates else 0,
    )


def told(text):
    return [
        (each.name, each.email, each.is_staff, [(i.joined, i.left) for i in each.intervals])
        for each in people(text)
    ]


def minutes(attendee):
    return minutes_of(seconds_present(attendee.intervals))


def test_a_zoom_webinar_is_read_block_by_block():
    found = [(each.name, each.email, each.is_staff) for each in people(files.ZOOM_WEBINAR)]

    assert found == [
        ("Biznesa vadības koledža", "info@college.example", True),
        ("Laura Liepiņa", "laura@college.example", True),
        ("Anna Ozola", "Anna@Example.org", False),
        ("JB (Jānis Bērziņš)", "", False),
    ]


def test_three_rows_of_one_person_become_one_with_merged_minutes():
    anna = people(files.ZOOM_WEBINAR)[2]

    # 18:00 to 18:10, 18:20 to 18:25, and 18:05 to 18:25 over both.
    assert minutes(anna) == 25
    assert min(each.joined for each in anna.intervals) == at(18, 0)


def test_a_zoom_meeting_leaves_out_the_host_and_the_waiting_room():
    assert told(files.ZOOM_MEETING) == [
        ("College (Host)", "info@college.example", True, [(at(17, 55), at(19, 30))]),
        ("Anna Ozola", "anna@example.org", False, [(at(18, 0), at(19, 30))]),
    ]


def test_a_zoom_report_without_times_says_so():
    with pytest.raises(NoTimesError):
        reading.read([files.rows(files.ZOOM_UNIQUE_USERS)])


TEAMS_PEOPLE = [
    ("laura@college.example", True, [(at(17, 55, 12), at(19, 31))]),
    ("nikita@example.org", False, [(at(18, 0), at(18, 30)), (at(18, 55), at(19, 30))]),
    ("", False, [(at(18, 12), at(19, 0))]),
]


@pytest.mark.parametrize("text", [files.TEAMS, files.TEAMS_LATVIAN])
@pytest.mark.parametrize("written", [str, files.with_commas])
def test_teams_is_read_joining_by_joining_in_both_languages(text, written):
    assert reading.read([files.rows(written(text))]).platform is Platform.TEAMS
    found = told(written(text))

    assert [each[1:] for each in found] == TEAMS_PEOPLE
    assert [each[0] for each in found][:2] == ["Laura Liepiņa", "Ņikita Šķēls"]


def test_an_older_teams_report_has_one_row_per_person():
    without_joinings = files.TEAMS.partition("3. In-Meeting")[0]

    found = told(without_joinings)

    assert [each[1:] for each in found][1] == (
        "nikita@example.org",
        False,
        [(at(18, 0), at(19, 30))],
    )


def test_columns_of_teams_may_stand_in_another_order():
    lines = [
        "2. Participants",
        "Role\tName\tEmail\tEngagement\tFirst join\tLast leave",
        "Organizer\tLaura\tlaura@college.example\t3\t21/3/26 18:00:00\t21/3/26 19:00:00",
        "Attendee\tAnna Ozola\tanna@example.org\t\t21/3/26 18:00:00\t21/3/26 19:00:00",
    ]

    found = [(each.name, each.email, each.is_staff) for each in people("\n".join(lines))]

    assert found == [
        ("Laura", "laura@college.example", True),
        ("Anna Ozola", "anna@example.org", False),
    ]


def test_meet_counts_the_time_really_spent():
    found = people(files.MEET)

    assert [(each.name, each.email) for each in found] == [
        ("Anna Ozola", "anna@example.org"),
        ("Jānis Bērziņš", ""),
    ]
    # Anna was away for a while between 18:01 and 19:30.
    assert [minutes(each) for each in found] == [62, 58]


@pytest.mark.parametrize("starts", [datetime(2026, 3, 11, 23, 30), datetime(2026, 3, 12, 0, 0)])
def test_meet_goes_over_midnight(starts):
    text = (
        "First name,Last name,Email,Duration,Time joined,Time exited\n"
        "Anna,Ozola,,30 min,23:50,00:20\n"
        "Jānis,Bērziņš,,10 min,00:05,00:15\n"
    )

    anna, janis = people(text, starts)

    assert minutes(anna) == 30
    assert anna.intervals[0].joined == datetime(2026, 3, 11, 23, 50)
    assert janis.intervals[0].joined == datetime(2026, 3, 12, 0, 5)


@pytest.mark.parametrize(
    "text",
    [
        "First name,Last name,Email,Duration,Time joined,Time exited\n"
        "5Mabcdefgh,,,60 min,18:00,19:00\n",
        "2. Participants\n"
        "Name\tFirst join\tLast leave\tIn-meeting duration\n"
        "5Mabcdefgh\t11.03.2026 18:00:00\t11.03.2026 19:00:00\t60m\n",
    ],
)
def test_a_name_that_could_be_a_duration_is_a_name(text):
    """A personal link's token may begin with a number and the letter of a unit."""
    (found,) = people(text)

    assert (found.name, minutes(found)) == ("5Mabcdefgh", 60)


def test_two_telephones_of_the_same_make_are_two_people():
    text = (
        "First name,Last name,Email,Duration,Time joined,Time exited\n"
        "iPhone,,,30 min,18:00,18:30\n"
        "iPhone,,,30 min,18:30,19:00\n"
        "Anna,Ozola,,30 min,18:00,18:30\n"
        "Anna,Ozola,,30 min,18:30,19:00\n"
    )

    assert [each.name for each in people(text)] == ["iPhone", "iPhone", "Anna Ozola"]


@pytest.mark.parametrize(
    "text",
    [
        "Name,E-mail,Phone\nAnna Ozola,anna@example.org,20000001\n",
        "Date,Amount\n11.03.2026,12\n",
        "2. Participants\n",
        "just a line",
    ],
)
def test_other_files_are_not_reports(text):
    with pytest.raises(NotAReportError):
        reading.read([files.rows(text)])


def test_what_lies_outside_the_event_is_cut_off():
    stay = Interval(at(17, 0), at(18, 30))

    assert clipped([stay, Interval(at(16, 0), at(17, 0))], at(17, 45), at(19, 0)) == [
        Interval(at(17, 45), at(18, 30))
    ]
