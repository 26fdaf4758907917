"""A plan written to Excel is read again as what it was; lists of people's own are read, too."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from files.list_files import ListError
from plans import excel, plan_import
from plans.models import Activity, PlanImport
from plans.plan_import import Fate
from tests.factories import make_unit, make_user, riga
from tests.plans.making import (
    NOW,
    make_activity,
    make_audience,
    make_channel,
    make_intake,
    make_message,
)

pytestmark = pytest.mark.django_db

HEADERS = [
    *("Veids", "Nosaukums", "Sākums", "Beigas", "Budžets", "Auditorija", "Atbildīgais"),
    "Katru nedēļu līdz",
]


def book(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    file.seek(0)
    return file


def received(intake, file):
    return plan_import.receive(intake, file, "plans.xlsx", by=make_user(), at=NOW)


def fates(record):
    return [outcome.fate for outcome in plan_import.preview(record).outcomes]


@pytest.fixture
def full():
    """Plan an intake in which everything that a row can say is said."""
    intake = make_intake()
    pupils, facebook = make_audience(intake, name="Skolēni; 12. klase"), make_channel(intake)
    make_message(intake)
    make_activity(
        intake,
        kind="open_day",
        title="Mākslīgais intelekts",
        title_en="AI",
        starts_at=riga(2026, 3, 25, 18),
        last_on=date(2026, 4, 29),
        owner=make_user(full_name="Ilze Kalniņa"),
        unit=make_unit(name="Tiesību nodaļa"),
        presenter="Jānis Bērziņš",
        audiences=[pupils],
        channels=[facebook],
        budget_planned=Decimal("1234.50"),
        expected_leads=40,
        notes="Pirmā rinda\nOtrā rinda",
    )
    make_activity(intake, kind="conference", title="Konference")
    return intake


@pytest.mark.parametrize("written_in", ["lv", "en"])
@pytest.mark.parametrize("read_in", ["lv", "en"])
def test_an_exported_plan_read_again_changes_nothing(full, written_in, read_in):
    with translation.override(written_in):
        file = io.BytesIO(excel.workbook(full))

    with translation.override(read_in):
        preview = plan_import.preview(received(full, file))
    assert [outcome.fate for outcome in preview.outcomes] == [Fate.SAME, Fate.SAME]
    assert len(preview.ignored) == 2, "state and spent are what came of it, not the plan"


def test_text_that_looks_like_a_formula_is_written_as_text_and_read_again_as_the_same():
    intake = make_intake()
    looks = {
        "title": "=1+1 = četri?",
        "title_en": "@home",
        "presenter": '=HYPERLINK("http://evil.example","x")',
        "notes": "+371\n-5",
    }
    make_activity(intake, **looks)
    file = io.BytesIO(excel.workbook(intake))

    title = openpyxl.load_workbook(file).worksheets[0]["C2"]
    assert (title.value, title.data_type, title.quotePrefix) == (looks["title"], "s", True)

    Activity.objects.filter(**looks).update(title="Changed")
    plan_import.carry_out(received(intake, file), by=make_user(), at=NOW)

    assert intake.activities.filter(**looks).exists()


def test_an_exported_plan_makes_the_same_plan_of_an_empty_intake(full):
    rows = [row[1:] for row in sheet(full)]
    other = make_intake(season="autumn")
    for audience in full.audiences.all():
        make_audience(other, name=audience.name)
    for channel in full.channels.all():
        make_channel(other, name=channel.name)

    done = plan_import.carry_out(received(other, book(*rows)), by=make_user(), at=NOW)

    assert done.count(Fate.NEW) == 2
    names = ("kind", "title", "title_en", "starts_at", "ends_at", "last_on", "owner", "unit")
    more = ("presenter", "budget_planned", "expected_leads", "notes")
    assert list(other.activities.values(*names, *more)) == list(
        full.activities.values(*names, *more)
    )


def sheet(intake):
    workbook = openpyxl.load_workbook(io.BytesIO(excel.workbook(intake)))
    return [list(row) for row in workbook.worksheets[0].iter_rows(values_only=True)]


def test_the_workbook_holds_the_plan_the_grid_the_audiences_and_the_channels(full):
    with translation.override("en"):
        workbook = openpyxl.load_workbook(io.BytesIO(excel.workbook(full)))

    assert workbook.sheetnames == [
        "Activities",
        "Communication plan",
        "Grid",
        "Target audiences",
        "Channels",
    ]
    assert workbook["Target audiences"]["A2"].value == "Skolēni; 12. klase"


def test_a_list_of_ones_own_is_read_with_latvian_words():
    intake = make_intake()
    make_audience(intake, name="Skolēni")
    ilze = make_user(full_name="Ilze Kalniņa")
    rows = [
        ["Pavasara plāns"],
        [],
        HEADERS,
        [
            "Vieslekcija",
            "Nodokļi",
            "12. marts, 18:00",
            "19:30",
            "1 250,50 €",
            "skoleni",
            ilze.email,
        ],
        [
            "atvērto durvju diena",
            "Durvis",
            "2026. gada 4. aprīlī plkst. 11:00",
            None,
            80,
            None,
            None,
        ],
    ]

    plan_import.carry_out(received(intake, book(*rows)), by=make_user(), at=NOW)

    lecture, doors = intake.activities.all()
    assert (lecture.kind, lecture.starts_at, lecture.ends_at) == (
        "guest_lecture",
        riga(2026, 3, 12, 18),
        riga(2026, 3, 12, 19, 30),
    )
    assert (lecture.budget_planned, lecture.owner) == (Decimal("1250.50"), ilze)
    assert [each.name for each in lecture.audiences.all()] == ["Skolēni"]
    assert (doors.kind, doors.starts_at) == ("open_day", riga(2026, 4, 4, 11))
    assert doors.ends_at == riga(2026, 4, 4, 12, 30)


def test_the_same_list_twice_changes_nothing():
    intake = make_intake()
    rows = [HEADERS[:3], ["Konference", "AI", "12.03.2026 18:00"]]

    first = plan_import.carry_out(received(intake, book(*rows)), by=make_user(), at=NOW)
    again = plan_import.carry_out(received(intake, book(*rows)), by=make_user(), at=NOW)

    assert (first.count(Fate.NEW), again.count(Fate.SAME)) == (1, 1)
    assert intake.activities.count() == 1
    assert intake.activities.get().revision == 1


def test_a_later_list_says_what_it_changes_and_leaves_alone_what_it_does_not_name():
    intake = make_intake()
    activity = make_activity(intake, kind="conference", title="AI", expected_leads=5, notes="Keep")
    rows = [["Kind", "Title", "Date", "Leads"], ["conference", "ai", "11.03.2026 18:00", 8]]
    record = received(intake, book(*rows))

    (outcome,) = plan_import.preview(record).outcomes
    plan_import.carry_out(record, by=make_user(), at=NOW)

    with translation.override("en"):
        assert [change[1:] for change in outcome.changes] == [("AI", "ai"), ("5", "8")]
    activity.refresh_from_db()
    assert (activity.expected_leads, activity.notes, activity.revision) == (8, "Keep", 2)
    assert activity.ends_at == riga(2026, 3, 11, 19, 30)


def test_a_list_writes_only_what_it_names():
    intake = make_intake()
    make_activity(intake, kind="conference", title="AI", expected_leads=5)
    rows = [["Kind", "Title", "Date", "Leads"], ["conference", "AI", "11.03.2026 18:00", 8]]
    record = received(intake, book(*rows))

    with CaptureQueriesContext(connection) as queries:
        plan_import.carry_out(record, by=make_user(), at=NOW)

    (update,) = [each["sql"] for each in queries if 'UPDATE "plans_activity"' in each["sql"]]
    assert '"expected_leads" = 8' in update
    assert "budget_spent" not in update


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["Ballīte", "AI", "12.03.2026"], "“Ballīte” is no kind of activity."),
        (["Konference", "", "12.03.2026"], "Title: The cell is empty."),
        (["Konference", "AI", ""], "Starts: The cell is empty."),
        (["Konference", "AI", "drīz"], "“drīz” is not a date."),
        (["Konference", "AI", "31.02.2026"], "“31.02.2026” is not a date."),
        (["Konference", "AI", "12.03.2026 18:00", "17:00"], "The activity must end after"),
        (["Konference", "AI", "12.03.2026", "", "daudz"], "“daudz” is not an amount."),
        (["Konference", "AI", "12.03.2026", "", "-5"], "“-5” is not an amount."),
        (["Konference", "AI", "12.03.2026", "", "=1+1"], "This is a formula."),
        (["Konference", "AI", "12.03.2026", "", "", "Visi"], "no target audience “Visi”"),
        (["Konference", "AI", "12.03.2026", "", "", "", "Nav"], "Nobody here is called “Nav”."),
        (
            ["Bezmaksas vebinārs", "AI", "12.03.2026", "", "", "", "", "02.04.2026"],
            "A webinar takes place once",
        ),
        (["Konference", "A" * 151, "12.03.2026"], "at most 150 characters"),
    ],
)
def test_a_row_is_refused_with_its_number_and_the_reason(row, reason):
    intake = make_intake()
    good = ["Konference", "Good", "12.03.2026 18:00"]
    record = received(intake, book(HEADERS, good, row))

    with translation.override("en"):
        done = plan_import.carry_out(record, by=make_user(), at=NOW)

    refused = done.outcomes[1]
    assert (refused.row, refused.fate) == (3, Fate.REFUSED)
    assert reason in " ".join(refused.reasons)
    assert [each.title for each in intake.activities.all()] == ["Good"]


def test_a_webinar_planned_every_week_before_stays_so_until_a_list_changes_its_kind_or_days():
    intake = make_intake()
    weekly = make_activity(intake, kind="free_webinar", last_on=date(2026, 5, 27))
    lecture = make_activity(intake, kind="guest_lecture", title="AI", last_on=date(2026, 5, 27))
    headers = ["Nr.", "Veids", "Nosaukums", "Sākums", "Katru nedēļu līdz"]

    def fate(activity, kind, last_on="27.05.2026"):
        row = [activity.pk, kind, activity.title, "11.03.2026 18:00", last_on]
        return plan_import.preview(received(intake, book(headers, row))).outcomes[0].fate

    assert fate(weekly, "Bezmaksas vebinārs") == Fate.SAME
    assert fate(weekly, "Bezmaksas vebinārs", "20.05.2026") == Fate.REFUSED
    assert fate(weekly, "Bezmaksas vebinārs", "") == Fate.CHANGED
    assert fate(weekly, "Maksas vebinārs") == Fate.REFUSED
    assert fate(lecture, "Bezmaksas vebinārs") == Fate.REFUSED


def test_a_second_row_about_the_same_activity_is_refused():
    row = ["Konference", "AI", "12.03.2026 18:00"]
    record = received(make_intake(), book(HEADERS, row, row))

    with translation.override("en"):
        outcomes = plan_import.preview(record).outcomes

    assert [outcome.fate for outcome in outcomes] == [Fate.NEW, Fate.REFUSED]
    assert outcomes[1].reasons == ["The same activity is in row 2 already."]


def test_a_number_of_another_intake_is_refused():
    intake, elsewhere = make_intake(), make_activity(make_intake(season="autumn"))
    rows = [["Nr.", *HEADERS[:3]], [elsewhere.pk, "Konference", "AI", "12.03.2026"]]

    assert fates(received(intake, book(*rows))) == [Fate.REFUSED]


def test_what_is_done_is_not_changed_by_a_list():
    intake = make_intake()
    make_activity(intake, kind="conference", title="AI", state=Activity.State.DONE)
    rows = [["Kind", "Title", "Date", "Leads"], ["conference", "AI", "11.03.2026 18:00", 8]]

    assert fates(received(intake, book(*rows))) == [Fate.REFUSED]


@pytest.mark.parametrize("rows", [[["A", "B"]], [HEADERS]])
def test_a_list_without_titles_or_without_activities_is_none(rows):
    with pytest.raises(ListError):
        received(make_intake(), book(*rows))


def test_a_forgotten_list_is_thrown_away_with_the_next_one():
    intake = make_intake()
    rows = [HEADERS[:3], ["Konference", "AI", "12.03.2026 18:00"]]
    forgotten = received(intake, book(*rows))
    PlanImport.objects.update(uploaded_at=riga(2026, 1, 10))

    received(intake, book(*rows))

    assert not PlanImport.objects.filter(pk=forgotten.pk).exists()


def test_a_list_is_uploaded_looked_at_and_confirmed_in_the_browser(client_for):
    intake = make_intake()
    client = client_for(make_user())
    file = SimpleUploadedFile(
        "plans.xlsx",
        book(HEADERS[:3], ["Konference", "AI", "12.03.2026 18:00"], ["?", "B", "1"]).read(),
    )

    preview = client.post(
        reverse("plans:plan_import", args=[intake.pk]), {"file": file}, follow=True
    )
    assert not intake.activities.exists()
    client.post(preview.request["PATH_INFO"])

    assert "“?” is no kind of activity." in preview.text
    assert intake.activities.get().title == "AI"
    assert not PlanImport.objects.exists()


def test_the_export_is_a_file_to_keep(client_for, full):
    response = client_for(make_user()).get(reverse("plans:intake_export", args=[full.pk]))

    assert response["Content-Disposition"].startswith('attachment; filename="plan-2026-spring-')
    assert openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames[0] == "Activities"
