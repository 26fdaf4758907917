"""What is taken along of an intake and of an evaluation form: PDF and Excel."""

import io
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from accounts.models import Role
from goals.models import Goal
from results import evaluations, reviews
from results.models import Decision, GoalNote, PlannedResult, Review
from tests.factories import make_indicator, make_user, riga
from tests.paper import A4, pages_of, size_of, text_of
from tests.results.making import NOW, make_finished_intake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
AT_NIGHT = riga(2026, 7, 6, 0, 30)


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def head():
    return make_user(full_name="Anna Ozoliņa")


@pytest.fixture
def director():
    return make_user(full_name="Jānis Bērziņš", role=Role.DIRECTOR)


@pytest.fixture
def reviewed(head, director):
    """An intake that both have confirmed half an hour after midnight."""
    intake = make_finished_intake()
    make_indicator(goal=Goal.objects.get())
    review = reviews.begin(intake)
    Review.objects.update(held_on=date(2026, 7, 3), summary="Wednesdays work.")
    GoalNote.objects.update(text="More leads than ever.")
    Decision.objects.create(
        review=review,
        text="Post on Sundays",
        owner=head,
        due_on=date(2026, 9, 1),
        made_by=head,
        made_at=NOW,
    )
    snapshot = reviews.freeze(review, by=head, at=AT_NIGHT)
    for person in (head, director):
        review.confirm(snapshot, by=person, at=AT_NIGHT)
    return review.intake


def report(client, intake):
    return client.get(reverse("results:report_pdf", args=[intake.pk])).content


def sheets(client, name, pk):
    response = client.get(reverse(f"results:{name}", args=[pk]))
    book = load_workbook(io.BytesIO(response.content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_report_says_of_what_it_is_as_of_when_and_who_is_who(client_for, director, reviewed):
    text = " ".join(text_of(report(client_for(director), reviewed)).split())

    assert "Results: Spring intake 2026" in text
    assert "12 Jan 2026 – 30 Jun 2026" in text
    assert "frozen on 06 Jul 2026, 00:30 by Anna Ozoliņa" in text
    assert "Director Jānis Bērziņš, 06 Jul 2026, 00:30" in text
    assert "Marketing head Anna Ozoliņa" in text
    assert "Specialist Inga" in text


def test_moments_in_the_report_are_by_the_clock_in_riga(client_for, director, reviewed):
    text = text_of(report(client_for(director), reviewed))

    assert "06 Jul 2026, 00:30" in text
    assert "05 Jul 2026" not in text


def test_the_report_has_numbered_a4_pages_and_wide_tables_across(client_for, director, reviewed):
    pages = pages_of(report(client_for(director), reviewed))

    assert {size_of(page) for page in pages} == {A4, A4[::-1]}
    [messages] = [page for page in pages if "Messages to participants" in page.extract_text()]
    assert size_of(messages) == A4[::-1]
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page.extract_text()
    assert size_of(pages[0]) == size_of(pages[-1]) == A4


def test_the_report_is_in_the_language_of_who_takes_it_along(client_for, reviewed):
    person = make_user(role=Role.DIRECTOR, language="lv", full_name="Līga Šņore")

    text = text_of(report(client_for(person), reviewed))

    assert "Mārketinga vadītājs" in text
    assert "Līga Šņore" in text


def test_what_was_said_in_the_review_is_in_the_report(client_for, director, reviewed):
    text = " ".join(text_of(report(client_for(director), reviewed)).split())

    for said in ("Wednesdays work.", "More leads than ever.", "Post on Sundays Anna Ozoliņa"):
        assert said in text


def test_a_note_longer_than_a_page_is_printed_whole(client_for, director, reviewed):
    words = [f"vārds{number}" for number in range(700)]
    GoalNote.objects.update(text=" ".join(words))

    text = text_of(report(client_for(director), reviewed))

    assert [each for each in text.split() if each.startswith("vārds")] == words


def test_the_workbook_says_of_what_it_is_and_what_was_said(client_for, head, reviewed):
    found = sheets(client_for(head), "results_xlsx", reviewed.pk)

    about = dict(found["About this report"])
    assert about["Intake"] == "Spring intake 2026, 12 Jan 2026 – 30 Jun 2026"
    assert about["State of the figures"] == "frozen on 06 Jul 2026, 00:30 by Anna Ozoliņa"
    assert about["Director"] == "Jānis Bērziņš"
    assert found["Summary"][0] == ("What", "In words")
    said = {row[0]: row[1:] for row in found["Review"]}
    assert said["What we learn from it"][0] == "Wednesdays work."
    assert said[Goal.objects.get().label("en")][0] == "More leads than ever."
    assert said["Decision"][:2] == ("Post on Sundays", "Anna Ozoliņa")
    assert said["Decision"][2].date() == date(2026, 9, 1)


def test_numbers_of_the_workbook_have_their_units(client_for, head, reviewed):
    make_indicator(unit="percent", name_en="Share")

    found = sheets(client_for(head), "results_xlsx", make_unfrozen(reviewed).pk)

    heads, *rows = found["Targets and what was reached"]
    assert heads[:5] == ("What", "Unit", "Target of the intake", "Reached", "Of the target, %")
    assert [row[1] for row in rows] == ["number", "%"]
    assert "Planned, €" in found["Money"][0]


def make_unfrozen(intake):
    review = Review.objects.get(intake=intake)
    review.reopen(by=make_user(role=Role.DIRECTOR), at=NOW, reason="A wrong invoice.")
    return intake


@pytest.fixture
def form(head):
    """A form of which one result was read, and corrected by hand."""
    inga = make_user(full_name="Inga Kļaviņa", role=Role.SPECIALIST)
    form = evaluations.begin(make_finished_intake(), inga, by=head, at=NOW)
    PlannedResult.objects.create(
        evaluation=form,
        text="Webināri",
        measure="Uzdevumi",
        weight=Decimal("62.5"),
        source="tasks",
        achieved="All of them.",
        correction="Two were ticked by others.",
    )
    form.state = "assessment"
    form.save()
    return form


def test_the_printed_form_says_what_was_read_where_it_was_corrected(client_for, form):
    response = client_for(form.manager).get(reverse("results:evaluation_pdf", args=[form.pk]))

    text = " ".join(text_of(response.content).split())
    assert "All of them. Two were ticked by others. Read: No task was due." in text
    assert "Inga Kļaviņa, Specialist" in text
    assert "Anna Ozoliņa, Marketing head" in text


def test_a_long_achievement_is_printed_whole(client_for, form):
    words = [f"vārds{number}" for number in range(700)]
    form.results.update(achieved=" ".join(words))

    response = client_for(form.manager).get(reverse("results:evaluation_pdf", args=[form.pk]))

    text = text_of(response.content)
    assert [each for each in text.split() if each.startswith("vārds")] == words


def test_weights_of_the_workbook_are_numbers(client_for, form):
    rows = sheets(client_for(form.manager), "evaluation_xlsx", form.pk)["Results"]

    assert rows[1][2] == 62.5


def test_signatures_have_the_moment_in_riga(client_for, form):
    form.state, form.employee_signed_at = "signing", AT_NIGHT
    form.save()

    response = client_for(form.employee).get(reverse("results:evaluation_pdf", args=[form.pk]))

    with override("en"):
        assert "signed on 06 Jul 2026, 00:30" in " ".join(text_of(response.content).split())
