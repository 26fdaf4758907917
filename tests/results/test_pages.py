"""What the pages of results do, as the director and the marketing head use them."""

import io
from datetime import UTC, date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Role
from goals.models import Series
from opendays.models import LeadCount
from plans.models import Activity, Intake
from results import exports, page, reviews
from results.facts import content
from results.models import Decision, Enrolled, GoalNote, Review, Snapshot, SnapshotFile
from tests.factories import (
    make_event,
    make_indicator,
    make_registration,
    make_task,
    make_user,
    measure,
)
from tests.plans.making import make_activity, make_intake
from tests.results.making import NOW, make_finished_intake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]


DAY = timedelta(days=1)


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def intake():
    return make_finished_intake()


@pytest.fixture
def head(client_for):
    return client_for(make_user(full_name="Head"))


@pytest.fixture
def director(client_for):
    return client_for(make_user(full_name="Director", role=Role.DIRECTOR))


def url(name, *args):
    return reverse(f"results:{name}", args=args)


def freeze(intake):
    return reviews.freeze(reviews.begin(intake), by=make_user(), at=NOW)


def test_the_first_screen_says_in_five_lines_how_it_went(head, intake):
    page = head.get(url("intake_results", intake.pk)).context["page"]

    assert [line.title for line in page.lines] == [
        "Goals",
        "New leads",
        "Activities",
        "Money",
        "The work",
    ]
    assert page.lines[2].text == "1 of 2 planned took place; cancelled: 1, moved: 1."
    assert page.lines[3].text.startswith("180.00\xa0€ spent of 200.00\xa0€ planned.")


def test_a_frozen_page_stays_as_it_was_and_says_what_changed_since(head, intake):
    frozen = freeze(intake).pages["en"]
    LeadCount.objects.update(count=9)

    response = head.get(url("intake_results", intake.pk))

    assert frozen in response.content.decode()
    changes = response.context["since"].changes
    assert [(each.label, each.before, each.after) for each in changes] == [
        ("Leads: Open days", "7", "9")
    ]


def test_what_changed_stands_below_the_page_and_above_it_is_only_named(head, intake):
    freeze(intake)
    LeadCount.objects.update(count=9)

    text = head.get(url("intake_results", intake.pk)).content.decode()

    named, summary, table = (
        text.index(each) for each in ('href="#changes"', 'id="summary"', 'id="changes"')
    )
    assert named < summary < table
    assert "1 number reads otherwise now" in text


def test_a_frozen_page_of_which_nothing_changed_says_so(head, intake):
    freeze(intake)

    text = head.get(url("intake_results", intake.pk)).content.decode()

    assert "Nothing has changed since." in text
    assert 'id="changes"' not in text


def test_of_what_is_counted_by_other_rules_by_now_no_change_is_told(head, intake):
    snapshot = freeze(intake)
    Snapshot.objects.update(content={**snapshot.content, "format": 2})
    Activity.objects.update(budget_planned=7)
    make_task()

    text = head.get(url("intake_results", intake.pk)).content.decode()

    assert "so what changed there cannot be told: Money." in text
    assert "Open day: Planned" not in text
    assert "Tasks of the team" in text[text.index('id="changes"') :]


def test_a_frozen_page_survives_other_words_and_another_template(
    head, intake, settings, tmp_path, monkeypatch
):
    frozen = freeze(intake).pages["en"]
    (tmp_path / "results").mkdir()
    (tmp_path / "results/_content.html").write_text("Another template.")
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    monkeypatch.setattr(page, "draw", lambda content: None)

    assert frozen in head.get(url("intake_results", intake.pk)).content.decode()
    assert (
        "Another template." in head.get(url("intake_results", intake.pk) + "?now").content.decode()
    )


def test_last_year_stands_beside_as_it_was_confirmed(head, intake):
    before = make_intake(year=2025, begins_on=date(2025, 1, 13), ends_on=date(2025, 6, 30))
    activity = make_activity(before, state="done", budget_spent=100)
    review = reviews.begin(before)
    snapshot = reviews.freeze(review, by=make_user(), at=NOW)
    Review.objects.filter(pk=review.pk).update(held_on=NOW.date())
    for role in (Role.DIRECTOR, Role.MARKETING_HEAD):
        review.confirm(snapshot, by=make_user(role=role), at=NOW)
    activity.budget_spent = 999
    activity.save()

    drawn = head.get(url("intake_results", intake.pk)).context["page"]

    money = next(part for part in drawn.parts if part.key == "money")
    assert money.total.cells[1].before == "100.00\xa0€"


