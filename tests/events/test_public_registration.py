"""A person's own registration: cancelled by a press, never by a fetched link."""

from datetime import timedelta

import pytest
import time_machine

from events import reminders
from outbox.models import Message
from tests.factories import START, arm_rules, make_event, make_registration

pytestmark = pytest.mark.django_db

FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START - timedelta(days=1), tick=False) as travelling:
        yield travelling


@pytest.fixture
def registered():
    return make_registration(person={"language": "en"})


def cancel(client, registration, **headers):
    return client.post(f"/r/{registration.token}/cancel", headers={**FIREFOX, **headers})


def is_active(registration):
    registration.refresh_from_db()
    return registration.is_active


def test_the_link_only_asks(client, registered):
    text = client.get(f"/r/{registered.token}/cancel").content.decode()

    assert "Cancel your registration?" in text
    assert is_active(registered)


def test_the_button_cancels_and_withdraws_what_was_planned(client, registered, clock, sent):
    arm_rules()
    reminders.queue_due(START - timedelta(minutes=15))
    clock.move_to(START - timedelta(minutes=14))

    response = cancel(client, registered)

    text = client.get(response["Location"]).content.decode()
    assert not is_active(registered)
    assert "Your registration is cancelled." in text
    reasons = Message.objects.values_list("status", "reason")
    assert set(reasons) == {("skipped", "registration_cancelled")}


@pytest.mark.parametrize("headers", [{"user-agent": "Slackbot 1.0"}, {"sec-purpose": "prefetch"}])
def test_a_machine_that_sends_forms_cancels_nothing(client, registered, headers):
    cancel(client, registered, **headers)

    assert is_active(registered)


def test_cancelling_twice_is_cancelling_once(client, registered):
    cancel(client, registered)
    registered.refresh_from_db()
    first = registered.cancelled_at

    cancel(client, registered)

    registered.refresh_from_db()
    assert registered.cancelled_at == first


def test_after_the_end_there_is_nothing_to_cancel(client, registered, clock):
    clock.move_to(START + timedelta(hours=2))

    cancel(client, registered)

    text = client.get(f"/r/{registered.token}/cancel").content.decode()
    assert is_active(registered)
    assert "there is nothing to cancel" in text


@pytest.mark.parametrize(
    "fields",
    [{"cancelled_at": START, "cancel_reason": "x"}, {"ends_at": START - timedelta(hours=30)}],
)
def test_nobody_registers_again_for_what_does_not_take_place(client, fields):
    event = make_event(**({"starts_at": START - timedelta(hours=32)} | fields))
    registered = make_registration(event, cancelled_at=START - timedelta(days=2))

    response = client.post(f"/r/{registered.token}/again", headers=FIREFOX)

    assert response["Location"] == f"/j/{registered.token}"
    assert not is_active(registered)


def test_registering_again_is_a_press_too(client, registered):
    registered.cancel(START - timedelta(days=2))

    assert client.get(f"/r/{registered.token}/again").status_code == 405
    client.post(f"/r/{registered.token}/again", headers={"user-agent": "curl/8"})
    assert not is_active(registered)


def test_the_calendar_file_is_served_as_one(client, registered):
    response = client.get(f"/r/{registered.token}.ics")

    assert response["Content-Type"].startswith("text/calendar")
    assert response["Content-Disposition"] == 'attachment; filename="event.ics"'
    assert f"/j/{registered.token}" in response.content.decode().replace("\r\n ", "")
