"""Registrations from Bitrix24: whom a source finds, each once, with what is wrong said."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from events import bitrix24_lists, contacts, registration
from events.models import Bitrix24Entry, Bitrix24Event, Bitrix24Source, Registration
from events.models.bitrix24 import read_filter_lines
from integrations.bitrix24.sandbox.entities import CONTACT, LEAD
from integrations.bitrix24.sandbox.people import add_person
from outbox.models import Message
from people.models import Consent, Participant
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db

# The sandbox stamps its records with the real clock, so these tests happen around it.
NOW = datetime.now(UTC)
START = NOW + timedelta(days=2)


def make_source(event=None, **fields):
    fields.setdefault("name", "Web form")
    fields.setdefault("entity", "contact")
    fields.setdefault("source_id", "WEBFORM")
    fields.setdefault("is_on", True)
    if not fields.get("kind"):
        fields["event"] = event or make_event(starts_at=START)
    return Bitrix24Source.objects.create(**fields)


def add(portal, entity=CONTACT, **fields):
    fields = {"name": "Anna", "last_name": "Ozola", "source": "WEBFORM"} | fields
    fields = {"email": "anna@example.com", "phone": "+37120000001"} | fields
    return add_person(portal.portal, fields, entity=entity)


def read_all(now=NOW):
    return sum(bitrix24_lists.read(each, now) for each in Bitrix24Source.objects.to_read(now))


def change(portal, contact_id, **fields):
    """Change a contact as somebody in the portal would."""
    row = portal.portal.contacts.rows[contact_id]
    for item in row["FM"]:
        item["VALUE"] = fields.get(item["TYPE_ID"].lower(), item["VALUE"])
    row["DATE_MODIFY"] = datetime.now(UTC).isoformat()


@pytest.mark.parametrize(("entity", "table"), [("contact", CONTACT), ("lead", LEAD)])
def test_people_of_a_source_are_registered_and_others_are_not(portal, entity, table):
    source = make_source(entity=entity)
    add(portal, table, email="ANNA@Example.com", phone="20000001")
    add(portal, table, source="CALL", email="other@example.com", phone="+37120000002")

    assert read_all() == 1

    [found] = Registration.objects.all()
    person = found.participant
    assert (found.event, found.source) == (source.event, Registration.Source.BITRIX24)
    assert (person.full_name, person.email, person.phone) == (
        "Anna Ozola",
        "anna@example.com",
        "+37120000001",
    )


def test_a_second_reading_changes_nothing(portal):
    make_source()
    add(portal)

    assert [read_all(), read_all(NOW + timedelta(minutes=5))] == [1, 0]
    assert Registration.objects.count() == Participant.objects.count() == 1


def test_all_conditions_hold_together(portal):
    make_source(utm_campaign="autumn", filter_lines="UTM_SOURCE=facebook\n@NAME=Anna,Zane")
    fits = add(portal)
    row = portal.portal.contacts.rows
    row[fits] |= {"UTM_CAMPAIGN": "autumn", "UTM_SOURCE": "facebook"}
    other = add(portal, email="b@example.com", phone="")
    row[other] |= {"UTM_CAMPAIGN": "autumn", "UTM_SOURCE": "google"}

    assert read_all() == 1

    assert Bitrix24Entry.objects.get().entity_id == fits


def test_who_was_added_before_the_day_is_left_out(portal):
    make_source(created_since=(NOW + timedelta(days=2)).date())
    add(portal)

    assert read_all() == 0


@pytest.mark.parametrize("line", ["WEB", "=WEB", "SECRET=1", "ID=5", "logic=OR", "DATE_MODIFY=1"])
def test_a_condition_the_portal_would_pass_over_is_refused(line):
    with pytest.raises(ValidationError):
        read_filter_lines(line)


def test_conditions_are_read_with_their_prefixes():
    lines = "UTM_SOURCE=facebook\n\n >=DATE_CREATE=2026-09-01\n@SOURCE_ID=WEB, CALL\nUF_CRM_1=a=b"

    assert read_filter_lines(lines) == {
        "UTM_SOURCE": "facebook",
        ">=DATE_CREATE": "2026-09-01",
        "@SOURCE_ID": ["WEB", "CALL"],
        "UF_CRM_1": "a=b",
    }


def test_a_bad_address_is_listed_with_its_reason_and_taken_when_it_is_corrected(portal):
    source = make_source()
    contact = add(portal, email="anna at example", phone="")

    read_all()
    problem = source.entries.get().problem
    change(portal, contact, email="anna@example.com")
    read_all(NOW + timedelta(minutes=5))

    assert "anna at example" in problem
    assert source.entries.get().problem == ""
    assert Registration.objects.get().participant.email == "anna@example.com"


def test_one_good_address_is_enough_and_the_bad_one_is_said(portal):
    source = make_source()
    add(portal, phone="12")

    assert read_all() == 1

    assert "12" in source.entries.get().problem
    assert Registration.objects.get().participant.phone == ""


def test_who_has_no_address_is_listed(portal):
    source = make_source()
    add(portal, email="", phone="")

    assert read_all() == 0
    assert source.entries.get().problem != ""


def test_bitrix24_is_not_taken_for_a_consent(portal):
    make_source()
    add(portal)

    read_all()

    person = Participant.objects.get()
    assert (person.offers_by_email_at, person.offers_by_sms_at) == (None, None)
    assert not Consent.objects.exists()


@pytest.mark.parametrize("sends", [True, False])
def test_a_confirmation_goes_only_where_the_source_says_so(portal, sends):
    make_source(sends_confirmation=sends)
    add(portal)

    read_all()

    assert Registration.objects.get().is_confirmed is sends


def test_the_contact_somebody_came_from_is_the_one_written_to(portal):
    make_source()
    contact = add(portal)

    read_all()
    contacts.match_due(NOW)

    person = Participant.objects.get()
    assert person.bitrix24_contact_id == contact
    assert person.bitrix24_phone == "+37120000001"
    assert len(portal.portal.contacts.rows) == 1


def test_contacts_we_made_ourselves_are_not_registrations(portal):
    make_source(source_id="", filter_lines="!=NAME=Nobody", kind="webinar")
    make_event(kind="webinar", starts_at=START)
    make_registration(
        make_event(starts_at=START), person={"bitrix24_contact_id": None, "first_name": "Zane"}
    )
    contacts.match_due(NOW)
    assert len(portal.portal.contacts.rows) == 1

    assert read_all() == 0


def test_the_next_event_of_the_kind_is_taken_and_a_later_change_registers_nobody_again(portal):
    source = make_source(kind="open_day")
    make_event(kind="webinar", starts_at=NOW + timedelta(hours=1))
    first = make_event(starts_at=START)
    make_event(starts_at=START + timedelta(days=7))
    contact = add(portal)

    read_all()
    change(portal, contact, email="new@example.com")
    read_all(START + timedelta(hours=1))

    assert [each.event for each in Registration.objects.all()] == [first]
    assert source.target(START + timedelta(hours=1)) != first


def test_without_an_event_ahead_the_person_waits_with_the_reason(portal):
    source = make_source(kind="open_day")
    add(portal)

    read_all()
    problem = source.entries.get().problem
    make_event(starts_at=START)
    later = NOW + timedelta(minutes=5)

    assert problem != ""
    assert read_all(later) == 1


def test_who_has_cancelled_is_not_registered_again_by_an_old_contact(portal):
    source = make_source()
    contact = add(portal)
    read_all()
    # Not NOW, which is when the tests were collected: the contact may be minutes younger.
    registration.cancel(Registration.objects.get(), datetime.now(UTC))

    change(portal, contact, phone="+37120000009")
    read_all(NOW + timedelta(minutes=2))
    Bitrix24Entry.objects.all().delete()
    read_all(NOW + timedelta(minutes=3))

    assert Registration.objects.get().cancelled_at is not None
    assert source.entries.count() == 1


def test_a_new_lead_after_a_cancellation_is_a_new_registration(portal):
    make_source(entity="lead")
    add(portal, LEAD)
    read_all()
    registration.cancel(Registration.objects.get(), NOW - timedelta(hours=1))

    add(portal, LEAD)
    read_all(NOW + timedelta(minutes=1))

    assert Registration.objects.get().cancelled_at is None
    assert Registration.objects.get().repetition == 2


def test_a_source_of_an_event_that_is_over_or_cancelled_is_not_read(portal):
    make_source(make_event(starts_at=NOW - timedelta(days=1)))
    make_source(make_event(starts_at=START, cancelled_at=NOW, cancel_reason="Ill"))
    make_source(is_on=False)
    add(portal)

    assert bitrix24_lists.to_poll(NOW) == []


def test_after_the_first_time_only_changes_are_asked_for(portal):
    source = make_source()
    for number in range(60):
        add(portal, email=f"p{number}@example.com", phone="")
    read_all()
    later = NOW + timedelta(days=1)
    read_all(later)
    requests = portal.portal.statistics.requests

    assert read_all(later + timedelta(minutes=5)) == 0

    source.refresh_from_db()
    assert source.read_up_to == later + timedelta(minutes=5)
    assert portal.portal.statistics.requests == requests + 1
    assert Registration.objects.count() == 60


def test_a_portal_that_does_not_answer_leaves_the_mark_and_says_so(portal):
    source = make_source()
    add(portal)
    portal.portal.configure(scopes=frozenset())

    assert read_all() == 0

    source.refresh_from_db()
    assert (source.read_up_to, source.busy_until) == (None, None)
    assert "crm.contact.list" in source.problem
    portal.portal.configure(scopes=frozenset({"crm"}))
    assert read_all(NOW + timedelta(minutes=5)) == 1


def test_a_source_that_is_being_read_is_not_read_by_another_worker(portal):
    source = make_source()
    add(portal)
    assert source.begin(NOW)

    assert read_all(NOW + timedelta(minutes=4)) == 0
    assert read_all(NOW + timedelta(minutes=5)) == 1


def test_a_long_source_is_read_in_turns_without_losing_anybody(portal, monkeypatch):
    source = make_source()
    for number in range(120):
        add(portal, email=f"p{number}@example.com", phone="")
    monkeypatch.setattr(bitrix24_lists, "TURN", timedelta(seconds=-1))

    first = read_all()
    source.refresh_from_db()
    mark = source.read_up_to
    monkeypatch.setattr(bitrix24_lists, "TURN", timedelta(minutes=1))
    second = read_all(NOW + timedelta(minutes=5))

    assert (first, mark, second) == (50, None, 70)


def test_the_preview_counts_and_names_without_taking_anybody_in(portal):
    source = make_source()
    for number in range(60):
        add(portal, name=f"Anna{number}", email=f"p{number}@example.com")

    found = bitrix24_lists.preview(source)

    assert found.total == 60
    assert found.names[:2] == ["Anna59 Ozola", "Anna58 Ozola"]
    assert not Registration.objects.exists()


def test_calls_of_the_webhook_are_forgotten_after_a_week(portal):
    for days in (6, 8):
        received = NOW - timedelta(days=days)
        Bitrix24Event.objects.create(
            event="ONCRMLEADADD", entity_id=days, received_at=received, taken_at=received
        )

    bitrix24_lists.to_poll(NOW)

    assert [each.entity_id for each in Bitrix24Event.objects.all()] == [6]


def test_nothing_is_sent_for_a_past_moment_by_taking_somebody_in(portal):
    make_source(make_event(starts_at=NOW + timedelta(minutes=1)))
    add(portal)

    read_all()

    assert not Message.objects.exists()
