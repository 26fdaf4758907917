"""Changing, forgetting and choosing a password."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

FRESH = "another-good-phrase"


def link_in(message):
    return re.search(r"https?://[^/\s]+(/accounts/password/choose/\S+)", message.body).group(1)


def choose_password(client, link, password=FRESH):
    form = client.get(link, follow=True)
    return client.post(
        form.request["PATH_INFO"], {"new_password1": password, "new_password2": password}
    )


def test_a_forgotten_password_is_replaced_by_the_link_from_the_e_mail(client):
    user = make_user(email="anna@college.example")

    sent = client.post(reverse("accounts:password_reset"), {"email": "Anna@college.example"})
    chosen = choose_password(client, link_in(mail.outbox[0]))

    assert sent.url == reverse("accounts:password_reset_sent")
    assert mail.outbox[0].to == ["anna@college.example"]
    assert chosen.url == reverse("accounts:login")
    user.refresh_from_db()
    assert user.check_password(FRESH)


def test_the_link_works_once(client):
    make_user(email="anna@college.example")
    client.post(reverse("accounts:password_reset"), {"email": "anna@college.example"})
    link = link_in(mail.outbox[0])
    choose_password(client, link)

    again = client.get(link, headers={"accept-language": "en"})

    assert "This link has been used already or is too old." in again.content.decode()


def test_the_e_mail_speaks_the_language_of_who_gets_it(client):
    make_user(email="anna@college.example", language="en")

    client.post(
        reverse("accounts:password_reset"),
        {"email": "anna@college.example"},
        headers={"accept-language": "lv"},
    )

    assert mail.outbox[0].subject == "New password for Biznesa vadības koledža"


@pytest.mark.parametrize("email", ["nobody@college.example", "left@college.example"])
def test_nobody_learns_whose_address_is_known(client, email):
    make_user(email="left@college.example", is_active=False)

    response = client.post(reverse("accounts:password_reset"), {"email": email})

    assert response.url == reverse("accounts:password_reset_sent")
    assert mail.outbox == []


def test_choosing_a_new_password_opens_a_closed_door(client):
    make_user(email="anna@college.example")
    credentials = {"username": "anna@college.example", "password": "guess"}
    closed = [client.post(reverse("accounts:login"), credentials) for _ in range(5)][-1]
    client.post(reverse("accounts:password_reset"), {"email": "anna@college.example"})
    choose_password(client, link_in(mail.outbox[0]))

    response = client.post(reverse("accounts:login"), credentials | {"password": FRESH})

    assert (closed.status_code, response.status_code) == (429, 302)


def test_changing_the_password_keeps_the_person_signed_in(client_for):
    user = make_user()
    client = client_for(user)

    response = client.post(
        reverse("accounts:password_change"),
        {"old_password": PASSWORD, "new_password1": FRESH, "new_password2": FRESH},
        follow=True,
    )

    user.refresh_from_db()
    assert user.check_password(FRESH)
    assert response.request["PATH_INFO"] == reverse("accounts:profile")
    assert "Your password is changed." in response.content.decode()


def test_a_weak_password_is_refused_beside_its_field(client_for):
    user = make_user()

    response = client_for(user).post(
        reverse("accounts:password_change"),
        {"old_password": PASSWORD, "new_password1": "12345", "new_password2": "12345"},
    )

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert 'id="id_new_password2_error"' in response.content.decode()


def test_nobodys_mailbox_is_filled_and_the_page_does_not_tell(client):
    make_user(email="anna@college.example")

    answers = [
        client.post(reverse("accounts:password_reset"), {"email": f"{name}@college.example"})
        for name in ("anna", "Anna", "anna", "ANNA", "anna")
    ]

    assert len(mail.outbox) == 3
    assert {answer.url for answer in answers} == {reverse("accounts:password_reset_sent")}


def test_a_network_that_asks_too_often_is_told_to_wait(client):
    make_user(email="anna@college.example")
    for number in range(20):
        client.post(reverse("accounts:password_reset"), {"email": f"{number}@college.example"})

    answer = client.post(
        reverse("accounts:password_reset"),
        {"email": "anna@college.example"},
        headers={"accept-language": "en"},
    )

    assert "Please wait ten minutes." in answer.content.decode()
    assert mail.outbox == []
