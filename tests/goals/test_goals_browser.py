"""A year's goals from their beginning to a change after the approval, in a browser."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from documents.models import Version
from goals.models import Goal, Indicator, Year
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_check_in, make_goal, make_indicator, make_user, make_year

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVE = "main form .btn-primary"


def make_year_before(number):
    """Last year's goals: one, with a line of check-ins, one of them corrected."""
    year = make_year(number, strategy_title="Biznesa vadības koledžas stratēģija")
    goal = make_goal(year, position=1, title="Vairāk jaunu līdu", title_en="More new leads")
    leads = make_indicator(goal, position=1)
    for month, value, confidence in (
        (2, 110, "on_track"),
        (5, 118, "at_risk"),
        (8, 121, "off"),
        (11, 160, "on_track"),
    ):
        make_check_in(
            leads,
            on=timezone.localdate().replace(year=number, month=month, day=20),
            value=value,
            confidence=confidence,
            sentence="Rudens vebināri atveda vairāk līdu, nekā bija cerēts.",
        )
    wrong = leads.check_ins.last()
    make_check_in(leads, on=wrong.on, value=161, corrects=wrong, at=wrong.at + timedelta(hours=1))
    return goal


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_goals_are_drawn_up_submitted_approved_and_changed_with_a_reason(
    open_browser, size, language
):
    head = make_user(language=language, full_name="Anna Ozoliņa")
    director = make_user(language=language, role=Role.DIRECTOR, full_name="Jānis Bērziņš")
    number, found = timezone.localdate().year, {}
    before = make_year_before(number - 1)
    page = open_browser(size, "light", language)
    sign_in(page, head)

    # The year begins with last year's goals, and gets another one.
    page.goto("/goals/")
    found["all years"] = faults(page)
    page.goto("/goals/new/")
    page.select_option("[name=source]", str(before.year_id))
    found["begin a year"] = faults(page)
    press(page, SAVE)
    page.goto(f"/goals/{number}/add/")
    page.select_option("[name=category]", "authority")
    page.fill("[name=title]", "Vairāk skatījumu")
    found["goal form"] = faults(page)
    press(page, SAVE)
    found["goal without indicators"] = faults(page)
    goal = Goal.objects.get(title="Vairāk skatījumu")
    page.goto(f"/goals/goal/{goal.pk}/add/")
    page.fill("[name=name]", "Video skatījumi")
    page.fill("[name=start]", "200")
    page.fill("[name=target]", "100")
    press(page, SAVE)
    found["indicator form with an error"] = faults(page)
    page.fill("[name=target]", "300")
    press(page, SAVE)

    # Without a target it is not taken; with one it is submitted.
    page.goto(f"/goals/{number}/")
    found["draft"] = faults(page)
    press(page, "form[action$='/steps/submit/'] button")
    refused = page.locator(".notice.is-bad").count()
    copied = Indicator.objects.get(goal__year__year=number, name="Jaunie līdi")
    page.goto(f"/goals/indicator/{copied.pk}/edit/")
    page.fill("[name=target]", "220")
    press(page, SAVE)
    page.goto(f"/goals/{number}/")
    press(page, "form[action$='/steps/submit/'] button")
    found["submitted"] = faults(page)

    # The director approves.
    office = open_browser(size, "light", language)
    sign_in(office, director)
    office.goto(f"/goals/{number}/")
    found["as the director sees it"] = faults(office)
    press(office, "form[action$='/steps/approve/'] button")
    found["approved"] = faults(office)

    # What is approved still takes check-ins; its wording changes only with a reason.
    page.goto(f"/goals/indicator/{copied.pk}/check-in/")
    page.fill("[name=value]", "165")
    page.check("[name=confidence][value=at_risk]")
    page.fill("[name=sentence]", "Janvāris bija lēns.")
    found["check-in"] = faults(page)
    press(page, SAVE)
    found["goal"] = faults(page)
    page.goto(f"/goals/{number}/")
    page.click("details:has([action$='/steps/reopen/']) summary")
    page.fill("[action$='/steps/reopen/'] textarea", "Jauna studiju programma.")
    press(page, "form[action$='/steps/reopen/'] button")
    page.goto(f"/goals/indicator/{copied.pk}/edit/")
    page.fill("[name=target]", "250")
    press(page, SAVE)
    page.goto(f"/goals/{number}/")
    press(page, "form[action$='/steps/submit/'] button")
    page.goto(f"/goals/{number}/versions/")
    found["versions"] = faults(page)
    changes = page.locator(".table-cards tbody tr").all_inner_texts()
    page.goto(f"/goals/{number}/print/")
    found["print view"] = faults(page)
    page.goto(f"/goals/goal/{before.pk}/")
    found["goal with a line"] = faults(page)

    assert found == {name: [] for name in found}
    assert refused == 1
    outcomes = [(each.number, each.outcome, each.reason) for each in Version.objects.all()]
    assert outcomes == [
        (2, Version.Outcome.WAITING, "Jauna studiju programma."),
        (1, Version.Outcome.APPROVED, ""),
    ]
    assert len(changes) == 1
    assert "220" in changes[0]
    assert "250" in changes[0]
    assert Year.objects.get(year=number).document.status == "submitted"
    assert copied.check_ins.count() == 1


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_second_of_two_people_sees_both_and_keeps_what_was_typed(open_browser, size, language):
    goal = make_goal(title="Vairāk līdu")
    one = open_browser(size, "light", language)
    other = open_browser(size, "dark", language)
    sign_in(one, make_user(full_name="Anna Ozoliņa", language=language))
    sign_in(other, make_user(full_name="Līga Kalniņa", language=language))
    for page in (one, other):
        page.goto(f"/goals/goal/{goal.pk}/edit/")

    one.fill("[name=title]", "Vairāk līdu no vebināriem")
    press(one, SAVE)
    other.fill("[name=title]", "Vairāk līdu no atvērto durvju dienām")
    press(other, SAVE)

    told = other.locator("form [role=alert]").inner_text()
    seen = faults(other)
    kept = other.input_value("[name=title]")
    goal.refresh_from_db()
    between = goal.title
    press(other, SAVE)
    goal.refresh_from_db()
    assert seen == []
    assert "Anna Ozoliņa" in told
    assert "Vairāk līdu no vebināriem" in told
    assert kept == "Vairāk līdu no atvērto durvju dienām"
    assert (between, goal.title) == ("Vairāk līdu no vebināriem", kept)
    assert goal.changed_by.full_name == "Līga Kalniņa"
