"""A portal that was renamed: followed once, with the body, and only to Bitrix24's own hosts."""

import json

import pytest
import responses

from integrations.bitrix24.commands import Command
from integrations.bitrix24.webhook import Webhook
from integrations.outcomes import Done, Kind, Refused
from tests.integrations.bitrix24.fakes import SECRET, URL, client_at

NEW = URL.replace("college.", "new-college.")
ADD = Command("crm.contact.add", {"fields": {"NAME": "Anna"}})


@responses.activate
def test_a_call_follows_the_portal_with_its_body_and_stays_there(caplog):
    responses.post(
        f"{URL}crm.contact.add", status=302, headers={"Location": f"{NEW}crm.contact.add"}
    )
    responses.post(f"{NEW}crm.contact.add", json={"result": 7})
    told = []
    client = client_at(on_moved=told.append)

    outcomes = [client.call(ADD), client.call(ADD)]

    assert outcomes == [Done(7), Done(7)]
    assert [(call.request.method, call.request.url) for call in responses.calls] == [
        ("POST", f"{URL}crm.contact.add"),
        ("POST", f"{NEW}crm.contact.add"),
        ("POST", f"{NEW}crm.contact.add"),
    ]
    assert json.loads(responses.calls[1].request.body) == {"fields": {"NAME": "Anna"}}
    assert told == ["https://new-college.bitrix24.eu"]
    assert SECRET not in caplog.text


@responses.activate
@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/rest/1/x/profile",
        "https://college.bitrix24.eu.evil.example/",
        "https://evilbitrix24.eu/",
        "https://college.bitrix24.ru/",
        "http://college2.bitrix24.eu/",
        "https://user@college2.bitrix24.eu/",
        "/login",
        "",
    ],
)
def test_the_secret_is_not_carried_to_a_stranger(location):
    responses.post(f"{URL}crm.contact.add", status=302, headers={"Location": location})

    outcome = client_at().call(ADD)

    assert outcome == Refused(
        "HTTP 302",
        "The portal's address leads to a host that is not Bitrix24's.",
        Kind.ACCOUNT,
    )
    assert len(responses.calls) == 1


@responses.activate
def test_a_portal_that_keeps_moving_is_followed_once():
    for url in (URL, NEW):
        responses.post(f"{url}crm.contact.add", status=302, headers={"Location": NEW})

    outcome = client_at().call(ADD)

    assert (outcome.code, outcome.kind, len(responses.calls)) == ("HTTP 302", Kind.ACCOUNT, 2)


def test_a_named_host_is_trusted():
    webhook = Webhook.parse("http://sandbox:8010/rest/1/key/", frozenset({"sandbox:8010", "b:1"}))

    assert webhook.moved_to("http://b:1/rest/1/key/profile").url("profile") == (
        "http://b:1/rest/1/key/profile"
    )
    assert webhook.moved_to("http://c:1/rest/1/key/profile") is None


@pytest.mark.parametrize(
    "url",
    [
        f"http://college.bitrix24.eu/rest/1/{SECRET}/",
        f"https://college.bitrix24.eu/{SECRET}",
        f"ftp://college.bitrix24.eu/rest/1/{SECRET}/",
        f"/rest/1/{SECRET}/",
    ],
)
def test_a_wrong_address_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError, match="A webhook's address") as raised:
        Webhook.parse(url)

    assert SECRET not in str(raised.value)
