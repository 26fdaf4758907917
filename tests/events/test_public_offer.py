"""The personal page of an offer: who presses its button counts, and no machine does."""

import re
from datetime import timedelta

import pytest
import time_machine

from events import reminders
from events.models import Event, Registration
from outbox.models import Message
from tests.factories import START, arm_rules, make_event, make_offer, make_registration

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
SCANNER = "Mozilla/5.0 (compatible; Barracuda Sentinel)"
PAGE = "https://college.example.org/offer"


@pytest.fixture
def registered():
    event = make_event(offer=make_offer())
    return make_registration(event, person={"language": "en", "offers_by_email_at": START})


@pytest.fixture(autouse=True)
def afterwards():
    with time_machine.travel(START + timedelta(hours=2), tick=False) as clock:
        yield clock


def get(client, registration, agent=CHROME, **query):
    return client.get(f"/o/{registration.token}", query, headers={"user-agent": agent})


def stamp_of(client, registration):
    shown = get(client, registration).content.decode()
    return re.search(r'name="shown" value="([^"]+)"', shown)[1]


def press(client, registration, agent=CHROME):
    return get(client, registration, agent, shown=stamp_of(client, registration))


def opened_at(registration):
    return Registration.objects.get(pk=registration.pk).offer_opened_at


def test_opening_the_page_shows_the_offer_and_counts_for_nothing(client, registered):
    shown = get(client, registered).content.decode()

    assert "Spring price" in shown
    assert "Business" in shown
    assert PAGE not in shown
    assert opened_at(registered) is None


def test_the_button_leads_to_the_page_of_the_offer_and_the_first_time_is_kept(
    client, registered, afterwards
):
    first = press(client, registered)
    afterwards.shift(timedelta(minutes=5))
    press(client, registered)

    assert (first.status_code, first.url) == (302, PAGE)
    assert opened_at(registered) == START + timedelta(hours=2)


@pytest.mark.parametrize("agent", [SCANNER, ""])
def test_a_machine_that_presses_gets_there_and_counts_for_nothing(client, registered, agent):
    response = press(client, registered, agent)

    assert response.url == PAGE
    assert opened_at(registered) is None


@pytest.mark.parametrize("shown", ["1", "x:y"])
def test_an_address_somebody_made_up_counts_for_nothing(client, registered, shown):
    response = get(client, registered, shown=shown)

    assert response.status_code == 200
    assert opened_at(registered) is None


def test_the_button_of_one_person_is_not_that_of_another(client, registered):
    other = make_registration(registered.event)

    get(client, registered, shown=stamp_of(client, other))

    assert (opened_at(registered), opened_at(other)) == (None, None)


def test_a_button_shown_long_ago_shows_the_page_again(client, registered, afterwards):
    shown = stamp_of(client, registered)
    afterwards.shift(timedelta(hours=25))

    assert get(client, registered, shown=shown).status_code == 200
    assert opened_at(registered) is None


def test_a_wrong_link_is_404(client):
    assert client.get("/o/nobody").status_code == 404


def test_an_offer_whose_last_day_has_passed_says_so(client, registered, afterwards):
    afterwards.shift(timedelta(days=7))

    assert "This offer held until" in get(client, registered).content.decode()


def test_an_event_without_an_offer_says_that_there_is_none(client, registered):
    Event.objects.update(offer=None)

    assert "There is no offer at present." in get(client, registered).content.decode()


def test_the_message_with_the_offer_holds_the_personal_link(registered, sent):
    arm_rules()

    reminders.queue_due(START + timedelta(hours=3))

    bodies = [m.body for m in Message.objects.filter(dispatch__purpose="advertising") if m.body]
    assert [f"https://smm.example.org/o/{registered.token}" in body for body in bodies] == [True]
    assert PAGE not in bodies[0]
