"""What the pages of results do, as the director and the marketing head use them."""

import io
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Role
from goals.models import Series
from opendays.models import LeadCount
from results import reviews
from results.models import Enrolled, Review
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
    assert page.lines[3].text.startswith("180.00 € spent of 200.00 € planned.")


def test_a_frozen_page_stays_as_it_was_and_says_what_changed_since(head, intake):
    frozen = freeze(intake).pages["en"]
    LeadCount.objects.update(count=9)

    response = head.get(url("intake_results", intake.pk))

    assert frozen in response.content.decode()
    assert [(each.label, each.before, each.after) for each in response.context["changes"]] == [
        ("Leads: Open days", "7", "9")
    ]


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
    monkeypatch.setattr("smmprocess.templatetags.ui.static", lambda name: "/static/icons.0123.svg")

    kept = freeze(intake).pages["lv"]

    assert "/static/icons.svg#" in kept
    assert "0123" not in kept


@pytest.mark.parametrize("seen", ["", "x", "0"])
def test_nothing_is_confirmed_that_was_not_seen(director, intake, seen):
    freeze(intake)
    Review.objects.update(held_on=NOW.date())

    response = director.post(url("review_step", intake.pk, "confirm"), {"snapshot": seen})

    assert response.status_code == 404
    assert Review.objects.get().confirmations() == {}


def test_the_director_reads_and_confirms(director, intake):
    snapshot = freeze(intake)
    Review.objects.update(held_on=NOW.date())

    response = director.post(
        url("review_step", intake.pk, "confirm"), {"snapshot": snapshot.pk}, follow=True
    )

    assert [str(each) for each in response.context["messages"]] == ["Confirmed."]
    assert "Director Director confirmed on" in response.content.decode()


def test_the_report_is_a_pdf_of_several_pages(head, intake):
    response = head.get(url("report_pdf", intake.pk))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
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


@pytest.mark.parametrize("name", ["intake_print", "intake_presentation"])
def test_it_is_shown_to_be_printed_and_on_a_wall(head, intake, name):
    assert "What did not go as planned" in head.get(url(name, intake.pk)).content.decode()


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


def test_what_an_intake_reached_stands_beside_the_targets_of_the_next(head, intake):
    series = Series.objects.get(key="new_leads")
    make_indicator(series=series, name="Līdi", name_en="Leads")
    measure(series, {date(2026, 3, day): 10 for day in (1, 2, 3)})
    following = make_intake(
        season="autumn", begins_on=date(2026, 8, 24), ends_on=date(2026, 12, 18)
    )

    response = head.get(reverse("plans:intake_targets", args=[following.pk]))

    assert "Spring intake 2026: 30." in response.content.decode()
