"""Who may open which page of goals, and who may do what there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from documents.models import Document
from files.uploads import store
from goals.urls import urlpatterns
from tests.factories import make_check_in, make_goal, make_indicator, make_user, make_year, riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 1, 12, 10)
ALL = set(Role)
HEAD, DIRECTOR = {Role.MARKETING_HEAD}, {Role.DIRECTOR}

MAY = [
    ("get", "year_list", ALL),
    ("get", "year_create", HEAD),
    ("post", "year_create", HEAD),
    ("get", "year_detail", ALL),
    ("get", "year_print", ALL),
    ("get", "year_update", HEAD),
    ("post", "year_update", HEAD),
    ("get", "strategy_file", ALL),
    ("post", "strategy_file", HEAD),
    ("get", "year_versions", ALL),
    ("get", "goal_create", HEAD),
    ("post", "goal_create", HEAD),
    ("get", "goal_detail", ALL),
    ("get", "goal_update", HEAD),
    ("post", "goal_update", HEAD),
    ("post", "goal_move", HEAD),
    ("get", "goal_delete", HEAD),
    ("post", "goal_delete", HEAD),
    ("get", "indicator_create", HEAD),
    ("post", "indicator_create", HEAD),
    ("get", "indicator_update", HEAD),
    ("post", "indicator_update", HEAD),
    ("post", "indicator_move", HEAD),
    ("get", "indicator_delete", HEAD),
    ("post", "indicator_delete", HEAD),
    ("get", "check_in_create", HEAD),
    ("post", "check_in_create", HEAD),
    ("get", "check_in_correct", HEAD),
    ("post", "check_in_correct", HEAD),
]
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


@pytest.fixture
def check_in(settings, tmp_path):
    """The first thing reported in a year whose strategy is a file."""
    settings.MEDIA_ROOT = tmp_path
    strategy = store(SimpleUploadedFile("a.txt", b"Goals"), by=make_user(), at=NOW)
    return make_check_in(make_indicator(make_goal(make_year(strategy_file=strategy))))


def address(name, check_in):
    indicator = check_in.indicator
    goal = indicator.goal
    if name in ("year_list", "year_create"):
        return reverse(f"goals:{name}")
    of = {"check_in_correct": check_in.pk, "goal_create": goal.year.year}
    if (name.startswith("indicator_") and name != "indicator_create") or name == "check_in_create":
        of[name] = indicator.pk
    if (name.startswith("goal_") and name != "goal_create") or name == "indicator_create":
        of[name] = goal.pk
    return reverse(f"goals:{name}", args=[of.get(name, goal.year.year)])


def test_no_page_is_forgotten():
    named = {name for _method, name, _roles in MAY} | {"year_step"}

    assert {pattern.name for pattern in urlpatterns} == named


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "name", "roles"), MAY)
def test_role_and_page(client_for, check_in, role, method, name, roles):
    response = getattr(client_for(make_user(role=role)), method)(address(name, check_in))

    assert (response.status_code == 403) == (role not in roles)
    assert response.status_code in (200, 302, 403)
    response.close()


@pytest.mark.parametrize(("method", "name", "roles"), MAY)
def test_who_is_not_signed_in_is_asked_to(client, check_in, method, name, roles):
    response = getattr(client, method)(address(name, check_in))

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=")


@pytest.mark.parametrize("name", ["goal_move", "indicator_move"])
def test_a_change_needs_a_post(client_for, check_in, name):
    assert client_for(make_user()).get(address(name, check_in)).status_code == 405


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
    "name",
    [
        "year_update",
        "goal_create",
        "goal_update",
        "goal_delete",
        "indicator_create",
        "indicator_update",
        "indicator_delete",
    ],
)
def test_what_is_locked_is_not_opened_for_editing(client_for, check_in, name, status):
    bring_to(check_in.indicator.goal.year.document, status)

    assert client_for(make_user()).get(address(name, check_in)).status_code == 403


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
