"""Refusing offers: one click of a mail program, a press of a person, never a fetched link."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from people.models import Consent, Medium
from people.unsubscribe import offers_to, stop_offers
from tests.factories import START, make_participant

pytestmark = pytest.mark.django_db

LONG_AGO = START - timedelta(days=100)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def person():
    return make_participant(
        offers_by_email_at=LONG_AGO, offers_by_sms_at=LONG_AGO, language="en", first_name="Anna"
    )


def offers(person):
    person.refresh_from_db()
    return [medium.value for medium in Medium if person.accepts_offers(medium)]


def test_one_click_twice_is_one_withdrawal(client, person):
    answers = [client.post(f"/u/{person.unsubscribe_token}", ONE_CLICK) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200]
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("stop", "left"),
    [("email", ["sms"]), ("sms", ["email"]), ("all", []), ("", ["email", "sms"])],
)
def test_the_page_stops_what_is_pressed(person, stop, left):
    browser = Client(enforce_csrf_checks=True)

    response = browser.post(f"/u/{person.unsubscribe_token}", {"stop": stop})

    assert response["Location"] == f"/u/{person.unsubscribe_token}"
    assert offers(person) == left


def test_the_page_offers_only_what_there_is_to_stop(client, person):
    def page():
        return client.get(f"/u/{person.unsubscribe_token}").content.decode()

    both = page()
    stop_offers(person, [Medium.EMAIL], START)
    one = page()
    stop_offers(person, [Medium.SMS], START)
    none = page()

    assert [words in both for words in ("by e-mail", "by SMS", "Stop all")] == [True] * 3
    assert [words in one for words in ("by e-mail", "by SMS", "Stop all")] == [False, True, False]
    assert "We send you no offers." in none
    assert "registered for" in none


def test_the_page_gives_no_address_away(client, person):
    text = client.get(f"/u/{person.unsubscribe_token}").content.decode()

    assert person.email not in text
    assert person.phone not in text
    assert person.last_name not in text


@pytest.mark.parametrize(("query", "language"), [("", "en"), ("?language=lv", "lv")])
def test_the_page_speaks_both_languages(client, person, query, language):
    text = client.get(f"/u/{person.unsubscribe_token}{query}").content.decode()

    assert f'<html lang="{language}"' in text


def test_whoever_is_written_to_at_the_same_address_is_left_in_peace(person):
    brother = make_participant(
        first_name="Jānis",
        email=person.email,
        offers_by_email_at=LONG_AGO,
        offers_by_sms_at=LONG_AGO,
    )
    stranger = make_participant(offers_by_email_at=LONG_AGO)

    assert stop_offers(person, [Medium.EMAIL], START) == 2

    assert [offers(each) for each in (person, brother, stranger)] == [["sms"], ["sms"], ["email"]]


def test_offers_under_another_name_to_the_same_address_can_be_stopped(person):
    make_participant(first_name="Jānis", email=person.email, offers_by_email_at=LONG_AGO)
    stop_offers(person, [Medium.SMS], START)
    person.offers_by_email_at = None
    person.save()

    assert offers_to(person) == [Medium.EMAIL]


def test_people_without_an_address_are_not_taken_for_each_other():
    one, other = (make_participant(email="", offers_by_email_at=LONG_AGO) for _ in range(2))

    stop_offers(one, [Medium.EMAIL], START)

    assert offers(other) == ["email"]