def test_what_it_would_say_now_is_a_click_away(head, intake):
    freeze(intake)
    LeadCount.objects.update(count=9)

    page = head.get(url("intake_results", intake.pk) + "?now").context["page"]

    funnel = next(part for part in page.parts if part.key == "funnels")
    leads = next(row for row in funnel.rows if row.label == "Leads")
    assert "9" in [cell.words for cell in leads.cells]


def test_the_day_of_the_meeting_is_written_down(head, intake):
    reviews.begin(intake)

    head.post(
        url("meeting_update", intake.pk),
        {"held_on": "2026-07-03", "summary": "Wednesdays work.", "revision": 1},
    )

    review = Review.objects.get()
    assert (review.held_on, review.summary) == (date(2026, 7, 3), "Wednesdays work.")


def test_the_icons_of_a_frozen_page_come_from_the_address_that_stays(intake, monkeypatch):
    monkeypatch.setattr(reviews, "static", lambda name: "/static/icons.0123.svg")
    monkeypatch.setattr("ui.templatetags.ui.static", lambda name: "/static/icons.0123.svg")

    kept = freeze(intake).pages["lv"]

    assert "/static/icons.svg#" in kept
    assert "0123" not in kept


@pytest.mark.parametrize("seen", ["", "x", "0"])
def test_nothing_is_confirmed_that_was_not_seen(director, intake, seen):
    freeze(intake)
    Review.objects.update(held_on=NOW.date())

    response = director.post(url("review_step", intake.pk, "confirm"), {"snapshot": seen})

    assert response.status_code == 404
    assert Review.objects.get().confirmations == {}


def test_the_director_reads_and_confirms(director, intake):
    snapshot = freeze(intake)
    Review.objects.update(held_on=NOW.date())

    response = director.post(
        url("review_step", intake.pk, "confirm"), {"snapshot": snapshot.pk}, follow=True
    )

    assert [str(each) for each in response.context["messages"]] == ["Confirmed."]
    assert "Director Director confirmed on" in response.content.decode()


@pytest.mark.parametrize(
    ("held_on", "is_asked"), [(None, False), (NOW.date(), True)], ids=["no meeting", "held"]
)
def test_the_button_to_confirm_is_there_once_nothing_is_missing(
    director, intake, held_on, is_asked
):
    freeze(intake)
    Review.objects.update(held_on=held_on)

    page = director.get(url("review_detail", intake.pk)).content.decode()

    assert (url("review_step", intake.pk, "confirm") in page) is is_asked
    assert ("Write down first on which day the meeting was." in page) is not is_asked


def test_what_was_confirmed_earlier_is_shown_with_its_notes_and_decisions(director, intake):
    snapshot = freeze(intake)
    review = Review.objects.get()
    review.held_on, review.summary = NOW.date(), "Wednesdays work."
    review.save()
    review.goal_notes.update(text="More leads than planned.")
    for person in (make_user(), make_user(role=Role.DIRECTOR)):
        review.confirm(snapshot, by=person, at=NOW)
    review.reopen(by=make_user(), at=NOW, reason="A wrong invoice.")
    review.goal_notes.update(text="Fewer.")

    shown = director.get(url("snapshot_detail", snapshot.pk)).content.decode()

    assert "Wednesdays work." in shown
    assert "More leads than planned." in shown
    assert "Fewer." not in shown


def test_a_page_of_the_review_reads_the_frozen_figures_once(head, intake):
    freeze(intake)
    freeze(intake)

    with CaptureQueriesContext(connection) as queries:
        head.get(url("review_detail", intake.pk))

    of_snapshots = [each["sql"] for each in queries if 'FROM "results_snapshot"' in each["sql"]]
    assert len(of_snapshots) == 2, "the one the review is about, and those opened again"
    assert not any('"content"' in sql or '"pages"' in sql for sql in of_snapshots)


def close(intake):
    snapshot = freeze(intake)
    review = Review.objects.get()
    review.held_on = NOW.date()
    review.save()
    for person in (make_user(), make_user(role=Role.DIRECTOR)):
        reviews.confirm(review, snapshot, by=person, at=NOW)
    return snapshot


