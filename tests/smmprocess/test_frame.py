"""The frame of every page: language, colours, lamp, error pages."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from accounts.models import Role
from outbox import health
from outbox.models import Heartbeat, Reason, Status
from smmprocess import urls
from tests.factories import make_message, make_user

pytestmark = pytest.mark.django_db


def broken(request):
    raise RuntimeError


class WithABrokenPage:
    urlpatterns = [*urls.urlpatterns, path("broken/", broken)]


def page(client, address, **kwargs):
    return client.get(address, **kwargs).content.decode()


def test_the_language_is_latvian_unless_asked_otherwise(client):
    assert '<html lang="lv"' in page(client, "/accounts/login/")
    assert '<html lang="en"' in page(client, "/accounts/login/", headers={"accept-language": "en"})


def test_the_switch_changes_the_language_of_a_public_page_and_comes_back(client):
    response = client.post(
        reverse("set_language"), {"language": "en", "next": "/accounts/login/?next=/"}
    )

    assert response.url == "/accounts/login/?next=/"
    assert '<html lang="en"' in page(client, "/accounts/login/")


def test_a_signed_in_person_is_spoken_to_in_the_own_language_on_a_new_browser():
    client = Client(headers={"accept-language": "lv"})
    client.force_login(
        make_user(language="en"), backend="django.contrib.auth.backends.ModelBackend"
    )

    assert '<html lang="en"' in page(client, "/")


def test_the_switch_wins_over_the_persons_language(client_for):
    client = client_for(make_user(language="lv"))

    client.post(reverse("set_language"), {"language": "en", "next": "/"})

    assert '<html lang="en"' in page(client, "/")


def test_the_chosen_colours_come_with_the_page(client):
    response = client.post(reverse("theme"), {"theme": "dark", "next": "/accounts/login/"})

    assert response.url == "/accounts/login/"
    assert 'data-bs-theme="dark"' in page(client, "/accounts/login/")


def test_without_a_choice_the_colours_are_the_machines(client):
    assert "data-bs-theme" not in page(client, "/accounts/login/")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", ""])
def test_the_colour_switch_leads_to_no_other_site(client, target):
    assert client.post(reverse("theme"), {"theme": "dark", "next": target}).url == "/"


def test_invented_colours_are_refused(client):
    assert client.post(reverse("theme"), {"theme": '"><script>'}).status_code == 400
    client.cookies["theme"] = '"><script>'
    assert "data-bs-theme" not in page(client, "/accounts/login/")


def test_the_lamp_is_red_with_the_reason_when_nothing_runs(client_for):
    client = client_for(make_user())

    shown = page(client, "/")

    assert "The worker is silent: nothing is sent." in shown
    assert "Sending works" not in shown


@pytest.mark.parametrize(
    ("role", "leads"),
    [
        (Role.MARKETING_HEAD, True),
        (Role.PROJECT_MANAGER, True),
        (Role.SPECIALIST, True),
        (Role.DIRECTOR, False),
        (Role.UNIT_HEAD, False),
    ],
)
def test_the_lamp_leads_who_may_decide_to_what_waits_for_it(client_for, role, leads):
    client, way = client_for(make_user(role=role)), "?status=undecided"
    before = page(client, "/")

    make_message(status=Status.UNKNOWN, reason=Reason.UNCLEAR)

    assert way not in before
    assert (way in page(client, "/")) is leads


def test_the_lamp_is_green_when_all_parts_live(client_for):
    for part in Heartbeat.Part.values:
        health.show_life(part, timezone.now())

    shown = page(client_for(make_user()), "/")

    assert "Sending works" in shown
    assert 'role="alert"' not in shown


def test_healthz_tells_a_monitor(client):
    assert client.get("/healthz").status_code == 503

    for part in Heartbeat.Part.values:
        health.show_life(part, timezone.now())

    response = client.get("/healthz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


def test_a_missing_page_keeps_the_menu_for_staff_and_hides_it_from_others(client, client_for):
    staff = client_for(make_user()).get("/nowhere/")
    visitor = client.get("/nowhere/", headers={"accept-language": "en"})

    assert (staff.status_code, visitor.status_code) == (404, 404)
    assert "This page is not here" in staff.content.decode()
    assert "This page is not here" in visitor.content.decode()
    assert "Main menu" in staff.content.decode()
    assert "To the first page" in staff.content.decode()
    assert "Main menu" not in visitor.content.decode()
    assert "To the first page" not in visitor.content.decode()


def test_a_refused_page_says_so(client_for):
    response = client_for(make_user()).get("/accounts/users/")

    assert response.status_code == 403
    assert "You may not do this" in response.content.decode()


def test_a_form_without_its_token_is_refused_in_words():
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    response = client.post("/accounts/login/", {"username": "anna@college.example"})

    assert response.status_code == 403
    assert "The form was too old" in response.content.decode()


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_fault_of_ours_is_told_without_details(settings, client_for, signed_in):
    settings.ROOT_URLCONF = WithABrokenPage
    client = client_for(make_user()) if signed_in else Client(headers={"accept-language": "en"})
    client.raise_request_exception = False

    response = client.get("/broken/")

    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()
    assert "Biznesa vadības koledža" in response.content.decode()
    assert "RuntimeError" not in response.content.decode()


def test_a_request_of_nonsense_is_400(client):
    response = client.get("/accounts/login/", headers={"host": "evil.example"})

    assert response.status_code == 400


def test_pages_forbid_what_is_not_ours(client):
    policy = client.get("/accounts/login/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert django_settings.X_FRAME_OPTIONS == "DENY"
