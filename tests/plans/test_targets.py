"""The year's targets over its intakes: a part of the activity plan, locked with it."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role
from documents.models import InvalidTransitionError
from goals.models import Series
from plans.content import activity_lines
from plans.targets import divide, shares_of
from tests.factories import make_goal, make_indicator, make_user, make_year
from tests.plans.making import NOW, make_intake, submit

pytestmark = pytest.mark.django_db


def make_target(key, target, **fields):
    series = Series.objects.get(key=key) if key else None
    goal = make_goal(make_year(2026))
    return make_indicator(goal, start=0, target=Decimal(target), series=series, **fields)


def share(intake):
    [found] = shares_of(intake)
    return found


def give(intake, indicator, target, was=""):
    return divide(intake, {indicator.pk: (was, Decimal(target))})


@pytest.mark.parametrize("key", ["new_leads", "followers_growth"])
def test_what_adds_up_is_divided_and_the_rest_is_left_over(key):
    spring, autumn = make_intake(), make_intake(season="autumn")
    indicator = make_target(key, 2200)
    give(spring, indicator, 900)
    give(autumn, indicator, 1000)

    assert (share(spring).is_divided, share(spring).left_over) == (True, 300)


@pytest.mark.parametrize("key", ["followers", "average", None])
def test_of_a_level_or_an_average_nothing_is_left_over(key):
    Series.objects.create(key="average", name="Average", kind=Series.Kind.AVERAGE)
    spring, autumn = make_intake(), make_intake(season="autumn")
    indicator = make_target(key, 11200)
    give(spring, indicator, 10400)
    give(autumn, indicator, 11200)

    assert (share(spring).is_divided, share(spring).left_over) == (False, None)


def test_the_form_says_which_target_is_not_divided(client_for):
    client, intake = client_for(make_user()), make_intake()
    make_target("followers", 11200)

    page = client.get(reverse("plans:intake_targets", args=[intake.pk])).content.decode()

    assert "Other intakes: 0. This is not divided" in page


def test_the_targets_are_lines_of_the_activity_plan():
    intake, indicator = make_intake(), make_target("new_leads", 2200, name_en="Leads")
    give(intake, indicator, 900)

    with override("en"):
        [line] = activity_lines(intake)

    assert (line.key, line.label, line.value) == (f"target-{indicator.pk}", "Target: Leads", 900)


def test_a_locked_plan_says_why_its_targets_are_not_divided_and_what_to_do(client_for):
    intake, head = make_intake(), make_user()
    make_target("new_leads", 2200)
    client, address = client_for(head), reverse("plans:intake_detail", args=[intake.pk])
    approval = reverse("plans:intake_activities", args=[intake.pk]) + "#approval"

    is_open = client.get(address).text
    submit(intake.activity_plan)
    waiting = client.get(address).text
    intake.activity_plan.document.approve(by=make_user(role=Role.DIRECTOR), at=NOW)
    approved = client.get(address).text
    of_specialist = client_for(make_user(role=Role.SPECIALIST)).get(address).text

    assert "Divide the targets" in is_open
    assert "take it back first" in waiting
    assert "open it for the change with a reason" in approved
    assert [approval in page for page in (is_open, waiting, approved, of_specialist)] == [
        *(False, True, True, False)
    ]


def test_the_targets_of_a_locked_plan_stay(client_for):
    client, intake, indicator = (
        client_for(make_user()),
        make_intake(),
        make_target("new_leads", 900),
    )
    give(intake, indicator, 4)
    submit(intake.activity_plan)
    url = reverse("plans:intake_targets", args=[intake.pk])

    with pytest.raises(InvalidTransitionError):
        give(intake, indicator, 5, was="4.00")
    too_late = {f"was_{indicator.pk}": "4.00", f"target_{indicator.pk}": "5"}
    answer = client.post(url, too_late).content.decode()

    assert "This is locked meanwhile" in answer
    assert share(intake).own == 4
    assert client.get(url).status_code == 403
    detail = client.get(reverse("plans:intake_detail", args=[intake.pk])).content.decode()
    assert url not in detail