@pytest.mark.parametrize("name", ["report_pdf", "results_xlsx"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_a_file_of_a_closed_intake_is_the_one_that_was_drawn_then(
    client_for, intake, name, language, monkeypatch
):
    close(intake)
    head = client_for(make_user(language=language))
    first = head.get(url(name, intake.pk)).content
    monkeypatch.setattr(exports, "DRAW", {})

    Intake.objects.update(ends_on=date(2026, 6, 1))
    GoalNote.objects.update(text="Otherwise.")

    assert head.get(url(name, intake.pk)).content == first
    assert SnapshotFile.objects.count() == 4


@pytest.mark.parametrize(
    ("kept", "of_intake"), [("snapshot_pdf", "report_pdf"), ("snapshot_xlsx", "results_xlsx")]
)
def test_a_file_that_was_confirmed_is_there_also_once_the_intake_is_opened_again(
    head, director, intake, kept, of_intake
):
    snapshot = close(intake)
    first = head.get(url(of_intake, intake.pk)).content
    Review.objects.get().reopen(by=make_user(), at=NOW, reason="A wrong invoice.")
    GoalNote.objects.update(text="Otherwise.")

    shown = director.get(url("snapshot_detail", snapshot.pk)).content.decode()

    assert url(kept, snapshot.pk) in shown
    assert head.get(url(kept, snapshot.pk)).content == first
    assert "rezultati-2026-spring-1." in head.get(url(kept, snapshot.pk))["Content-Disposition"]


def test_what_was_never_confirmed_has_no_files(head, intake):
    snapshot = freeze(intake)

    shown = head.get(url("snapshot_detail", snapshot.pk)).content.decode()

    assert url("snapshot_pdf", snapshot.pk) not in shown
    assert head.get(url("snapshot_pdf", snapshot.pk)).status_code == 404


def test_a_file_that_is_not_kept_yet_is_drawn_and_kept(head, intake):
    close(intake)
    SnapshotFile.objects.all().delete()

    head.get(url("results_xlsx", intake.pk))

    assert [(each.kind, each.language) for each in SnapshotFile.objects.all()] == [("xlsx", "en")]


def test_a_file_that_could_not_be_drawn_leaves_the_intake_closed_and_is_told_of(
    head, intake, monkeypatch, caplog
):
    snapshot = freeze(intake)
    Review.objects.update(held_on=NOW.date())
    reviews.confirm(Review.objects.get(), snapshot, by=make_user(role=Role.DIRECTOR), at=NOW)
    monkeypatch.setitem(exports.DRAW, "pdf", lambda shown, at: 1 / 0)

    response = head.post(
        url("review_step", intake.pk, "confirm"), {"snapshot": snapshot.pk}, follow=True
    )

    warning, done = [str(each) for each in response.context["messages"]]
    assert "not all of its files could be drawn" in warning
    assert done == "Confirmed."
    assert Review.objects.get().is_closed
    assert {each.kind for each in SnapshotFile.objects.all()} == {"xlsx"}
    assert caplog.messages == [
        f"The pdf ({language}) of intake {intake.pk} was not drawn" for language in ("lv", "en")
    ]


def test_a_file_that_is_drawn_later_says_when_that_was(head, intake, monkeypatch):
    close(intake)
    SnapshotFile.objects.all().delete()
    monkeypatch.setitem(exports.DRAW, "pdf", lambda shown, at: at.isoformat().encode())

    with time_machine.travel(NOW + DAY, tick=False):
        drawn = head.get(url("report_pdf", intake.pk)).content

    assert drawn.decode() == timezone.localtime(NOW + DAY, UTC).isoformat()


@pytest.mark.parametrize("name", ["intake_presentation", "results_xlsx"])
def test_figures_of_a_newer_version_are_said_not_to_be_readable(head, intake, name):
    snapshot = freeze(intake)
    Snapshot.objects.update(content={**snapshot.content, "format": 99})

    response = head.get(url(name, intake.pk), follow=True)

    assert [str(each) for each in response.context["messages"]] == [
        "These figures were frozen by a newer version, which this one cannot read."
    ]
    assert response.context["since"] is None
    assert snapshot.pages["en"] in response.content.decode()
    assert head.get(url("intake_print", intake.pk)).status_code == 200


def test_the_report_has_a_name_to_be_kept_under(head, intake):
    response = head.get(url("report_pdf", intake.pk))

    assert response["Content-Type"] == "application/pdf"
    assert 'filename="rezultati-2026-spring.pdf"' in response["Content-Disposition"]


def test_the_workbook_has_numbers_that_can_be_calculated_with(head, intake):
    response = head.get(url("results_xlsx", intake.pk))

    sheet = load_workbook(io.BytesIO(response.content))["Money"]
    rows = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True)}
    assert rows["Together"][:2] == (200, 180)


