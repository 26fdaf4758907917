"""Signing in and out, with its throttle."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 12, 15, tzinfo=UTC)
LOGIN = "/accounts/login/"


def sign_in(client, email, password=PASSWORD, **headers):
    return client.post(LOGIN, {"username": email, "password": password}, **headers)


def test_a_person_signs_in_by_e_mail_however_it_is_capitalised(client):
    user = make_user(email="anna@college.example")

    response = sign_in(client, "Anna@College.Example")

    assert (response.status_code, response.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_does_not_let_in_and_says_so_beside_the_form(client):
    make_user(email="anna@college.example")

    response = sign_in(client, "anna@college.example", "guess", headers={"accept-language": "en"})

    assert response.status_code == 200
    assert "The e-mail address or the password is not right." in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_person_without_access_cannot_sign_in(client):
    make_user(email="anna@college.example", is_active=False)

    response = sign_in(client, "anna@college.example")

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_losing_access_ends_an_open_session(client_for):
    user = make_user()
    client = client_for(user)
    assert client.get("/").status_code == 200

    user.is_active = False
    user.save(update_fields=["is_active"])

    assert client.get("/").url == "/accounts/login/?next=/"


def test_who_is_not_signed_in_comes_back_to_the_page_asked_for(client):
    make_user(email="anna@college.example")
    asked = client.get(reverse("accounts:profile"))

    response = client.post(asked.url, {"username": "anna@college.example", "password": PASSWORD})

    assert (response.status_code, response.url) == (302, reverse("accounts:profile"))


def test_signing_in_leads_to_no_other_site(client):
    make_user(email="anna@college.example")

    response = client.post(
        LOGIN + "?next=https://evil.example/",
        {"username": "anna@college.example", "password": PASSWORD},
    )

    assert response.url == "/"


def test_signing_out_needs_a_post(client_for):
    client = client_for(make_user())

    assert client.get(reverse("accounts:logout")).status_code == 405
    assert "_auth_user_id" in client.session

    assert client.post(reverse("accounts:logout")).url == LOGIN
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("language", ["en", "lv"])
def test_five_wrong_passwords_close_the_door_and_say_for_how_long(client, language):
    make_user(email="anna@college.example")
    header = {"accept-language": language}
    with time_machine.travel(NOW, tick=False):
        answers = [
            sign_in(client, "anna@college.example", "guess", headers=header) for _ in range(5)
        ]
        right = sign_in(client, "anna@college.example", headers=header)

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert (right.status_code, right["Retry-After"], right.context["minutes"]) == (429, "900", 15)
    assert f'<html lang="{language}"' in right.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_closed_door_speaks_in_words(client):
    make_user(email="anna@college.example")
    with time_machine.travel(NOW, tick=False):
        for _ in range(5):
            closed = sign_in(
                client, "anna@college.example", "guess", headers={"accept-language": "en"}
            )

    assert "Please try again in 15 minutes." in closed.content.decode()


def test_the_time_left_runs_down_even_when_somebody_keeps_trying(client):
    make_user(email="anna@college.example")
    with time_machine.travel(NOW, tick=False):
        for _ in range(5):
            sign_in(client, "anna@college.example", "guess")
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        closed = sign_in(client, "anna@college.example", "guess")
    with time_machine.travel(NOW + timedelta(minutes=15, seconds=1), tick=False):
        opened = sign_in(client, "anna@college.example")

    assert (closed.status_code, closed["Retry-After"]) == (429, "300")
    assert opened.status_code == 302


def test_capitals_do_not_give_more_attempts(client):
    make_user(email="anna@college.example")
    spellings = ["anna@college.example", "ANNA@college.example", "Anna@College.Example"]

    for number in range(5):
        last = sign_in(client, spellings[number % 3], "guess")

    assert last.status_code == 429


def test_one_persons_attempts_close_the_door_for_nobody_else(client):
    make_user(email="anna@college.example")
    make_user(email="janis@college.example", role=Role.DIRECTOR)
    for _ in range(5):
        sign_in(client, "anna@college.example", "guess")

    assert sign_in(client, "janis@college.example").status_code == 302


def test_the_address_behind_our_proxy_counts_and_no_invented_one(client, settings):
    settings.TRUSTED_PROXIES = 1
    make_user(email="anna@college.example")
    for number in range(5):
        sign_in(
            client,
            "anna@college.example",
            "guess",
            headers={"x-forwarded-for": f"10.0.0.{number}, 203.0.113.7"},
        )

    same = sign_in(
        client, "anna@college.example", headers={"x-forwarded-for": "10.0.0.99, 203.0.113.7"}
    )
    other = sign_in(
        client, "anna@college.example", headers={"x-forwarded-for": "203.0.113.7, 198.51.100.1"}
    )

    assert (same.status_code, other.status_code) == (429, 302)
