import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from events import registration as registering
from events.models import Registration
from outbox.models import Message, Reason, Status
from people import consent
from people.models import Consent, ConsentSource, Medium, Participant
from tests.factories import (
    START,
    make_event,
    make_participant,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

TYPED = {
    "first_name": " ANNA ",
    "last_name": "Ozola",
    "email": "Anna@Example.org",
    "phone": "29 111 111",
    "language": "en",
    "confirm": "on",
}


@pytest.fixture
def manager(client_for):
    return client_for(make_user(role=Role.PROJECT_MANAGER, full_name="Ilze Kalniņa"))


@pytest.fixture
def event():
    """Give an event tomorrow: pages ask the real clock."""
    return make_event(starts_at=timezone.now() + timedelta(days=1))


def register(client, event, **changes):
    typed = {name: value for name, value in {**TYPED, **changes}.items() if value is not None}
    address = reverse("events:registration_create", args=[event.pk])
    return client.post(address, typed, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


# By hand


def test_somebody_is_registered_by_hand_with_uniform_addresses(manager, event):
    response = register(manager, event, offers_by_email="on")

    person = Participant.objects.get()
    assert (person.full_name, person.email, person.phone, person.language) == (
        "Anna Ozola",
        "anna@example.org",
        "+37129111111",
        "en",
    )
    registration = event.registrations.get()
    assert (registration.source, registration.is_confirmed) == ("staff", True)
    assert registration.registered_by.full_name == "Ilze Kalniņa"
    assert list(
        Consent.objects.values_list("medium", "is_given", "source", "recorded_by__full_name")
    ) == [("email", True, "staff", "Ilze Kalniņa")]
    assert said(response) == ["Anna Ozola is registered."]


def test_the_confirmation_can_be_left_out(manager, event):
    register(manager, event, confirm=None)

    assert event.registrations.get().is_confirmed is False


def test_a_tick_left_out_withdraws_nothing(manager, event):
    person = make_participant(first_name="Anna", last_name="Ozola", email="anna@example.org")
    consent.record(person, Medium.SMS, is_given=True, at=START, source=ConsentSource.LIST)

    register(manager, event)

    person.refresh_from_db()
    assert person.offers_by_sms_at == START
    assert Consent.objects.count() == 1


def test_a_known_person_is_found_and_what_was_not_taken_is_said(manager, event):
    person = make_participant(
        first_name="Anna", last_name="Ozola", email="old@example.org", phone="+37129111111"
    )

    response = register(manager, event)

    assert event.registrations.get().participant == person
    assert Participant.objects.get().email == "old@example.org"
    assert said(response) == [
        "Anna Ozola is registered.",
        "We know old@example.org for this person; anna@example.org was not saved. If it is right,"
        " change it on the participant's page.",
    ]


def test_who_is_registered_already_stays_registered_once(manager, event):
    register(manager, event)

    response = register(manager, event)

    assert said(response) == ["Anna Ozola was registered already."]
    assert event.registrations.count() == 1


def test_a_shared_address_under_another_name_is_asked_about(manager, event):
    make_participant(first_name="Pēteris", last_name="Ozols", email="anna@example.org", phone="")

    response = register(manager, event)

    shown = response.content.decode()
    assert "Is this the same person?" in shown
    assert "Yes, Pēteris Ozols (anna@example.org)" in shown
    assert Registration.objects.count() == 0


def test_the_same_person_by_another_name_is_registered_as_known(manager, event):
    known = make_participant(
        first_name="Anna", last_name="Kalna", email="anna@example.org", phone=""
    )

    register(manager, event, same_as=str(known.pk))

    known.refresh_from_db()
    assert event.registrations.get().participant == known
    assert (known.last_name, known.phone) == ("Kalna", "+37129111111")


def test_another_person_at_the_same_address_is_added(manager, event):
    make_participant(first_name="Pēteris", last_name="Ozols", email="anna@example.org", phone="")

    register(manager, event, same_as="new")

    assert event.registrations.get().participant.first_name == "Anna"
    assert Participant.objects.count() == 2


def test_somebody_who_was_not_offered_cannot_be_chosen(manager, event):
    make_participant(first_name="Pēteris", last_name="Ozols", email="anna@example.org", phone="")
    stranger = make_participant()

    register(manager, event, same_as=str(stranger.pk))

    assert Registration.objects.count() == 0


def test_a_number_that_gets_no_sms_is_pointed_out(manager, event):
    response = register(manager, event, phone="67222222")

    assert "+37167222222 is not a mobile number and gets no SMS." in said(response)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"email": "anna(at)example.org"}, "email"),
        ({"phone": "123"}, "phone"),
        ({"email": "", "phone": ""}, "email"),
        ({"language": "ru"}, "language"),
    ],
)
def test_wrong_input_is_refused_beside_its_field(manager, event, changes, field):
    response = register(manager, event, **changes)

    assert list(response.context["form"].errors) == [field]
    assert Participant.objects.count() == 0