def test_how_many_enrolled_is_typed(head, intake):
    response = head.post(
        url("enrolled_update", intake.pk, "open_day"), {"count": 12, "note": "Lists", "revision": 1}
    )

    assert response.url == url("intake_results", intake.pk)
    assert Enrolled.objects.get().count == 12


def test_a_number_that_is_none_leaves_nothing_behind(head, intake):
    address = url("enrolled_update", intake.pk, "open_day")

    response = head.post(address, {"count": "many", "note": "", "revision": 1})

    assert response.context["form"].errors
    assert not Enrolled.objects.exists()


def test_of_two_who_write_the_first_number_of_enrolled_the_second_is_told(head, client_for, intake):
    address, other = url("enrolled_update", intake.pk, "open_day"), client_for(make_user())

    other.post(address, {"count": 12, "note": "Lists", "revision": 1})
    response = head.post(address, {"count": 13, "note": "", "revision": 1})

    assert response.context["form"].conflict
    assert [(each.count, each.note) for each in Enrolled.objects.all()] == [(12, "Lists")]


@pytest.mark.parametrize("name", ["intake_print", "intake_presentation"])
def test_it_is_shown_to_be_printed_and_on_a_wall(head, intake, name):
    assert "What did not go as planned" in head.get(url(name, intake.pk)).content.decode()


def test_the_presentation_shows_notes_and_decisions_without_a_summary(head, intake):
    freeze(intake)
    GoalNote.objects.update(text="Wednesdays work.")
    Decision.objects.create(
        review=Review.objects.get(), text="Post on Sundays", made_by=make_user(), made_at=NOW
    )

    text = head.get(url("intake_presentation", intake.pk)).content.decode()

    assert "Wednesdays work." in text
    assert "Post on Sundays" in text
    assert "Frozen on 06 Jul 2026, 10:00" in text


def test_the_page_of_an_intake_without_anything_says_so(head, intake):
    intake.activities.all().delete()

    assert head.get(url("intake_results", intake.pk)).status_code == 200


def test_there_are_as_many_queries_for_many_as_for_one(head, intake, django_assert_num_queries):
    head.get(url("intake_results", intake.pk))
    with CaptureQueriesContext(connection) as few:
        head.get(url("intake_results", intake.pk))
    for _number in range(3):
        event = make_event(activity=make_activity(intake))
        make_registration(event)
        make_task(assignee=make_user(role=Role.SPECIALIST))

    with django_assert_num_queries(len(few)):
        head.get(url("intake_results", intake.pk))


@pytest.fixture
def following(intake):
    """The intake after it, whose targets are to be set."""
    series = Series.objects.get(key="new_leads")
    make_indicator(series=series, name="Līdi", name_en="Leads")
    measure(series, {date(2026, 3, day): 10 for day in (1, 2, 3)})
    return make_intake(season="autumn", begins_on=date(2026, 8, 24), ends_on=date(2026, 12, 18))


def test_what_an_intake_reached_stands_beside_the_targets_of_the_next(head, following):
    response = head.get(reverse("plans:intake_targets", args=[following.pk]))

    assert "Spring intake 2026: 30." in response.content.decode()


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.DIRECTOR, True), (Role.MARKETING_HEAD, True), (Role.SPECIALIST, False)],
)
def test_who_sees_results_sees_them_in_the_plan_of_the_next_intake(
    client_for, following, role, sees
):
    page = client_for(make_user(role=role)).get(reverse("plans:intake_detail", args=[following.pk]))

    text = page.content.decode()
    assert ("Spring intake 2026 reached" in text) is sees
    assert ('reached">30</td>' in text) is sees


def test_beside_the_targets_only_what_was_reached_of_them_is_read(head, following, monkeypatch):
    monkeypatch.setattr(content, "read", None)

    text = head.get(reverse("plans:intake_detail", args=[following.pk])).content.decode()

    assert 'reached">30</td>' in text


def test_the_chart_says_how_a_target_that_is_to_stay_small_is_drawn(head, intake):
    words = "Where less is better, it is the target in per cent of what was reached."
    assert words not in head.get(url("intake_results", intake.pk)).content.decode()
    make_indicator(series=Series.objects.get(key="new_leads"), direction="down", start=None)

    assert words in head.get(url("intake_results", intake.pk)).content.decode()
