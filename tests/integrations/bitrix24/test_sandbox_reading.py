"""Acceptance cases C01 to C13: lists, counts, single records and duplicates."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.bitrix24.sandbox import ManualClock, Sandbox, running_sandbox
from tests.integrations.bitrix24.sandbox_calls import (
    add_contact,
    add_lead,
    call,
    refusal,
    result,
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sandbox(clock: ManualClock) -> Iterator[Sandbox]:
    with running_sandbox(clock=clock, burst=1000) as running:
        yield running


def ids(sandbox: Sandbox, method: str, **params: Any) -> list[str]:
    return [row["ID"] for row in result(sandbox, method, params)]


def lead_ids(sandbox: Sandbox, conditions: dict[str, Any], **params: Any) -> list[int]:
    body = {"entityTypeId": 1, "filter": conditions, "select": ["id"], **params}
    return [item["id"] for item in result(sandbox, "crm.item.list", body)["items"]]


def test_c01_a_classic_list_is_filtered_ordered_and_paged_with_text_in_every_field(sandbox):
    for number in range(60):
        stage = "CONVERTED" if number == 3 else "NEW"
        add_lead(sandbox, OPPORTUNITY=15000, STATUS_ID=stage, SOURCE_ID="CALL", UF_CRM_ROOM="A1")
    add_lead(sandbox, OPPORTUNITY=1)
    params = {
        "select": ["*", "UF_*"],
        "filter": {"=OPPORTUNITY": 15000},
        "order": {"STATUS_ID": "DESC"},
    }

    answer = call(sandbox, "crm.lead.list", {**params, "start": 50}).json()

    assert (len(answer["result"]), answer["total"], "next" in answer) == (10, 60, False)
    lead = answer["result"][-1]
    expected = {
        "ID": "4",
        "STATUS_ID": "CONVERTED",
        "STATUS_SEMANTIC_ID": "S",
        "DATE_CREATE": "2026-03-12T17:00:00+02:00",
        "UTM_SOURCE": None,
        "UF_CRM_ROOM": "A1",
        "OPPORTUNITY": "15000",
    }
    assert {name: lead[name] for name in expected} == expected


def test_c01_custom_fields_come_only_with_their_mask(sandbox):
    add_lead(sandbox, UF_CRM_ROOM="A1")

    assert "UF_CRM_ROOM" not in result(sandbox, "crm.lead.list", {"select": ["*"]})[0]
    assert sorted(result(sandbox, "crm.lead.list", {"select": ["UF_*"]})[0]) == [
        "ID",
        "UF_CRM_ROOM",
    ]


@pytest.mark.parametrize("method", ["crm.lead.list", "crm.contact.list", "crm.activity.list"])
def test_c02_without_the_right_to_read_a_list_is_refused(sandbox, method):
    sandbox.portal.configure(can_read=False)

    assert refusal(call(sandbox, method)) == (400, "", "Access denied.")


def test_c03_a_universal_list_has_numbers_and_camel_case(sandbox):
    add_lead(sandbox, SOURCE_ID="WEB", OPPORTUNITY=19000, ASSIGNED_BY_ID=7)
    add_lead(sandbox, SOURCE_ID="CALL")
    add_lead(sandbox, SOURCE_ID="ADVERTISING")
    params = {"entityTypeId": 1, "filter": {"@sourceId": ["WEB", "ADVERTISING"]}}

    answer = call(sandbox, "crm.item.list", params).json()

    lead = answer["result"]["items"][0]
    expected = {
        "id": 1,
        "stageId": "NEW",
        "sourceId": "WEB",
        "opportunity": 19000,
        "assignedById": 7,
    }
    assert {name: lead[name] for name in expected} == expected
    assert (answer["total"], "next" in answer) == (2, False)


def test_c03_alternatives_are_joined_by_or(sandbox):
    add_lead(sandbox, SOURCE_ID="WEB")
    add_lead(sandbox, SOURCE_ID="CALL")
    add_lead(sandbox, SOURCE_ID="CALL", TITLE="Fair")
    either = {"logic": "OR", "0": {"sourceId": "WEB"}, "1": {"=title": "Fair"}}

    assert lead_ids(sandbox, {"0": either}) == [1, 3]


def test_c04_a_filter_by_an_unknown_field_is_refused(sandbox):
    params = {"entityTypeId": 1, "filter": {">=FIELD": 1}}

    assert refusal(call(sandbox, "crm.item.list", params)) == (
        400,
        "INVALID_ARG_VALUE",
        "Invalid filter: field 'FIELD' is not allowed in filter",
    )


def test_c05_pages_of_fifty_until_there_is_no_next(sandbox):
    for _ in range(120):
        add_lead(sandbox)

    pages = [call(sandbox, "crm.lead.list", {"start": start}).json() for start in (0, 50, 100)]

    assert [len(page["result"]) for page in pages] == [50, 50, 20]
    assert [page.get("next") for page in pages] == [50, 100, None]
    assert [page["total"] for page in pages] == [120, 120, 120]


def test_c06_a_walk_by_id_counts_nothing(sandbox):
    for _ in range(60):
        add_lead(sandbox)
    params = {"entityTypeId": 1, "order": {"id": "ASC"}, "filter": {">id": 5}, "start": -1}

    answer = call(sandbox, "crm.item.list", params).json()

    assert [item["id"] for item in answer["result"]["items"]] == list(range(6, 56))
    assert ("next" in answer, answer["total"]) == (False, 0)


def test_c07_a_count_takes_in_the_first_moment_and_leaves_out_the_last(sandbox, clock):
    add_lead(sandbox, TITLE="At the start, 17:00 in Riga")
    clock.advance(3599)
    add_lead(sandbox, TITLE="A second before the end")
    clock.advance(1)
    add_lead(sandbox, TITLE="At the end")
    conditions = {
        ">=createdTime": "2026-03-12T17:00:00+02:00",
        "<createdTime": "2026-03-12T16:00:00+00:00",
    }

    assert lead_ids(sandbox, conditions, start=0) == [1, 2]


def test_c08_contacts_are_found_by_exact_e_mail(sandbox):
    add_contact(sandbox, email="special-for@example.com")
    add_contact(sandbox, email="special-for@example.com.lv")
    add_contact(sandbox, email="")
    params = {"filter": {"EMAIL": "special-for@example.com"}, "select": ["ID", "EMAIL"]}

    assert result(sandbox, "crm.contact.list", params) == [
        {
            "ID": "1",
            "EMAIL": [
                {
                    "ID": "2",
                    "VALUE_TYPE": "WORK",
                    "VALUE": "special-for@example.com",
                    "TYPE_ID": "EMAIL",
                }
            ],
        }
    ]


def test_c08_e_mails_come_only_when_named_and_only_where_there_are_any(sandbox):
    add_contact(sandbox, email="")

    assert "EMAIL" not in result(sandbox, "crm.contact.list", {"select": ["ID", "EMAIL"]})[0]
    assert "PHONE" not in result(sandbox, "crm.contact.list", {"select": ["*"]})[0]


@pytest.mark.parametrize("name", ["filter", "order", "select"])
def test_c09_a_parameter_that_is_no_array_is_refused(sandbox, name):
    response = call(sandbox, "crm.deal.list", {name: "x"})

    assert refusal(response) == (400, "", f"Parameter '{name}' must be array.")


def test_c10_an_item_that_does_not_exist_is_not_found(sandbox):
    response = call(sandbox, "crm.item.get", {"entityTypeId": 1, "id": 999999})

    assert refusal(response) == (400, "NOT_FOUND", "Element not found")


def test_c11_the_dictionary_of_sources_is_listed(sandbox):
    answer = call(sandbox, "crm.status.list", {"filter": {"ENTITY_ID": "SOURCE"}}).json()

    assert answer["total"] == 12
    first = answer["result"][0]
    assert (first["ID"], first["STATUS_ID"], first["SYSTEM"]) == ("1", "CALL", "Y")
    assert {row["ENTITY_ID"] for row in answer["result"]} == {"SOURCE"}


def test_c12_records_are_found_by_phone_whatever_its_spelling(sandbox):
    add_contact(sandbox, phone="+371 2000-0001")
    add_contact(sandbox, phone="37120000001 ext 7")
    add_contact(sandbox, phone="+37120000002")
    add_lead(sandbox, PHONE=[{"VALUE": "+37120000001"}])
    params = {"type": "PHONE", "values": ["+37120000001", "11223355"]}

    assert result(sandbox, "crm.duplicate.findbycomm", {**params, "entity_type": "CONTACT"}) == {
        "CONTACT": [1, 2]
    }
    assert result(sandbox, "crm.duplicate.findbycomm", params) == {
        "LEAD": [1],
        "CONTACT": [1, 2],
    }


def test_c12_nobody_found_is_an_empty_list(sandbox):
    params = {"entity_type": "CONTACT", "type": "EMAIL", "values": ["nobody@example.com"]}

    assert result(sandbox, "crm.duplicate.findbycomm", params) == []


def test_c12_an_e_mail_is_found_in_any_case_and_no_longer_after_it_has_changed(sandbox):
    contact_id = add_contact(sandbox, email="Anna@Example.com")
    params = {"type": "EMAIL", "values": ["anna@example.com"]}
    assert result(sandbox, "crm.duplicate.findbycomm", params) == {"CONTACT": [contact_id]}

    email = result(sandbox, "crm.contact.get", {"id": contact_id})["EMAIL"][0]["ID"]
    change = {"EMAIL": [{"ID": email, "VALUE": "new@example.com"}]}
    result(sandbox, "crm.contact.update", {"id": contact_id, "fields": change})

    assert result(sandbox, "crm.duplicate.findbycomm", params) == []


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"values": ["1"]},
            ("Communication type is not defined", "Parameter 'type' is required."),
        ),
        ({"type": "PHONE"}, ("Communication values is not defined", "")),
        (
            {"type": "FAX", "values": ["1"]},
            ("Communication type 'FAX' is not supported in current context", ""),
        ),
    ],
)
def test_c13_a_search_without_its_parameters_is_refused(sandbox, params, expected):
    assert refusal(call(sandbox, "crm.duplicate.findbycomm", params)) == (400, *expected)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("TITLE", "Open day", ["1"]),
        ("=TITLE", "open DAY", ["1"]),
        ("!TITLE", "Open day", ["2", "3"]),
        ("!=TITLE", "Open day", ["2", "3"]),
        ("%TITLE", "pen", ["1", "2"]),
        ("!%TITLE", "pen", ["3"]),
        ("=%TITLE", "Open%", ["1", "2"]),
        ("%=TITLE", "%door", ["2"]),
        ("!=%TITLE", "Open%", ["3"]),
        ("!%=TITLE", "%door", ["1", "3"]),
        ("@TITLE", ["Open day", "Fair"], ["1", "3"]),
        ("!@TITLE", ["Open day", "Fair"], ["2"]),
        (">ID", 2, ["3"]),
        (">=ID", "2", ["2", "3"]),
        ("<OPPORTUNITY", 900, ["1"]),
        ("<=OPPORTUNITY", "900.00", ["1", "2"]),
        ("@ID", [3, 1], ["1", "3"]),
    ],
)
def test_a_filter_understands_every_prefix(sandbox, key, value, expected):
    add_lead(sandbox, TITLE="Open day", OPPORTUNITY=50)
    add_lead(sandbox, TITLE="Open door", OPPORTUNITY=900)
    add_lead(sandbox, TITLE="Fair", OPPORTUNITY=1000)

    assert ids(sandbox, "crm.lead.list", filter={key: value}) == expected


def test_lists_are_ordered_by_several_fields_and_numbers_as_numbers(sandbox):
    for title, opportunity in (("B", 9), ("A", 9), ("C", 10)):
        add_lead(sandbox, TITLE=title, OPPORTUNITY=opportunity)

    order = {"OPPORTUNITY": "DESC", "TITLE": "ASC"}

    assert ids(sandbox, "crm.lead.list", order=order) == ["3", "2", "1"]


def test_the_universal_methods_show_phones_only_with_everything(sandbox):
    contact_id = add_contact(sandbox)
    both = {"entityTypeId": 3, "filter": {"id": contact_id}}

    named = result(sandbox, "crm.item.list", {**both, "select": ["id", "fm"]})["items"]
    everything = result(sandbox, "crm.item.list", {**both, "select": ["*"]})["items"]
    whole = result(sandbox, "crm.item.get", {"entityTypeId": 3, "id": contact_id})["item"]

    assert named == [{"id": 1}]
    assert [item["typeId"] for item in everything[0]["fm"]] == ["PHONE", "EMAIL"]
    assert (whole["phoneMobile"], whole["emailWork"]) == ("+37120000001", "anna@example.com")
