"""The portal's outgoing webhook: cases H01 to H06, called by the sandbox itself."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import bitrix24_lists
from events.models import Bitrix24Event, Bitrix24Source, Registration
from integrations.bitrix24.sandbox.entities import CONTACT, LEAD
from integrations.bitrix24.sandbox.outgoing import Subscription
from integrations.bitrix24.sandbox.people import add_person
from people.models import Participant
from tests.factories import make_event, make_participant

TOKEN = "right-token"
ADDRESS = "/bitrix24/events"


@pytest.fixture(autouse=True)
def application_token(settings):
    settings.BITRIX24_APPLICATION_TOKEN = TOKEN


@pytest.fixture
def calling(portal, live_server):
    """Let the sandbox call us, and wait until it has."""
    subscription = Subscription(f"{live_server.url}{ADDRESS}", TOKEN)
    portal.portal.outgoing.subscribe(subscription)
    return portal.portal.outgoing


def form(event="ONCRMLEADADD", entity_id=5, token=TOKEN, **more):
    return {
        "event": event,
        "event_handler_id": "975",
        "data[FIELDS][ID]": entity_id,
        "ts": "1742807175",
        "auth[domain]": "college.bitrix24.eu",
        "auth[application_token]": token,
    } | more


def add(portal, entity=LEAD, number=1, **options):
    fields = {"name": "Anna", "last_name": "Ozola", "source": "WEBFORM"}
    fields["email"] = f"anna{number}@example.com"
    return add_person(portal.portal, fields, entity=entity, **options)


def make_source(entity="lead"):
    event = make_event(starts_at=timezone.now() + timedelta(days=2))
    return Bitrix24Source.objects.create(
        name="Form", event=event, entity=entity, source_id="WEBFORM", is_on=True
    )


def outcomes(outgoing):
    outgoing.wait()
    return [delivery.outcome for delivery in outgoing.deliveries]


def waiting():
    return list(Bitrix24Event.objects.filter(taken_at=None).values_list("event", "entity_id"))


def test_the_address_is_the_one_told_to_the_portal():
    assert reverse("events:bitrix24_event") == ADDRESS


@pytest.mark.django_db(transaction=True)
def test_h01_a_call_makes_one_row_and_the_record_is_read_later(portal, calling):
    make_source()
    lead = add(portal)

    answered = outcomes(calling)
    read_before = portal.portal.statistics.requests
    stored = waiting()
    taken = bitrix24_lists.take_events(timezone.now())

    assert answered == ["200"]
    assert read_before == 0
    assert stored == [("ONCRMLEADADD", lead)]
    assert (taken, waiting()) == (1, [])
    assert portal.portal.statistics.requests == 1
    assert Registration.objects.get().participant.email == "anna1@example.com"


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["wrong", "", "right-tokeņ"])
def test_h02_a_wrong_token_is_refused_and_leaves_no_row(token):
    response = Client().post(ADDRESS, form(token=token))

    assert response.status_code == 403
    assert response.content == b""
    assert not Bitrix24Event.objects.exists()


@pytest.mark.django_db
def test_h02_without_a_token_is_refused_too():
    body = form()
    del body["auth[application_token]"]

    assert Client().post(ADDRESS, body).status_code == 403
    assert not Bitrix24Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_h03_the_same_event_twice_is_processed_once(portal):
    make_source()
    lead = add(portal)

    answers = [Client().post(ADDRESS, form(entity_id=lead)).status_code for _ in range(2)]
    rows = Bitrix24Event.objects.count()
    taken = [bitrix24_lists.take_events(timezone.now()) for _ in range(2)]

    assert answers == [200, 200]
    assert rows == 1
    assert taken == [1, 0]
    assert Registration.objects.count() == 1


@pytest.mark.django_db
def test_h03_a_change_after_the_row_was_taken_makes_a_row_of_its_own(portal):
    Client().post(ADDRESS, form())
    bitrix24_lists.take_events(timezone.now())

    Client().post(ADDRESS, form())

    assert waiting() == [("ONCRMLEADADD", 5)]
    assert Bitrix24Event.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_h04_a_thousand_events_are_all_answered_and_read_in_batches(portal):
    make_source()
    leads = [add(portal, number=number) for number in range(1000)]
    client = Client()

    answers = {client.post(ADDRESS, form(entity_id=lead)).status_code for lead in leads}
    taken = bitrix24_lists.take_events(timezone.now())

    assert answers == {200}
    assert taken == 1000
    # Each group of fifty takes a page and the look whether there is another.
    assert portal.portal.statistics.requests <= 40
    assert portal.portal.statistics.refused_by_rate == 0


@pytest.mark.django_db(transaction=True)
def test_h05_a_call_that_got_lost_is_made_up_for_by_the_poll(portal, calling, settings):
    source = make_source()
    settings.BITRIX24_APPLICATION_TOKEN = "changed meanwhile"
    add(portal)
    assert outcomes(calling) == ["403"]

    settings.BITRIX24_APPLICATION_TOKEN = TOKEN
    repeated = outcomes(calling)
    taken = bitrix24_lists.take_events(timezone.now())
    polled = bitrix24_lists.read(source, timezone.now())

    assert repeated == ["403"]
    assert (taken, polled) == (0, 1)


@pytest.mark.django_db
def test_h06_tokens_of_an_application_are_neither_kept_nor_logged(caplog):
    caplog.set_level(logging.DEBUG)
    secrets = {
        "auth[access_token]": "secret-access",
        "auth[refresh_token]": "secret-refresh",
        "auth[expires_in]": "3600",
        "auth[scope]": "crm",
        "auth[status]": "L",
    }

    response = Client().post(ADDRESS, form(**secrets))

    assert response.status_code == 200
    [row] = Bitrix24Event.objects.values()
    assert "secret" not in str(row)
    assert "secret" not in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.django_db
def test_without_a_token_of_ours_there_is_no_such_address(settings):
    settings.BITRIX24_APPLICATION_TOKEN = ""

    assert Client().post(ADDRESS, form(token="")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("event", ["ONCRMDEALADD", "ONAPPINSTALL", "x" * 5000])
def test_events_that_mean_nothing_to_us_are_answered_and_not_kept(event):
    assert Client().post(ADDRESS, form(event)).status_code == 200
    assert not Bitrix24Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("entity_id", ["five", "", "-1", "9" * 40])
def test_a_number_that_is_none_makes_no_row(entity_id):
    assert Client().post(ADDRESS, form(entity_id=entity_id)).status_code in (200, 400)
    assert not Bitrix24Event.objects.exists()


@pytest.mark.django_db
def test_a_body_that_is_too_long_is_not_read():
    response = Client().post(ADDRESS, form(padding="x" * 9000))

    assert response.status_code == 413
    assert not Bitrix24Event.objects.exists()


@pytest.mark.django_db
def test_only_post_is_answered():
    assert Client().get(ADDRESS).status_code == 405


@pytest.mark.django_db
def test_no_csrf_token_is_asked_of_the_portal():
    assert Client(enforce_csrf_checks=True).post(ADDRESS, form()).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("event", ["ONCRMCONTACTUPDATE", "ONCRMCONTACTDELETE"])
def test_a_contact_touched_in_the_portal_is_looked_at_again(portal, event):
    person = make_participant(bitrix24_contact_id=77, bitrix24_phone="+37120000001")

    Client().post(ADDRESS, form(event, 77))
    bitrix24_lists.take_events(timezone.now())

    assert Participant.objects.get(pk=person.pk).bitrix24_phone == ""


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_read_now_is_left_to_the_poll(portal):
    source = make_source("contact")
    contact = add(portal, CONTACT)
    Client().post(ADDRESS, form("ONCRMCONTACTADD", contact))
    portal.portal.configure(scopes=frozenset())

    taken = bitrix24_lists.take_events(timezone.now())
    portal.portal.configure(scopes=frozenset({"crm"}))

    assert (taken, waiting()) == (0, [])
    assert bitrix24_lists.read(source, timezone.now()) == 1
