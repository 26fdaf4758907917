"""Step 7 through the screens: review, forms, confirm, export; in both languages, on two widths."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role, User
from plans.models import Intake
from results.models import Decision, Evaluation, Review
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_indicator, make_user
from tests.results.making import make_finished_intake
from work.models import Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVE = "main form .btn-primary"


@pytest.fixture
def intake():
    """An intake that ended yesterday, whatever day it is."""
    intake = make_finished_intake()
    today = timezone.localdate()
    Intake.objects.update(ends_on=today - timedelta(days=1))
    make_indicator()
    return intake


def sign_out(page):
    page.context.clear_cookies()


@pytest.mark.parametrize(("size", "language"), [(DESK, "lv"), (PHONE, "en")], ids=["desk", "phone"])
def test_an_intake_is_reviewed_confirmed_and_closed(open_browser, intake, size, language):
    head = make_user(language=language, full_name="Anna Ozoliņa")
    director = make_user(language=language, role=Role.DIRECTOR, full_name="Jānis Bērziņš")
    page, found = open_browser(size, "light", language), {}
    sign_in(page, head)

    # The marketing head prepares: figures, a note, a decision that becomes a task.
    page.goto("/results/")
    found["intakes"] = faults(page)
    page.goto(f"/results/{intake.pk}/")
    found["results"] = faults(page)
    page.goto(f"/results/{intake.pk}/review/")
    press(page, "form[action$='/begin/'] button")
    found["review begun"] = faults(page)
    press(page, "a[href$='/meeting/']")
    page.fill("[name=held_on]", timezone.localdate().isoformat())
    page.fill("[name=summary]", "Vebināri trešdienās strādā.")
    found["meeting"] = faults(page)
    press(page, SAVE)
    press(page, "a[href*='/notes/']")
    page.fill("[name=text]", "Līdu bija vairāk.")
    press(page, SAVE)
    page.fill("[name=text]", "Turpināt trešdienās")
    press(page, "form[action$='/decisions/'] .btn-primary")
    decision = Decision.objects.get()
    press(page, f"a[href$='/{decision.pk}/task/']")
    page.fill("[name=due_on]", timezone.localdate().isoformat())
    found["decision to task"] = faults(page)
    press(page, SAVE)
    assert Task.objects.filter(title="Turpināt trešdienās").exists()
    press(page, "form[action$='/freeze/'] button")
    press(page, "form[action$='/confirm/'] button")
    found["confirmed by one"] = faults(page)

    # The director reads, and confirms: the intake is closed.
    sign_out(page)
    sign_in(page, director)
    page.goto(f"/results/{intake.pk}/")
    found["frozen"] = faults(page)
    page.goto(f"/results/{intake.pk}/review/")
    press(page, "form[action$='/confirm/'] button")
    found["closed"] = faults(page)
    assert Review.objects.get().is_closed
    for name in ("print", "presentation"):
        page.goto(f"/results/{intake.pk}/{name}/")
        found[name] = faults(page)
    page.click("[data-present]")
    page.keyboard.press("ArrowRight")
    assert page.locator(".slide.is-current").count() == 1
    page.keyboard.press("Escape")
    page.goto(f"/results/{intake.pk}/")
    take_along(page, "report.pdf", b"%PDF-")
    take_along(page, "results.xlsx", b"PK")
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(("size", "language"), [(PHONE, "lv"), (DESK, "en")], ids=["phone", "desk"])
def test_a_form_goes_from_plan_to_both_signatures(open_browser, intake, size, language):
    User.objects.filter(full_name="Inga").update(language=language)
    specialist = User.objects.get(full_name="Inga")
    head = make_user(language=language, full_name="Anna Ozoliņa")
    page, found = open_browser(size, "light", language), {}
    sign_in(page, head)
    page.goto("/results/forms/new/")
    page.select_option("[name=intake]", str(intake.pk))
    page.select_option("[name=employee]", str(specialist.pk))
    found["begin"] = faults(page)
    press(page, SAVE)
    evaluation = Evaluation.objects.get()
    write, detail = f"a[href$='/{evaluation.pk}/write/']", f"/results/forms/{evaluation.pk}/"

    press(page, write)
    page.fill("[name=results-0-text]", "Sagatavot vebinārus")
    page.fill("[name=results-0-measure]", "Uzdevumi laikā")
    page.fill("[name=results-0-weight]", "100")
    page.select_option("[name=results-0-source]", "tasks")
    found["plan"] = faults(page)
    press(page, SAVE)
    press(page, "form[action$='/go_on/'] button")

    sign_out(page)
    sign_in(page, specialist)
    page.goto("/results/forms/")
    found["list"] = faults(page)
    page.goto(detail)
    press(page, write)
    score(page, "self_score")
    found["self-assessment"] = faults(page)
    press(page, SAVE)
    press(page, "form[action$='/go_on/'] button")

    sign_out(page)
    sign_in(page, head)
    page.goto(detail)
    press(page, write)
    score(page, "manager_score")
    page.fill("[name=development_needs]", "Video montāža")
    page.fill("[name=next_goals-0-text]", "Desmit video")
    found["assessment"] = faults(page)
    press(page, SAVE)
    press(page, "form[action$='/go_on/'] button")
    press(page, "form[action$='/sign/'] button")

    sign_out(page)
    sign_in(page, specialist)
    page.goto(detail)
    press(page, "form[action$='/sign/'] button")
    found["signed"] = faults(page)
    evaluation.refresh_from_db()
    assert evaluation.is_signed
    take_along(page, "form.pdf", b"%PDF-")
    take_along(page, "form.xlsx", b"PK")
    page.goto(f"{detail}versions/")
    found["versions"] = faults(page)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


def score(page, name):
    for box in page.locator(f"select[name$={name}]").all():
        box.select_option("4")


def take_along(page, name, begins_with):
    """Press an export of the page, and look at how the file begins."""
    with page.expect_download() as taken:
        page.click(f"a[href$='{name}']")
    assert taken.value.suggested_filename.endswith(name[name.index(".") :])
    assert taken.value.path().read_bytes().startswith(begins_with)
