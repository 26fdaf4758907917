"""The administrators' page of the connection, and the pages of the sources."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from events import bitrix24_check, contacts
from events.bitrix24_findings import Level
from events.models import Bitrix24Entry, Bitrix24Source, Registration
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.sandbox.people import add_person
from outbox.models import ChannelState
from people.models import Participant
from smmprocess.celery import app
from tests.factories import make_event, make_participant, make_registration, make_user

pytestmark = pytest.mark.django_db

CHECK = "/bitrix24/"


@pytest.fixture
def administrator(client_for):
    return client_for(make_user(is_administrator=True))


@pytest.fixture
def manager(client_for):
    return client_for(make_user())


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def make_source(**fields):
    fields.setdefault("name", "Web form")
    fields.setdefault("entity", "contact")
    fields.setdefault("source_id", "WEBFORM")
    if not fields.get("kind"):
        fields.setdefault("event", make_event(starts_at=timezone.now() + timedelta(days=2)))
    return Bitrix24Source.objects.create(**fields)


def found(subject):
    return [each for each in bitrix24_check.check() if each.subject == subject]


def page(response):
    return response.content.decode()


# The check


def test_a_portal_set_up_well_is_found_good_in_every_point(portal):
    findings = bitrix24_check.check()

    assert [(each.subject, each.level) for each in findings] == [
        ("Connection", Level.OK),
        ("Webhook's owner", Level.OK),
        ("Scopes", Level.OK),
        ("Methods", Level.OK),
        ("CRM mode", Level.OK),
        ("SMS workflow", Level.OK),
        ("Sender", Level.OK),
        ("Clock", Level.OK),
    ]
    assert portal.portal.sent == []
    assert portal.portal.statistics.requests == 3


def test_off_is_explained(settings):
    settings.BITRIX24_WEBHOOK_URL = ""

    [finding] = bitrix24_check.check()

    assert finding.level == Level.WARNING
    assert "BITRIX24_WEBHOOK_URL" in finding.advice


def test_an_address_that_is_none_is_said_without_repeating_it(settings):
    settings.BITRIX24_WEBHOOK_URL = "https://college.bitrix24.eu/my-secret-place"

    [finding] = bitrix24_check.check()

    assert finding.level == Level.BAD
    assert "my-secret-place" not in str(finding)


@pytest.mark.parametrize(
    ("change", "subject", "words"),
    [
        ({"webhook_secret": "changed"}, "Connection", "new one"),
        ({"is_commercial": False}, "Connection", "Market"),
        ({"is_overloaded": True}, "Connection", "support"),
        ({"is_admin": False}, "Webhook's owner", "administrator"),
        ({"scopes": frozenset({"crm", "user_basic"})}, "Scopes", "bizproc"),
        ({"scopes": frozenset({"bizproc", "user_basic"})}, "Scopes", "crm"),
        ({"scopes": frozenset({"crm", "user_basic"})}, "Methods", "scopes"),
        ({"has_workflows": False}, "SMS workflow", "Send SMS"),
        ({"senders": ("Other <other@college.example>",)}, "Sender", "other@college.example"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(portal, change, subject, words):
    portal.portal.configure(**change)

    [finding] = found(subject)

    assert finding.level == Level.BAD
    assert words in finding.advice
    assert portal.portal.settings.webhook_secret not in finding.sentence
    assert "sandbox-secret" not in str(finding)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BITRIX24_SMS_TEMPLATE_ID", 0, "2 (SMS no MIS (contact))"),
        ("BITRIX24_SMS_TEMPLATE_ID", 99, "2 (SMS no MIS (contact))"),
        ("BITRIX24_SMS_TEMPLATE_ID", 1, "2 (SMS no MIS (contact))"),
        ("BITRIX24_SMS_TEXT_PARAMETER", "text", "BITRIX24_SMS_TEXT_PARAMETER"),
    ],
)
def test_the_wrong_template_is_told_from_a_missing_one(portal, settings, name, value, words):
    setattr(settings, name, value)

    [finding] = found("SMS workflow")

    assert finding.level == Level.BAD
    assert words in finding.advice


def test_a_missing_parameter_is_named_with_those_that_are_there(portal, settings):
    settings.BITRIX24_SMS_TEXT_PARAMETER = "text"

    [finding] = found("SMS workflow")

    assert "no parameter text; it has: sms_text" in finding.sentence


def test_without_a_sender_no_email_can_go(portal, settings):
    settings.BITRIX24_SENDER = ""

    assert [each.level for each in found("Sender")] == [Level.BAD]


def test_a_portal_that_does_not_tell_its_mailboxes_is_no_fault(portal):
    portal.portal.configure(scopes=frozenset({"crm", "bizproc", "user_basic"}))

    assert [each.level for each in found("Sender")] == [Level.INFO]


def test_a_portal_without_leads_matters_only_to_a_source_of_leads(portal):
    portal.portal.configure(crm_mode=2)

    without = [each.level for each in found("CRM mode")]
    make_source(entity="lead", is_on=True)

    assert without == [Level.INFO]
    assert [each.level for each in found("CRM mode")] == [Level.WARNING]


def test_clocks_that_differ_are_told():
    assert [each.level for each in bitrix24_check._clock(timedelta(seconds=61))] == [Level.BAD]
    assert [each.level for each in bitrix24_check._clock(timedelta(seconds=-3))] == [Level.OK]


def test_a_portal_that_hangs_is_given_up_on_soon(portal, monkeypatch):
    monkeypatch.setattr("integrations.bitrix24.client.HURRIED_READ_TIMEOUT", 0.3)
    portal.portal.faults.add_spec("hang:seconds=5")
    started = time.monotonic()

    [finding] = bitrix24_check.check()

    assert finding.level == Level.BAD
    assert time.monotonic() - started < 2


def test_a_portal_that_hangs_half_way_is_given_up_on_too(portal, monkeypatch):
    monkeypatch.setattr("integrations.bitrix24.client.HURRIED_READ_TIMEOUT", 0.3)
    monkeypatch.setattr("integrations.bitrix24.client.HURRIED_PATIENCE", 0.6)
    portal.portal.faults.add_spec("hang:method=scope,seconds=5")
    started = time.monotonic()

    findings = bitrix24_check.check()

    assert time.monotonic() - started < 3
    assert Level.WARNING in [each.level for each in findings]


def test_a_hurried_check_leaves_the_pace_of_sending_alone(portal, monkeypatch):
    monkeypatch.setattr("integrations.bitrix24.client.HURRIED_READ_TIMEOUT", 0.3)
    portal.portal.faults.add_spec("hang:method=scope,seconds=5")
    before = Bitrix24.from_settings().batch_size("scope")

    bitrix24_check.check()

    assert Bitrix24.from_settings().batch_size("scope") == before


# The page


def test_the_page_opens_without_asking_the_portal(portal, administrator):
    response = administrator.get(CHECK)

    assert response.status_code == 200
    assert portal.url.removeprefix("http://") in page(response)
    assert "sandbox-secret" not in page(response)
    assert portal.portal.statistics.requests == 0


def test_the_button_checks_and_shows_what_was_found(portal, administrator):
    portal.portal.configure(scopes=frozenset({"crm", "user_basic"}))

    response = administrator.post(CHECK)

    assert "The scope bizproc is missing" in page(response)
    assert "sandbox-secret" not in page(response)


def test_the_page_explains_itself_with_bitrix24_off(settings, administrator):
    settings.BITRIX24_WEBHOOK_URL = ""

    assert "Bitrix24 is off" in page(administrator.get(CHECK))
    assert "Inbound webhook" in page(administrator.post(CHECK))


def test_a_stopped_channel_is_shown_and_mended(portal, administrator):
    ChannelState.objects.create(
        pk="bitrix24_sms", problem="Access denied!", needs_a_person=True, failures=1
    )
    address = reverse("events:bitrix24_reopen", args=["bitrix24_sms"])
    shown = page(administrator.get(CHECK))

    administrator.post(address)

    assert "Access denied!" in shown
    assert address in shown
    assert not ChannelState.objects.get().needs_a_person
    assert address not in page(administrator.get(CHECK))


def test_a_channel_nobody_knows_is_not_mended(administrator):
    assert administrator.post("/bitrix24/carrier-pigeon/reopen/").status_code == 404


def test_people_with_a_problem_are_listed_and_tried_again(portal, administrator):
    person = make_participant(
        first_name="Zane", bitrix24_contact_id=None, bitrix24_problem="The field is wrong"
    )
    make_registration(make_event(starts_at=timezone.now()), participant=person)

    shown = page(administrator.get(CHECK))
    administrator.post("/bitrix24/retry/")

    assert "The field is wrong" in shown
    assert reverse("events:participant_detail", args=[person.pk]) in shown
    assert Participant.objects.get(pk=person.pk).bitrix24_problem == ""


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_problem_and_for_three(
    portal, administrator, django_assert_num_queries, count
):
    for _ in range(count):
        make_participant(bitrix24_problem="No")
    administrator.get(CHECK)

    with django_assert_num_queries(12):
        administrator.get(CHECK)


# Sources


def fields(**changes):
    return {
        "name": "Facebook form",
        "target": "next-open_day",
        "entity": "lead",
        "source_id": "WEBFORM",
        "filter_lines": "UTM_SOURCE=facebook",
        "sends_confirmation": "on",
    } | changes


def test_a_source_is_made_and_takes_nobody_before_it_is_started(manager):
    response = manager.post("/bitrix24/sources/new/", fields())

    source = Bitrix24Source.objects.get()
    assert response.url == reverse("events:bitrix24_source_detail", args=[source.pk])
    assert (source.event, source.kind, source.is_on) == (None, "open_day", False)
    assert source.filters() == {"UTM_SOURCE": "facebook", "SOURCE_ID": "WEBFORM"}


def test_a_source_of_one_event_is_offered_from_its_page(manager):
    event = make_event(starts_at=timezone.now() + timedelta(days=1))

    form = page(manager.get(f"/bitrix24/sources/new/?event={event.pk}"))
    manager.post("/bitrix24/sources/new/", fields(target=str(event.pk)))

    assert f'<option value="{event.pk}" selected>' in form
    assert Bitrix24Source.objects.get().event == event


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source_id": "", "filter_lines": ""}, "Give at least one condition"),
        ({"filter_lines": "SECRET=1"}, "is not a field that people can be chosen by"),
        ({"filter_lines": "facebook"}, "is not written as FIELD=value"),
        ({"target": ""}, "This field is required"),
        ({"target": "999999"}, "Select a valid choice"),
    ],
)
def test_a_source_that_makes_no_sense_is_refused(manager, changes, words):
    response = manager.post("/bitrix24/sources/new/", fields(**changes))

    assert response.status_code == 200
    assert words in page(response)
    assert not Bitrix24Source.objects.exists()


def test_the_preview_shows_whom_it_finds_and_offers_to_start(portal, manager):
    source = make_source()
    add_person(portal.portal, {"name": "Zane", "source": "WEBFORM", "email": "z@example.com"})
    address = reverse("events:bitrix24_source_detail", args=[source.pk])

    response = manager.post(f"{address}preview/")

    assert "1 person fits" in page(response)
    assert "Zane" in page(response)
    assert f"{address}start/" in page(response)
    assert not Registration.objects.exists()


def test_a_portal_that_is_away_is_said_in_the_preview(manager, settings):
    settings.BITRIX24_WEBHOOK_URL = ""
    source = make_source()

    response = manager.post(f"/bitrix24/sources/{source.pk}/preview/")

    assert response.status_code == 200
    assert "BITRIX24_WEBHOOK_URL" in page(response)


def test_starting_takes_them_in_at_once_and_stopping_ends_it(
    portal, manager, settings, django_capture_on_commit_callbacks
):
    source = make_source()
    add_person(portal.portal, {"name": "Zane", "source": "WEBFORM", "email": "z@example.com"})
    app.conf.task_always_eager = True
    try:
        with django_capture_on_commit_callbacks(execute=True):
            manager.post(f"/bitrix24/sources/{source.pk}/start/")
    finally:
        app.conf.task_always_eager = False
    registered = Registration.objects.count()
    manager.post(f"/bitrix24/sources/{source.pk}/stop/")

    assert registered == 1
    source.refresh_from_db()
    assert not source.is_on


def test_other_conditions_stop_a_source_until_somebody_has_looked(manager):
    source = make_source(is_on=True, read_up_to=timezone.now())
    address = f"/bitrix24/sources/{source.pk}/edit/"
    same = fields(name="New name", target=str(source.event_id), entity="contact", filter_lines="")

    manager.post(address, same)
    source.refresh_from_db()
    renamed = source.name, source.is_on
    manager.post(address, same | {"source_id": "CALL"})
    source.refresh_from_db()

    assert renamed == ("New name", True)
    assert (source.source_id, source.is_on, source.read_up_to) == ("CALL", False, None)


def test_a_used_source_keeps_its_event(manager):
    source = make_source()
    Bitrix24Entry.objects.create(source=source, entity_id=1, seen_at=timezone.now())
    changed = fields(entity="lead", filter_lines="")

    manager.post(f"/bitrix24/sources/{source.pk}/edit/", changed)

    before = source.event
    source.refresh_from_db()
    assert (source.event, source.entity, source.kind) == (before, "contact", "")


def test_the_bad_ones_are_listed_with_their_reason(manager):
    source = make_source()
    Bitrix24Entry.objects.create(
        source=source, entity_id=77, name="<b>Zane</b>", problem="No e-mail", seen_at=timezone.now()
    )

    shown = page(manager.get(f"/bitrix24/sources/{source.pk}/"))

    assert "No e-mail" in shown
    assert "&lt;b&gt;Zane" in shown


def test_the_list_counts_each_source(manager):
    source = make_source(is_on=True)
    registration = make_registration(source.event)
    now = timezone.now()
    Bitrix24Entry.objects.create(source=source, entity_id=1, registration=registration, seen_at=now)
    Bitrix24Entry.objects.create(source=source, entity_id=2, problem="No", seen_at=now)

    counted = Bitrix24Source.objects.with_counts().get()

    assert (counted.registered, counted.problems) == (1, 1)
    assert source.name in page(manager.get("/bitrix24/sources/"))


@pytest.mark.parametrize(
    ("role", "looks", "changes"),
    [
        (Role.MARKETING_HEAD, 200, 302),
        (Role.PROJECT_MANAGER, 200, 302),
        (Role.SPECIALIST, 200, 302),
        (Role.DIRECTOR, 200, 403),
        (Role.UNIT_HEAD, 403, 403),
    ],
)
def test_who_may_see_and_change_sources(client_for, role, looks, changes):
    client = client_for(make_user(role=role))
    source = make_source()
    address = f"/bitrix24/sources/{source.pk}/"

    assert client.get("/bitrix24/sources/").status_code == looks
    assert client.get(address).status_code == looks
    assert client.post(f"{address}stop/").status_code == changes
    assert client.post("/bitrix24/sources/new/", fields()).status_code == changes


def test_a_stranger_is_asked_to_sign_in(client):
    source = make_source()

    for address in (CHECK, "/bitrix24/sources/", f"/bitrix24/sources/{source.pk}/"):
        assert client.get(address).url == f"/accounts/login/?next={address}"


def test_the_breaker_of_the_matching_is_among_the_ways_out(portal, administrator):
    ChannelState.objects.create(pk=contacts.STATE, problem="Access denied.", needs_a_person=True)

    assert "Matching people to contacts" in page(administrator.get(CHECK))
    assert "Access denied." in page(administrator.get(CHECK))
