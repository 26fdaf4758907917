from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from events.models import Event
from events.models.looks import AT_ONCE
from outbox.models import Reason, Status
from people import consent
from people.models import AddressBlock, Consent, ConsentSource, ConsentText, Medium, Participant
from tests.factories import (
    make_event,
    make_message,
    make_participant,
    make_registration,
    make_user,
    riga,
)

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 5, 12)


@pytest.fixture
def manager(client_for):
    return client_for(make_user(role=Role.SPECIALIST, full_name="Laura Liepiņa"))


def page(client, name, *arguments, **query):
    return client.get(reverse(f"events:{name}", args=arguments), query).content.decode()


# Who may


def test_the_director_sees_no_buttons(client_for):
    person = make_registration(make_event(starts_at=timezone.now())).participant
    AddressBlock.objects.block(Medium.EMAIL, person.email, "Unknown.", NOW)

    shown = page(client_for(make_user(role=Role.DIRECTOR)), "participant_detail", person.pk)

    assert "Unknown." in shown
    assert "Lift the block" not in shown
    assert "Asked us to stop" not in shown
    assert "Cancel the registration" not in shown


# The list


def test_people_are_found_by_how_any_part_begins_without_marks_and_capitals(manager):
    make_participant(
        first_name="Ķērija", last_name="Āboliņa", email="kerija@example.org", phone="+37129111111"
    )
    make_participant(first_name="Jānis", last_name="Bērziņš", email="janis@example.org")

    for words in ("kerija", "ĶĒRIJA", "abol", "āboliņa ķēr", "KERIJA@", "29111", "+371 29111111"):
        shown = page(manager, "participant_list", q=words)
        assert ("Ķērija Āboliņa" in shown, "Jānis Bērziņš" in shown) == (True, False), words
    assert "Nobody like that is here." in page(manager, "participant_list", q="100%")


def test_people_are_ordered_by_last_name_as_readers_look_for_it(manager):
    for last_name in ("Zariņa", "Āboliņa", "Šteina", "Abele"):
        make_participant(first_name="Anna", last_name=last_name)

    names = [person.last_name for person in Participant.objects.by_name()]

    assert names == ["Abele", "Āboliņa", "Šteina", "Zariņa"]


def test_a_corrected_name_is_found_and_an_unrelated_save_keeps_what_is_found(manager):
    person = make_participant(first_name="Anna", last_name="Ozola")
    stale = Participant.objects.get(pk=person.pk)

    person.last_name = "Kalna"
    person.save(update_fields=["last_name"])
    stale.save(update_fields=["bitrix24_contact_id"])

    assert Participant.objects.search("kalna").get() == person
    assert not Participant.objects.search("ozola").exists()


@pytest.mark.parametrize("name", ["participant_list", "participant_detail"])
def test_the_number_of_queries_does_not_grow(manager, name, django_assert_max_num_queries):
    arguments = []
    person = make_participant()
    for _ in range(5):
        make_participant()
    if name == "participant_detail":
        arguments = [person.pk]
        for _ in range(5):
            registration = make_registration(participant=person)
            make_message(participant=person, address=person.email)
            Consent.objects.create(
                participant=person, medium="email", is_given=True, at=NOW, source="list"
            )
            assert registration.pk

    with django_assert_max_num_queries(16):
        page(manager, name, *arguments)


# One participant


def test_the_page_tells_what_somebody_got_when_and_why_not(manager):
    person = make_participant(first_name="Anna", last_name="Ozola")
    got = make_message(
        participant=person,
        address=person.email,
        status=Status.HANDED_OVER,
        handed_over_at=NOW,
    )
    make_message(
        participant=person, address="", medium="sms", status=Status.SKIPPED, reason=Reason.NO_PHONE
    )
    make_message(subject="Somebody else's")

    shown = page(manager, "participant_detail", person.pk)

    assert "handed over" in shown
    assert "skipped" in shown
    assert "no phone number" in shown
    assert reverse("outbox:message_detail", args=[got.pk]) in shown
    assert shown.count("/outbox/") - shown.count('"/outbox/"') == 2


def test_the_page_shows_where_each_consent_comes_from(manager):
    person = make_participant()
    text = ConsentText.objects.create(medium="sms", version=7, text_lv="Jā", text_en="Yes")
    consent.record(
        person,
        Medium.SMS,
        is_given=True,
        at=NOW,
        source=ConsentSource.PUBLIC_PAGE,
        text=text,
        place="/e/abc",
        ip_address="192.0.2.7",
    )
    consent.record(
        person, Medium.EMAIL, is_given=True, at=NOW, source=ConsentSource.LIST, place="March.xlsx"
    )

    shown = page(manager, "participant_detail", person.pk)

    for words in ("text version 7", "registration page: /e/abc", "192.0.2.7", "March.xlsx"):
        assert words in shown


