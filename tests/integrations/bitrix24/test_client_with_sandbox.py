"""The client against the sandbox portal: every way a message goes, gets lost and is found."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from integrations.bitrix24 import activities, contacts, system, workflows
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.contacts import Address, AddressKind
from integrations.bitrix24.limiter import Bucket, MemoryLimiter
from integrations.bitrix24.owners import Owner, OwnerKind
from integrations.bitrix24.pace import RedisPace
from integrations.bitrix24.sandbox import running_sandbox
from integrations.bitrix24.shared import connect
from integrations.bitrix24.shared_limiter import RedisLimiter
from integrations.bitrix24.workflows import SmsLookup
from integrations.outcomes import Done, NotExecuted, Refused, Unclear, Why

DUE_AT = datetime(2026, 3, 12, 15, 45, tzinfo=UTC)
CONTACT_TEMPLATE = 2


@pytest.fixture
def sandbox():
    with running_sandbox(people=60) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox):
    return Bitrix24.at(sandbox.webhook_url, patience=20)


def owner_of(sandbox, number=0):
    return Owner(OwnerKind.CONTACT, sorted(sandbox.portal.contacts.rows)[number])


def email(owner, origin_id, address="anna@example.com"):
    return activities.send_email(
        owner,
        address,
        subject=f"We begin in 15 minutes ({origin_id})",
        html="<p>Sākam & gaidām!</p>",
        sender="Sandbox College <info@college.example>",
        due_at=DUE_AT,
        responsible_id=1,
        originator_id="smmprocess",
        origin_id=origin_id,
    )


def sms(owner, text):
    return workflows.start_sms_workflow(
        owner,
        text,
        template_id=CONTACT_TEMPLATE,
        text_parameter="sms_text",
        due_at=DUE_AT,
        due_parameter="due_at",
    )


def found(client, *origin_ids):
    return activities.find_emails(client, origin_ids, originator_id="smmprocess")


def test_emails_of_a_batch_go_out_once_each_and_are_found_by_our_key(sandbox, client):
    commands = {f"key-{n}": email(owner_of(sandbox, n), f"key-{n}") for n in range(3)}

    outcomes = client.batch(commands)

    assert [type(outcome) for outcome in outcomes.values()] == [Done] * 3
    assert [(m.kind, m.text, m.origin_id, m.due_at) for m in sandbox.sent] == [
        ("email", "<p>Sākam & gaidām!</p>", f"key-{n}", DUE_AT.timestamp()) for n in range(3)
    ]
    emails = found(client, *commands, "never sent")
    assert {key: (each.id, each.sent) for key, each in emails.items()} == {
        key: (outcome.result, True) for key, outcome in outcomes.items()
    }


def test_one_bad_address_in_a_batch_leaves_a_record_that_can_be_deleted(sandbox, client):
    owner = owner_of(sandbox)
    outcomes = client.batch({"good": email(owner, "good"), "bad": email(owner, "bad", "no mail")})

    left = found(client, "bad")["bad"]
    deleted = client.call(activities.delete_activity(left.id))

    assert isinstance(outcomes["good"], Done)
    assert isinstance(outcomes["bad"], Refused)
    assert (outcomes["bad"].kind, outcomes["bad"].left_record) == ("data", True)
    assert left.sent is False
    assert (deleted, found(client, "bad")) == (Done(True), {})
    assert [message.origin_id for message in sandbox.sent] == ["good"]


def test_a_connection_lost_after_the_work_is_unclear_and_the_look_up_finds_it(sandbox, client):
    sandbox.portal.faults.add_spec("execute-then-drop:method=crm.activity.add,count=1")

    outcomes = client.batch({"key": email(owner_of(sandbox), "key")})

    assert outcomes == {"key": Unclear(Why.CONNECTION_LOST, "ConnectionError")}
    assert found(client, "key")["key"].sent is True
    assert len(sandbox.sent) == 1


def test_a_connection_lost_before_the_work_is_unclear_and_the_look_up_finds_nothing(
    sandbox, client
):
    sandbox.portal.faults.add_spec("drop-before-execute:method=crm.activity.add,count=1")

    outcomes = client.batch({"key": email(owner_of(sandbox), "key")})

    assert outcomes == {"key": Unclear(Why.CONNECTION_LOST, "ConnectionError")}
    assert found(client, "key") == {}
    assert sandbox.sent == []


@pytest.mark.parametrize("fault", ["html", "500", "execute-then-html", "execute-then-500"])
def test_an_answer_of_the_proxy_or_the_server_is_unclear(sandbox, client, fault):
    sandbox.portal.faults.add_spec(f"{fault}:method=batch,count=1")

    outcomes = client.batch({"key": email(owner_of(sandbox), "key")})

    assert isinstance(outcomes["key"], Unclear)
    assert len(sandbox.sent) == fault.startswith("execute")


def test_operating_time_used_up_inside_a_batch_pauses_that_method_only(sandbox, client):
    sandbox.portal.faults.add_spec("429:method=crm.activity.add,count=1")
    owner = owner_of(sandbox)

    outcomes = client.batch({"mail": email(owner, "key"), "sms": sms(owner, "Sākam!")})
    again = client.call(email(owner, "key"))

    assert isinstance(outcomes["mail"], NotExecuted)
    assert outcomes["mail"].reason == again.reason == Why.METHOD_PAUSED
    assert isinstance(outcomes["sms"], Done)
    assert [message.kind for message in sandbox.sent] == ["sms"]


def test_a_moved_portal_is_followed(sandbox):
    sandbox.portal.faults.add_spec("302:count=1")
    told = []
    client = Bitrix24.at(sandbox.webhook_url, on_moved=told.append)

    outcome = client.call(email(owner_of(sandbox), "key"))

    assert isinstance(outcome, Done)
    assert told == [sandbox.url.replace("127.0.0.1", "localhost")]
    assert len(sandbox.sent) == 1


def test_an_sms_is_found_by_its_token_and_one_without_a_phone_is_not(sandbox, client):
    anna = owner_of(sandbox)
    added = client.call(
        contacts.add_contact(
            first_name="Bez",
            last_name="Telefona",
            email="bez@example.com",
            originator_id="smmprocess",
            origin_id="p-1",
        )
    )
    silent = Owner(OwnerKind.CONTACT, added.result)
    since = datetime.now(UTC) - timedelta(minutes=2)

    outcomes = client.batch(
        {"anna": sms(anna, "Nāc: https://x.lv/j/AB12CD"), "silent": sms(silent, "Nāc: /j/EF34GH")}
    )
    texts = workflows.find_sms(
        client,
        {
            "anna": SmsLookup(anna, "AB12CD", since),
            "silent": SmsLookup(silent, "EF34GH", since),
            "another token": SmsLookup(anna, "EF34GH", since),
            "later": SmsLookup(anna, "AB12CD", datetime.now(UTC) + timedelta(minutes=2)),
        },
    )

    assert [type(outcome) for outcome in outcomes.values()] == [Done, Done]
    assert {key: [each.text for each in sent] for key, sent in texts.items()} == {
        "anna": ["Nāc: https://x.lv/j/AB12CD"],
        "silent": [],
        "another token": [],
        "later": [],
    }
    assert [message.owner_id for message in sandbox.sent] == [anna.id]


def test_a_contact_is_added_found_and_corrected(client):
    added = client.call(
        contacts.add_contact(
            first_name="Anna & Co",
            last_name="Ozola",
            phone="+37126123456",
            email="anna.ozola@example.com",
            originator_id="smmprocess",
            origin_id="p-1",
        )
    )
    phone = Address(AddressKind.PHONE, "+37126123456")
    unknown = Address(AddressKind.EMAIL, "nobody@example.com")
    anna = contacts.contacts(client, [added.result])[added.result]

    client.call(
        contacts.update_contact_phone(added.result, "+37129999999", replaces=anna.phones[0].id)
    )

    corrected = contacts.contacts(client, [added.result])[added.result]
    assert (anna.first_name, anna.phones[0].value) == ("Anna & Co", "+37126123456")
    assert contacts.find_contacts_by_origin(client, ["p-1", "p-2"], originator_id="smmprocess") == {
        "p-1": (added.result,)
    }
    assert [each.value for each in corrected.phones] == ["+37129999999"]
    assert contacts.find_contacts(client, [phone, unknown]) == {phone: (), unknown: ()}
    changed = Address(AddressKind.PHONE, "+37129999999")
    assert contacts.find_contacts(client, [changed]) == {changed: (added.result,)}


def test_all_leads_are_walked_in_pages(sandbox, client):
    leads = list(contacts.iter_leads(client))
    later = datetime.now(UTC) + timedelta(hours=1)

    assert [lead.owner.id for lead in leads] == sorted(sandbox.portal.leads.rows)
    assert len(leads) == 60
    assert list(contacts.iter_contacts(client, changed_since=later)) == []


def test_the_connection_can_be_checked(client):
    templates = system.workflow_templates(client)

    assert system.profile(client).is_admin
    assert {"crm", "bizproc"} <= system.scope(client)
    assert system.method_exists(client, "crm.activity.add")
    assert not system.method_exists(client, "messageservice.message.send")
    assert system.mode(client) == system.CrmMode.CLASSIC
    assert [each.parameters for each in templates] == [("sms_text",)]
    assert [each.email for each in system.senders(client)] == ["info@college.example"]
    assert abs(system.server_time(client) - datetime.now(UTC)) < timedelta(seconds=5)
    assert abs(client.clock_skew()) < timedelta(seconds=5)


def test_a_portal_used_by_someone_else_too_is_waited_for(sandbox):
    sandbox.portal.configure(burst=3, drain=2)
    limiter = MemoryLimiter(Bucket(burst=3, drain=2, margin_seconds=0))
    stranger = Bitrix24.at(sandbox.webhook_url)
    for _ in range(3):
        system.mode(stranger)

    outcome = Bitrix24.at(sandbox.webhook_url, limiter=limiter).call(
        email(owner_of(sandbox), "key")
    )

    assert isinstance(outcome, Done)
    assert sandbox.portal.stats()["refused_by_rate"] == 1
    assert len(sandbox.sent) == 1


@pytest.mark.processes
def test_many_workers_fill_the_limit_and_are_never_refused(sandbox, redis_url):
    sandbox.portal.configure(burst=30, drain=10)
    portal, bucket = uuid4().hex, Bucket(burst=30, drain=10)
    RedisPace(connect(redis_url), portal).learn("crm.activity.add", 0.01)

    def send(worker):
        connection = connect(redis_url)
        client = Bitrix24.at(
            sandbox.webhook_url,
            limiter=RedisLimiter(connection, portal, bucket),
            pace=RedisPace(connection, portal),
        )
        owner = owner_of(sandbox, worker)
        keys = [f"{worker}-{number}" for number in range(500)]
        return client.batch({key: email(owner, key) for key in keys})

    with ThreadPoolExecutor(8) as pool:
        outcomes = [outcome for each in pool.map(send, range(8)) for outcome in each.values()]

    stats = sandbox.portal.stats()
    assert [type(outcome) for outcome in outcomes] == [Done] * 4000
    assert (stats["emails"], stats["doubles"], stats["refused_by_rate"]) == (4000, 0, 0)
