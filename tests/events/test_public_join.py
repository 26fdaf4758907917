"""The personal link: machines may fetch what they like, only a pressed button joins."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError

from events import attendance
from events.models import Evidence, Registration
from tests.factories import START, make_event, make_registration

pytestmark = pytest.mark.django_db

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
MACHINES = [
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0 A",
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
    "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "",
]
PEOPLE_IN_APPS = [
    CHROME,
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/79.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile "
    "[FBAN/FBIOS;FBAV/440.0;]",
]
ROOM = "https://room.example.org/42"


@pytest.fixture
def registered():
    return make_registration(person={"first_name": "Anna", "language": "en"})


@pytest.fixture(autouse=True)
def at_the_start():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def address(registration, path="/j/{}"):
    return path.format(registration.token)


def get(client, registration, agent=CHROME, **headers):
    return client.get(address(registration), headers={"user-agent": agent, **headers})


def nonce(response):
    return re.search(r'name="shown" value="([^"]+)"', response.content.decode())[1]


def press(client, registration, agent=CHROME, shown=None):
    shown = shown or nonce(get(client, registration))
    return client.post(address(registration), {"shown": shown}, headers={"user-agent": agent})


def kinds():
    return list(Evidence.objects.order_by("pk").values_list("kind", flat=True))


def joined(registration):
    found = Registration.objects.get(pk=registration.pk)
    return found.attendance, found.joined_at, found.join_count


NOT_JOINED = ("", None, 0)


@pytest.mark.parametrize(("minutes", "status"), [(-31, 200), (-30, 303), (104, 303), (105, 200)])
def test_the_door_is_open_from_half_an_hour_before_to_a_quarter_after(
    client, registered, at_the_start, minutes, status
):
    shown = nonce(get(client, registered))
    at_the_start.move_to(START + timedelta(minutes=minutes))

    assert press(client, registered, shown=shown).status_code == status


@pytest.mark.parametrize("token", ["%00", "a%00b", "a b", "ā", "a" * 3000, "-", "'"])
def test_a_strange_token_is_a_wrong_link(client, token):
    assert client.get(f"/j/{token}").status_code == 404


@pytest.mark.parametrize("agent", MACHINES)
def test_a_machine_that_presses_the_button_is_let_through_and_not_counted(
    client, registered, agent
):
    response = press(client, registered, agent)

    assert response.status_code == 303
    assert joined(registered) == NOT_JOINED


@pytest.mark.parametrize("agent", PEOPLE_IN_APPS)
def test_people_with_phones_and_apps_of_odd_names_are_people(client, registered, agent):
    press(client, registered, agent)

    assert joined(registered) == ("present", START, 1)


def test_the_button_works_without_cookies_and_needs_no_csrf_token(registered):
    from django.test import Client

    shown = nonce(get(Client(), registered))

    response = press(Client(enforce_csrf_checks=True), registered, shown=shown)

    assert response.status_code == 303


@pytest.mark.parametrize("shown", ["", "1:forged", "other"])
def test_a_press_without_the_page_is_asked_for_once_more(client, registered, shown):
    if shown == "other":
        shown = nonce(get(client, make_registration(registered.event)))

    response = client.post(address(registered), {"shown": shown})

    assert response.status_code == 200
    assert joined(registered) == NOT_JOINED
    assert press(client, registered, shown=nonce(response)).status_code == 303


def test_a_page_left_open_for_seven_hours_is_asked_for_once_more(client, registered, at_the_start):
    at_the_start.move_to(START - timedelta(hours=7))
    shown = nonce(get(client, registered))
    at_the_start.move_to(START)

    response = press(client, registered, shown=shown)

    assert "once more" in response.content.decode()
    assert joined(registered) == NOT_JOINED


def test_who_wants_in_gets_in_when_it_cannot_be_written_down(
    client, registered, monkeypatch, caplog
):
    def fail(*_args, **_kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(attendance.Evidence.objects, "get_or_create", fail)

    response = press(client, registered)

    assert (response.status_code, response["Location"]) == (303, ROOM)
    assert "was not written down" in caplog.text
    assert joined(registered) == NOT_JOINED


def test_a_page_opened_while_the_database_refuses_is_shown_all_the_same(
    client, registered, monkeypatch
):
    def fail(*_args, **_kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(attendance, "note_opened", fail)

    assert get(client, registered).status_code == 200


def test_without_a_room_nobody_is_taken_for_present(client):
    registered = make_registration(make_event(room_url=""), person={"language": "en"})

    response = press(client, registered)

    assert "not open yet" in response.content.decode()
    assert joined(registered) == NOT_JOINED


def test_a_cancelled_event_says_so(client):
    event = make_event(cancelled_at=START - timedelta(days=1), cancel_reason="The presenter is ill")
    registered = make_registration(event, person={"language": "en"})

    page = get(client, registered).content.decode()

    assert "This event is cancelled" in page
    assert 'name="shown"' not in page
    assert "presenter is ill" not in page


def test_a_cancelled_registration_can_be_taken_up_again(client, registered):
    registered.cancel(START - timedelta(days=1))
    page = get(client, registered).content.decode()

    again = client.post(address(registered, "/r/{}/again"), headers={"user-agent": CHROME})

    registered.refresh_from_db()
    assert 'name="shown"' not in page
    assert f'action="/r/{registered.token}/again"' in page
    assert again["Location"] == address(registered)
    assert (registered.is_active, registered.repetition) == (True, 2)


def test_the_page_is_kept_by_nobody_and_tells_nobody_where_it_is(client, registered):
    shown = get(client, registered)

    headers = ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")
    assert [shown[name] for name in headers] == ["no-store", "no-referrer", "noindex, nofollow"]
    assert "form-action 'self' https: http:" in shown["Content-Security-Policy"]
    assert registered.participant.last_name not in shown.content.decode()
    assert 'property="og:title"' in shown.content.decode()


@pytest.mark.parametrize(
    ("query", "language"), [("", "en"), ("?language=lv", "lv"), ("?language=ru", "en")]
)
def test_the_page_speaks_the_persons_language_until_another_is_chosen(
    client, registered, query, language
):
    page = client.get(address(registered) + query, headers={"accept-language": "lv"})

    assert f'<html lang="{language}"' in page.content.decode()


def test_asking_what_is_allowed_stores_nothing(client, registered):
    answer = client.options(address(registered), headers={"user-agent": CHROME})

    assert (answer.status_code, kinds()) == (204, [])


def test_opening_and_pressing_takes_few_queries(client, registered, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        shown = nonce(get(client, registered))
    with django_assert_max_num_queries(12):
        press(client, registered, shown=shown)