def test_nothing_of_a_participant_becomes_markup(manager):
    evil = "<script>alert(1)</script>"
    person = make_participant(first_name=evil, last_name=evil, bitrix24_contact_id=None)
    Participant.objects.update(bitrix24_problem=evil)
    Consent.objects.create(
        participant=person, medium="email", is_given=True, at=NOW, source="list", place=evil
    )
    AddressBlock.objects.block(Medium.EMAIL, person.email, evil, NOW)
    make_registration(make_event(title=evil, title_en=evil), participant=person)

    for name, arguments in (
        ("participant_list", []),
        ("participant_detail", [person.pk]),
        ("participant_update", [person.pk]),
        ("participant_stop", [person.pk]),
    ):
        shown = page(manager, name, *arguments)
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert" in shown


def test_who_shares_an_address_is_named(manager):
    person = make_participant(email="family@example.org")
    make_participant(first_name="Pēteris", last_name="Ozols", email="family@example.org")

    assert "Pēteris Ozols" in page(manager, "participant_detail", person.pk)


def test_an_edit_makes_addresses_uniform_and_has_the_plan_looked_at_again(manager):
    registration = make_registration(make_event(starts_at=timezone.now() + timedelta(days=1)))
    person = registration.participant
    Event.objects.update(look_at=None)

    response = manager.post(
        reverse("events:participant_update", args=[person.pk]),
        {
            "first_name": " ANNA ",
            "last_name": "Ozola-Kalna",
            "email": " Anna.New@Example.ORG ",
            "phone": "29 111 111",
            "language": "en",
        },
    )

    person.refresh_from_db()
    assert response.url == reverse("events:participant_detail", args=[person.pk])
    assert (person.full_name, person.email, person.phone, person.language) == (
        "Anna Ozola-Kalna",
        "anna.new@example.org",
        "+37129111111",
        "en",
    )
    assert Event.objects.get().look_at == AT_ONCE


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "nav-epasta", "is not a valid e-mail address"),
        ("phone", "12345", "is not a valid phone number"),
        ("first_name", "=1+1", "is a formula"),
        ("email", "", "Give an e-mail address, a phone number, or both."),
    ],
)
def test_a_wrong_edit_is_refused_beside_its_field(manager, field, value, sentence):
    person = make_participant(phone="")
    typed = {"first_name": "Anna", "email": person.email, "language": "lv", field: value}

    response = manager.post(reverse("events:participant_update", args=[person.pk]), typed)

    assert sentence in response.context["form"].errors[field][0]
    assert Participant.objects.get().email == person.email


# Stop


def test_who_asks_us_to_stop_gets_no_offers_and_stays_registered(manager):
    person = make_registration().participant
    for medium in Medium:
        consent.record(person, medium, is_given=True, at=NOW, source=ConsentSource.LIST)

    manager.post(reverse("events:participant_stop", args=[person.pk]), {"note": "by phone"})

    person.refresh_from_db()
    assert (person.offers_by_email_at, person.offers_by_sms_at) == (None, None)
    withdrawn = Consent.objects.filter(is_given=False)
    assert sorted(withdrawn.values_list("medium", "source", "place", "recorded_by__full_name")) == [
        ("email", "staff", "by phone", "Laura Liepiņa"),
        ("sms", "staff", "by phone", "Laura Liepiņa"),
    ]
    assert AddressBlock.objects.count() == 0
    assert person.registrations.active().count() == 1


def test_an_address_is_blocked_if_wanted_and_the_block_can_be_lifted(manager):
    registration = make_registration(make_event(starts_at=timezone.now() + timedelta(days=1)))
    person = registration.participant

    for _ in range(2):
        manager.post(
            reverse("events:participant_stop", args=[person.pk]),
            {"block_email": "on", "block_phone": "on"},
        )
    blocks = AddressBlock.objects.in_force().of(person)
    assert sorted(blocks.values_list("medium", "address", "reason")) == [
        ("email", person.email, "Asked us to stop (Laura Liepiņa)."),
        ("sms", person.phone, "Asked us to stop (Laura Liepiņa)."),
    ]

    Event.objects.update(look_at=None)
    email = blocks.get(medium="email")
    lift = reverse("events:block_lift", args=[email.pk])
    assert manager.post(lift, {"reason": ""}).status_code == 200
    assert AddressBlock.objects.in_force().count() == 2
    manager.post(lift, {"reason": "Called and asked for it."})

    assert [block.medium for block in AddressBlock.objects.in_force().of(person)] == ["sms"]
    lifted = AddressBlock.objects.get(pk=email.pk)
    assert (lifted.lifted_by.full_name, lifted.lift_reason) == (
        "Laura Liepiņa",
        "Called and asked for it.",
    )
    assert Event.objects.get().look_at == AT_ONCE
