"""Who may open which page of an event, and who may do what there."""

import pytest
from django.urls import reverse

from accounts.models import Role
from events.models import ReminderRule
from tests.factories import make_event, make_registration, make_user

pytestmark = pytest.mark.django_db

EVERYONE = set(Role)
PEOPLE = EVERYONE - {Role.UNIT_HEAD}
MANAGERS = {Role.MARKETING_HEAD, Role.PROJECT_MANAGER, Role.SPECIALIST}

MAY = [
    ("get", "event_list", EVERYONE),
    ("get", "event_new", MANAGERS),
    ("get", "event_create", MANAGERS),
    ("get", "event_detail", EVERYONE),
    ("get", "event_live", EVERYONE),
    ("get", "event_messages", PEOPLE),
    ("get", "event_registrations", PEOPLE),
    ("get", "event_update", MANAGERS),
    ("get", "event_move", MANAGERS),
    ("post", "event_move", MANAGERS),
    ("get", "event_cancel", MANAGERS),
    ("post", "event_cancel", MANAGERS),
    ("get", "event_copy", MANAGERS),
    ("get", "event_stop", MANAGERS),
    ("post", "event_stop", MANAGERS),
    ("get", "event_resume", MANAGERS),
    ("post", "event_resume", MANAGERS),
    ("post", "event_rule_off", MANAGERS),
    ("post", "event_rule_on", MANAGERS),
    ("post", "preflight_make", MANAGERS),
    ("post", "room_open", MANAGERS),
    ("post", "no_show_release", MANAGERS),
    ("post", "start_late", MANAGERS),
    ("post", "mark_present", MANAGERS),
    ("post", "mark_absent", MANAGERS),
    ("post", "mark_take_back", MANAGERS),
]


def address(name):
    registration = make_registration()
    arguments = {
        "event_list": [],
        "event_new": [],
        "event_create": ["open_day"],
        "event_rule_off": [registration.event_id, rule_number()],
        "event_rule_on": [registration.event_id, rule_number()],
        "mark_present": [registration.pk],
        "mark_absent": [registration.pk],
        "mark_take_back": [registration.pk],
    }
    return reverse(f"events:{name}", args=arguments.get(name, [registration.event_id]))


def rule_number():
    return ReminderRule.objects.get(event_type="open_day", key="offer").pk


@pytest.mark.parametrize("name", [name for method, name, _ in MAY if method == "get"][3:])
def test_an_event_that_is_not_there_is_404(client_for, name):
    address = reverse(f"events:{name}", args=[999_999])

    assert client_for(make_user()).get(address).status_code == 404


def test_a_kind_that_is_not_there_is_404(client_for):
    address = reverse("events:event_create", args=["fair"])

    assert client_for(make_user()).get(address).status_code == 404


def test_a_head_of_unit_sees_totals_and_no_person(client_for):
    event = make_event()
    person = make_registration(event).participant

    text = client_for(make_user(role=Role.UNIT_HEAD)).get(
        reverse("events:event_detail", args=[event.pk])
    )

    shown = text.content.decode()
    assert "1 e-mail" in shown
    assert not [each for each in (person.last_name, person.email, person.phone) if each in shown]


def test_a_director_sees_people_and_no_button_that_changes_something(client_for):
    registration = make_registration()
    client = client_for(make_user(role=Role.DIRECTOR))

    shown = [
        client.get(reverse(f"events:{name}", args=[registration.event_id])).content.decode()
        for name in ("event_detail", "event_registrations")
    ]

    assert registration.participant.email in shown[1]
    assert [text.count('action="/events/') + text.count("/mark") for text in shown] == [0, 0]
    assert [text.count(f"/events/{registration.event_id}/edit/") for text in shown] == [0, 0]