def test_an_event_that_is_over_takes_nobody(manager):
    response = register(manager, make_event())

    assert response.context["form"].non_field_errors() == ["This event is over."]
    assert Participant.objects.count() == 0


# Cancel and register again


def test_a_cancelled_registration_takes_its_messages_back_and_can_be_taken_up(manager, event, sent):
    registration = make_registration(event)
    message = planned_message(registration)

    manager.post(reverse("events:registration_withdraw", args=[registration.pk]))
    registration.refresh_from_db()
    message.refresh_from_db()
    assert registration.is_active is False
    assert (message.status, message.reason) == (Status.SKIPPED, Reason.REGISTRATION_CANCELLED)

    manager.post(reverse("events:registration_take_up", args=[registration.pk]))
    registration.refresh_from_db()
    assert (registration.is_active, registration.repetition) == (True, 2)


def planned_message(registration):
    from events import reminders
    from events.models import Event, ReminderRule

    ReminderRule.objects.filter(key="confirmation").update(armed_from=START - timedelta(days=900))
    Registration.objects.filter(pk=registration.pk).update(
        is_confirmed=True, registered_at=timezone.now()
    )
    Event.objects.look_again()
    reminders.queue_due(timezone.now())
    return Message.objects.get(participant=registration.participant, medium="email")


def test_an_event_that_is_over_cannot_be_registered_for_again(manager):
    registration = make_registration()
    registering.cancel(registration, START)

    response = manager.post(
        reverse("events:registration_take_up", args=[registration.pk]), follow=True
    )

    assert said(response) == ["This event is over."]
    assert Registration.objects.get().is_active is False


# Exports


EVIL = '=HYPERLINK("http://evil.example","x")'


def test_the_workbook_holds_everybody_and_no_formula(manager, event):
    make_registration(event, person={"first_name": EVIL, "last_name": "Ābols", "phone": ""})
    make_registration(event, person={"first_name": "Jānis", "last_name": "Zariņš"})
    make_registration(make_event())

    response = manager.get(reverse("events:registration_export_xlsx", args=[event.pk]))

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    header, first, second = sheet.iter_rows()
    assert [cell.value for cell in header][:4] == ["First name", "Last name", "E-mail", "Phone"]
    assert (first[0].value, first[0].data_type) == (EVIL, "s")
    assert [cell.value for cell in second][:2] == ["Jānis", "Zariņš"]
    assert response.headers["Content-Disposition"].endswith('.xlsx"')


def test_the_csv_file_holds_everybody_and_no_formula(manager, event):
    registration = make_registration(event, person={"first_name": EVIL, "last_name": "@Ābols"})
    registering.cancel(registration, START)

    response = manager.get(reverse("events:registration_export_csv", args=[event.pk]))

    text = response.content.decode("utf-8-sig")
    _header, row = csv.reader(io.StringIO(text), delimiter=";")
    assert row[:2] == [f"'{EVIL}", "'@Ābols"]
    assert row[3] == f"'{registration.participant.phone}"
    assert row[7] == "2026-03-11 18:00"
    assert not any(cell.startswith(("=", "+", "@")) for cell in row)


def test_an_export_can_be_imported_again(manager, event):
    from events import participant_list

    make_registration(event, person={"first_name": "Anna", "last_name": "Ozola"})
    for name in ("registration_export_xlsx", "registration_export_csv"):
        response = manager.get(reverse(f"events:{name}", args=[event.pk]))

        (row,) = participant_list.read(io.BytesIO(response.content)).rows

        person = Participant.objects.get()
        assert (row.full_name, row.email, row.phone, row.accepts_offers_by_sms) == (
            "Anna Ozola",
            person.email,
            person.phone,
            False,
        )


def test_an_export_costs_a_fixed_number_of_queries(manager, event, django_assert_max_num_queries):
    for _ in range(8):
        make_registration(event)

    with django_assert_max_num_queries(6):
        manager.get(reverse("events:registration_export_xlsx", args=[event.pk]))
