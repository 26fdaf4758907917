"""Who may do what with goals where that depends on the approval and on whose they are."""

import pytest
from django.urls import reverse

from accounts.models import Role
from documents.models import Document
from tests.factories import make_goal, make_indicator, make_user, make_year, riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 1, 12, 10)
ALL = set(Role)
HEAD, DIRECTOR = {Role.MARKETING_HEAD}, {Role.DIRECTOR}

STEPS = [
    ("submit", "draft", HEAD),
    ("withdraw", "submitted", HEAD),
    ("approve", "submitted", DIRECTOR),
    ("send_back", "submitted", DIRECTOR),
    ("reopen", "approved", HEAD),
    ("comment", "draft", ALL),
    ("comment", "approved", ALL),
    # What cannot be done at this point is nobody's to do.
    ("submit", "submitted", set()),
    ("approve", "draft", set()),
    ("reopen", "draft", set()),
]


def bring_to(document, status):
    """Take a document where it is to be, by people of no account here."""
    if status in ("submitted", "approved"):
        document.submit(by=make_user(), at=NOW, content=lambda: {"lines": []})
    if status == "approved":
        document.approve(by=make_user(), at=NOW)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("step", "status", "roles"), STEPS)
def test_role_and_step_of_the_approval(client_for, role, step, status, roles):
    year = make_year()
    bring_to(year.document, status)
    user = make_user(role=role)

    response = client_for(user).post(
        reverse("goals:year_step", args=[year.year, step]), {"text": "Because."}
    )

    assert response.status_code == (302 if role in roles else 403)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("status", ["draft", "submitted", "approved"])
def test_the_page_offers_what_the_role_may_do_and_no_more(client_for, role, status):
    year = make_year()
    make_goal(year)
    bring_to(year.document, status)

    page = client_for(make_user(role=role)).get(reverse("goals:year_detail", args=[2026]))

    shown = page.content.decode()
    offered = {
        step for step, _status, _roles in STEPS if f'action="/goals/2026/steps/{step}/"' in shown
    }
    assert offered == {step for step, at, roles in STEPS if role in roles and at == status} | {
        "comment"
    }
    assert ("/goals/2026/add/" in shown) == (role in HEAD and status == "draft")


@pytest.mark.parametrize("status", ["submitted", "approved"])
@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("year_update", "year"),
        ("goal_create", "year"),
        ("goal_update", "goal"),
        ("goal_delete", "goal"),
        ("indicator_create", "goal"),
        ("indicator_update", "own"),
        ("indicator_delete", "own"),
    ],
)
def test_what_is_locked_is_not_opened_for_editing(client_for, name, of, status):
    indicator = make_indicator()
    numbers = {"year": indicator.goal.year.year, "goal": indicator.goal.pk, "own": indicator.pk}
    bring_to(indicator.goal.year.document, status)

    address = reverse(f"goals:{name}", args=[numbers[of]])
    assert client_for(make_user()).get(address).status_code == 403


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.PROJECT_MANAGER])
def test_who_answers_for_an_indicator_or_its_goal_reports_on_it(client_for, role):
    owner, other = make_user(role=role), make_user(role=role)
    of_indicator = make_indicator(owner=owner)
    of_goal = make_indicator(make_goal(owner=owner))
    addresses = [
        reverse("goals:check_in_create", args=[each.pk]) for each in (of_indicator, of_goal)
    ]

    assert [client_for(owner).get(each).status_code for each in addresses] == [200, 200]
    assert [client_for(other).get(each).status_code for each in addresses] == [403, 403]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("year_detail", [1999]),
        ("strategy_file", [1999]),
        ("goal_detail", [999_999]),
        ("goal_update", [999_999]),
        ("indicator_update", [999_999]),
        ("check_in_create", [999_999]),
        ("check_in_correct", [999_999]),
    ],
)
def test_what_is_not_there_is_404(client_for, name, arguments):
    assert client_for(make_user()).get(reverse(f"goals:{name}", args=arguments)).status_code == 404


def test_a_step_that_does_not_exist_is_404(client_for):
    make_year()

    address = reverse("goals:year_step", args=[2026, "celebrate"])
    assert client_for(make_user()).post(address).status_code == 404
    assert Document.objects.get().status == "draft"


def test_a_year_without_a_file_has_none_to_give(client_for):
    make_year()

    assert client_for(make_user()).get("/goals/2026/strategy/file/").status_code == 404
