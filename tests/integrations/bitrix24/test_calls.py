"""The typed calls: what they ask the portal, and what they make of its answers."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import responses

from integrations.bitrix24 import activities, contacts, system, workflows
from integrations.bitrix24.activities import EmailActivity
from integrations.bitrix24.contacts import Address, AddressKind, Person, StoredAddress
from integrations.bitrix24.owners import Owner, OwnerKind
from integrations.bitrix24.workflows import SmsActivity, SmsLookup
from integrations.outcomes import Done
from tests.integrations.bitrix24.fakes import URL, batch_answer, client_at

RIGA = timezone(timedelta(hours=2))
ANNA = Owner(OwnerKind.CONTACT, 777)
LEAD = Owner(OwnerKind.LEAD, 25)


def answer(method, *results):
    for result in results:
        responses.post(f"{URL}{method}", json={"result": result})


def sent(index=0):
    return json.loads(responses.calls[index].request.body)


def test_an_email_meets_the_three_conditions_of_being_sent_and_carries_our_key():
    command = activities.send_email(
        ANNA,
        "anna@example.lv",
        subject="We begin in 15 minutes",
        html="<p>Hello</p>",
        sender="College <info@college.lv>",
        due_at=datetime(2026, 3, 12, 17, 45, tzinfo=RIGA),
        responsible_id=9,
        originator_id="smmprocess",
        origin_id="7b1c",
    )

    assert command.method == "crm.activity.add"
    assert command.body() == {
        "fields": {
            "TYPE_ID": 4,
            "DIRECTION": 2,
            "COMPLETED": "Y",
            "OWNER_TYPE_ID": 3,
            "OWNER_ID": 777,
            "COMMUNICATIONS": [{"VALUE": "anna@example.lv", "ENTITY_TYPE_ID": 3, "ENTITY_ID": 777}],
            "SUBJECT": "We begin in 15 minutes",
            "DESCRIPTION": "<p>Hello</p>",
            "DESCRIPTION_TYPE": 3,
            "RESPONSIBLE_ID": 9,
            "START_TIME": "2026-03-12T17:45:00+02:00",
            "END_TIME": "2026-03-12T17:45:00+02:00",
            "SETTINGS": {
                "MESSAGE_FROM": "College <info@college.lv>",
                "DISABLE_SENDING_MESSAGE_COPY": "Y",
            },
            "ORIGINATOR_ID": "smmprocess",
            "ORIGIN_ID": "7b1c",
        }
    }


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            [{"ID": "20", "SETTINGS": {"IS_MESSAGE_SENT": True}, "ASSOCIATED_ENTITY_ID": "5"}],
            EmailActivity(20, True),
        ),
        (
            [{"ID": "20", "SETTINGS": {"MESSAGE_FROM": "x"}, "ASSOCIATED_ENTITY_ID": "5"}],
            EmailActivity(20, True),
        ),
        (
            [{"ID": "20", "SETTINGS": {"MESSAGE_FROM": "x"}, "ASSOCIATED_ENTITY_ID": "0"}],
            EmailActivity(20, False),
        ),
        ([{"ID": "20", "SETTINGS": [], "ASSOCIATED_ENTITY_ID": "0"}], EmailActivity(20, False)),
        ([{"ID": "20", "SETTINGS": {"IS_MESSAGE_SENT": False}}], EmailActivity(20, False)),
        ([{"ID": "20"}], EmailActivity(20, None)),
        ([{"ID": "20", "SETTINGS": {"MESSAGE_FROM": "x"}}], EmailActivity(20, None)),
        (
            [
                {"ID": "20", "SETTINGS": {}, "ASSOCIATED_ENTITY_ID": "0"},
                {"ID": "21", "SETTINGS": {"IS_MESSAGE_SENT": "Y"}, "ASSOCIATED_ENTITY_ID": "5"},
            ],
            EmailActivity(21, True, copies=2),
        ),
    ],
)
@responses.activate
def test_an_email_is_found_by_our_key_and_shows_whether_it_was_queued(rows, found):
    answer("crm.activity.list", [row | {"ORIGIN_ID": "a"} for row in rows])

    emails = activities.find_emails(client_at(), ["a", "b"], originator_id="smmprocess")

    assert emails == {"a": found}
    assert sent() == {
        "filter": {"ORIGINATOR_ID": "smmprocess", "@ORIGIN_ID": ["a", "b"], ">ID": 0},
        "order": {"ID": "ASC"},
        "select": ["ID", "ORIGIN_ID", "SETTINGS", "ASSOCIATED_ENTITY_ID"],
        "start": -1,
    }


@responses.activate
def test_emails_are_looked_up_fifty_at_a_time():
    answer("crm.activity.list", [], [])

    assert activities.find_emails(client_at(), map(str, range(51)), originator_id="x") == {}
    assert [len(sent(index)["filter"]["@ORIGIN_ID"]) for index in (0, 1)] == [50, 1]


def test_an_activity_is_deleted_by_its_id():
    assert activities.delete_activity(999).query() == "crm.activity.delete?id=999"


@pytest.mark.parametrize(
    ("owner", "document"),
    [
        (ANNA, ["crm", "CCrmDocumentContact", "CONTACT_777"]),
        (LEAD, ["crm", "CCrmDocumentLead", "LEAD_25"]),
    ],
)
def test_an_sms_is_a_workflow_started_on_the_persons_record(owner, document):
    due_at = datetime(2026, 3, 12, 17, 45, tzinfo=RIGA)

    command = workflows.start_sms_workflow(
        owner, "Sākam!", template_id=3, text_parameter="sms_text", due_at=due_at
    )

    assert (command.method, command.body()) == (
        "bizproc.workflow.start",
        {"TEMPLATE_ID": 3, "DOCUMENT_ID": document, "PARAMETERS": {"sms_text": "Sākam!"}},
    )


def test_the_due_moment_goes_to_the_templates_parameter_if_it_has_one():
    command = workflows.start_sms_workflow(
        ANNA,
        "Sākam!",
        template_id=3,
        text_parameter="sms_text",
        due_at=datetime(2026, 3, 12, 17, 45, tzinfo=RIGA),
        due_parameter="due_at",
    )

    assert command.body()["PARAMETERS"] == {
        "sms_text": "Sākam!",
        "due_at": "2026-03-12T17:45:00+02:00",
    }


@responses.activate
def test_an_sms_is_found_by_the_token_in_its_text():
    row = {"ID": "31", "CREATED": "2026-03-12T17:45:03+02:00", "ASSOCIATED_ENTITY_ID": "88"}
    rows = [row | {"DESCRIPTION": "Pievienojies: https://x.lv/j/AB12CD"}]
    others = [row | {"DESCRIPTION": "Cits teksts"}, row | {"DESCRIPTION": None}]
    responses.post(f"{URL}batch", json=batch_answer(result={"m_0": rows, "m_1": others}))
    since = datetime(2026, 3, 12, 17, 43, tzinfo=RIGA)

    found = workflows.find_sms(
        client_at(),
        {"sent": SmsLookup(ANNA, "AB12CD", since), "lost": SmsLookup(LEAD, "EF34GH", since)},
    )

    assert found == {
        "sent": [
            SmsActivity(
                31,
                datetime(2026, 3, 12, 17, 45, 3, tzinfo=RIGA),
                "Pievienojies: https://x.lv/j/AB12CD",
                "88",
            )
        ],
        "lost": [],
    }
    assert sent()["cmd"]["m_1"].startswith(
        "crm.activity.list?filter[PROVIDER_ID]=CRM_SMS&filter[OWNER_TYPE_ID]=1"
        "&filter[OWNER_ID]=25&filter[%3E%3DCREATED]=2026-03-12T17%3A43%3A00%2B02%3A00"
    )


@responses.activate
def test_contacts_are_found_by_one_address_per_command():
    phone = Address(AddressKind.PHONE, "+37126123456")
    email = Address(AddressKind.EMAIL, "anna@example.lv")
    responses.post(
        f"{URL}batch", json=batch_answer(result={"m_0": {"CONTACT": [275, "2297"]}, "m_1": []})
    )

    found = contacts.find_contacts(client_at(), [phone, email, phone])

    assert found == {phone: (275, 2297), email: ()}
    assert sent()["cmd"] == {
        "m_0": "crm.duplicate.findbycomm?type=PHONE&values[0]=%2B37126123456&entity_type=CONTACT",
        "m_1": "crm.duplicate.findbycomm?type=EMAIL&values[0]=anna%40example.lv"
        "&entity_type=CONTACT",
    }


@responses.activate
def test_contacts_keep_the_order_of_their_phones():
    phones = [
        {"ID": "9", "VALUE": "+37126000009", "VALUE_TYPE": "WORK", "TYPE_ID": "PHONE"},
        {"ID": "4", "VALUE": "+37126000004", "VALUE_TYPE": "MOBILE", "TYPE_ID": "PHONE"},
    ]
    row = {
        "ID": "777",
        "NAME": "Anna",
        "LAST_NAME": None,
        "ASSIGNED_BY_ID": "9",
        "DATE_MODIFY": "2026-03-12T17:45:03+02:00",
        "PHONE": phones,
    }
    answer("crm.contact.list", [row])

    found = contacts.contacts(client_at(), [777, 778])

    assert found == {
        777: Person(
            owner=ANNA,
            first_name="Anna",
            last_name="",
            title="",
            phones=(StoredAddress(9, "+37126000009"), StoredAddress(4, "+37126000004")),
            emails=(),
            originator_id="",
            origin_id="",
            source_id="",
            responsible_id=9,
            created_at=None,
            changed_at=datetime(2026, 3, 12, 17, 45, 3, tzinfo=RIGA),
        )
    }
    assert sent()["filter"] == {"@ID": [777, 778], ">ID": 0}
    assert {"PHONE", "EMAIL"} <= set(sent()["select"])


@responses.activate
def test_contacts_we_added_are_found_by_our_keys():
    answer(
        "crm.contact.list",
        [
            {"ID": "5", "ORIGIN_ID": "a"},
            {"ID": "6", "ORIGIN_ID": "b"},
            {"ID": "7", "ORIGIN_ID": "a"},
        ],
    )

    found = contacts.find_contacts_by_origin(
        client_at(), ["a", "b", "c"], originator_id="smmprocess"
    )

    assert found == {"a": (5, 7), "b": (6,)}


def test_a_contact_is_added_with_its_addresses_and_our_key():
    command = contacts.add_contact(
        first_name="Anna",
        last_name="Ozola",
        phone="+37126123456",
        originator_id="smmprocess",
        origin_id="a",
    )

    assert command.body() == {
        "fields": {
            "NAME": "Anna",
            "LAST_NAME": "Ozola",
            "PHONE": [{"VALUE": "+37126123456", "VALUE_TYPE": "MOBILE"}],
            "ORIGINATOR_ID": "smmprocess",
            "ORIGIN_ID": "a",
        }
    }


def test_a_contacts_address_is_replaced_or_added():
    replaced = contacts.update_contact_phone(777, "+37126123456", replaces=9)
    added = contacts.update_contact_email(777, "anna@example.lv")

    assert replaced.body() == {
        "id": 777,
        "fields": {"PHONE": [{"ID": 9, "VALUE": "+37126123456", "VALUE_TYPE": "MOBILE"}]},
    }
    assert added.body() == {
        "id": 777,
        "fields": {"EMAIL": [{"VALUE": "anna@example.lv", "VALUE_TYPE": "WORK"}]},
    }


@responses.activate
def test_a_long_list_is_walked_by_id_and_yields_each_row_once():
    answer(
        "crm.lead.list",
        [{"ID": str(number), "TITLE": f"Lead {number}"} for number in range(1, 51)],
        [{"ID": "50"}, {"ID": "51"}],
    )
    since = datetime(2026, 3, 1, tzinfo=UTC)

    leads = list(contacts.iter_leads(client_at(), {"SOURCE_ID": "WEB"}, changed_since=since))

    assert [lead.owner for lead in leads] == [
        Owner(OwnerKind.LEAD, number) for number in range(1, 52)
    ]
    assert leads[0].title == "Lead 1"
    filters = {"SOURCE_ID": "WEB", ">=DATE_MODIFY": "2026-03-01T00:00:00+00:00"}
    assert [sent(index)["filter"] for index in (0, 1)] == [
        filters | {">ID": 0},
        filters | {">ID": 50},
    ]


@responses.activate
def test_the_portal_tells_about_itself():
    answer("profile", {"ID": "1", "NAME": "Ieva", "LAST_NAME": "Kalna", "ADMIN": True})
    answer("scope", ["crm", "bizproc"])
    answer("method.get", {"isExisting": True, "isAvailable": False})
    answer("crm.settings.mode.get", 2)
    answer("server.time", "2026-03-12T17:45:03+02:00")
    client = client_at()

    assert system.profile(client) == system.Profile(1, "Ieva Kalna", True)
    assert system.scope(client) == {"crm", "bizproc"}
    assert system.method_exists(client, "mail.message.send") is False
    assert system.mode(client) == system.CrmMode.SIMPLE
    assert system.server_time(client) == datetime(2026, 3, 12, 17, 45, 3, tzinfo=RIGA)


@responses.activate
def test_workflow_templates_show_their_parameters():
    template = {"ID": "3", "NAME": "SMS no MIS", "ENTITY": "CCrmDocumentContact"}
    answer(
        "bizproc.workflow.template.list",
        [template | {"PARAMETERS": {"sms_text": {}}}, template | {"ID": "4", "PARAMETERS": []}],
    )

    templates = system.workflow_templates(client_at())

    assert [(each.id, each.name, each.parameters) for each in templates] == [
        (3, "SMS no MIS", ("sms_text",)),
        (4, "SMS no MIS", ()),
    ]
    assert sent()["FILTER"] == {"MODULE_ID": "crm", "ENTITY": "CCrmDocumentContact"}


@responses.activate
def test_senders_are_the_portals_mailboxes():
    item = {"email": "info@college.lv", "name": "College", "sender": "College <info@college.lv>"}
    responses.post(
        URL.replace("/rest/", "/rest/api/") + "mail.mailbox.senders",
        json={"result": {"items": [item]}},
    )

    assert system.senders(client_at()) == [
        system.Sender("info@college.lv", "College", "College <info@college.lv>")
    ]


@responses.activate
def test_a_typed_command_is_carried_out_by_the_client():
    answer("crm.activity.delete", True)

    assert client_at().call(activities.delete_activity(999)) == Done(True)
