"""The sandbox's part of H01 to H08: it tells of a change once, whatever the handler answers."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

import pytest

from integrations.bitrix24.sandbox import ManualClock, Sandbox, running_sandbox
from tests.integrations.bitrix24.sandbox_calls import (
    add_contact,
    add_lead,
    call,
    call_as_application,
    get,
    post,
    refusal,
    result,
)


class Handler(BaseHTTPRequestHandler):
    """Our handler as the portal sees it: notes the forms it gets."""

    server: "Listener"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        content_type = self.headers["Content-Type"]
        self.server.received.append({"type": content_type, **dict(parse_qsl(body))})
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


class Listener(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[dict[str, str]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/bitrix24/"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(clock=ManualClock()) as running:
        yield running


def listen(sandbox: Sandbox, listener: Listener) -> None:
    post(sandbox, "webhook", {"target": listener.url, "application_token": "right-token"})


def test_h01_a_new_lead_is_told_as_a_form(sandbox, listener):
    listen(sandbox, listener)

    lead_id = add_lead(sandbox)
    sandbox.portal.outgoing.wait()

    assert listener.received == [
        {
            "type": "application/x-www-form-urlencoded",
            "event": "ONCRMLEADADD",
            "event_handler_id": "975",
            "data[FIELDS][ID]": str(lead_id),
            "ts": "1773327600",
            "auth[domain]": "sandbox.bitrix24.example",
            "auth[client_endpoint]": "https://sandbox.bitrix24.example/rest/",
            "auth[server_endpoint]": "https://oauth.bitrix.info/rest/",
            "auth[member_id]": "a223c6b3710f85df22e9377d6c4f7553",
            "auth[application_token]": "right-token",
        }
    ]


def test_h01_every_change_of_contacts_and_leads_is_told_in_order(sandbox, listener):
    listen(sandbox, listener)

    contact_id = add_contact(sandbox)
    result(sandbox, "crm.contact.update", {"id": contact_id, "fields": {"NAME": "Ilze"}})
    post(sandbox, "contacts", {"name": "Jānis"})
    post(sandbox, "leads", {"name": "Zane"})
    sandbox.portal.outgoing.wait()

    assert [(form["event"], form["data[FIELDS][ID]"]) for form in listener.received] == [
        ("ONCRMCONTACTADD", "1"),
        ("ONCRMCONTACTUPDATE", "1"),
        ("ONCRMCONTACTADD", "2"),
        ("ONCRMLEADADD", "1"),
    ]


@pytest.mark.parametrize("status", [500, 403, 200])
def test_h05_an_event_is_never_told_again(sandbox, listener, status):
    listen(sandbox, listener)
    listener.status = status

    add_lead(sandbox)
    sandbox.portal.outgoing.wait()
    listener.status = 200
    add_contact(sandbox)
    sandbox.portal.outgoing.wait()

    events = [form["event"] for form in listener.received]
    assert events == ["ONCRMLEADADD", "ONCRMCONTACTADD"]
    assert get(sandbox, "deliveries") == [
        {"event": "ONCRMLEADADD", "id": 1, "outcome": str(status)},
        {"event": "ONCRMCONTACTADD", "id": 1, "outcome": "200"},
    ]


def test_h05_a_handler_that_is_away_misses_the_event(sandbox, listener):
    listen(sandbox, listener)
    sandbox.portal.outgoing.unsubscribe(listener.url)
    post(sandbox, "webhook", {"target": "http://127.0.0.1:9/"})

    assert add_lead(sandbox) == 1

    sandbox.portal.outgoing.wait()
    assert [delivery["outcome"] for delivery in get(sandbox, "deliveries")] == ["URLError"]
    assert listener.received == []


def test_h06_an_application_is_told_with_its_tokens(sandbox, listener):
    binding = {"event": "OnCrmContactAdd", "handler": listener.url}
    assert call_as_application(sandbox, "event.bind", binding).json()["result"] is True

    add_contact(sandbox)
    add_lead(sandbox)
    sandbox.portal.outgoing.wait()

    [form] = listener.received
    extra = {"auth[access_token]", "auth[expires_in]", "auth[scope]", "auth[status]"}
    assert form["event"] == "ONCRMCONTACTADD"
    assert extra <= set(form)


def test_h06_an_application_can_be_unbound(sandbox, listener):
    binding = {"event": "ONCRMLEADADD", "handler": listener.url}
    call_as_application(sandbox, "event.bind", binding)

    unbound = call_as_application(sandbox, "event.unbind", binding).json()["result"]
    add_lead(sandbox)
    sandbox.portal.outgoing.wait()

    assert (unbound, listener.received) == ({"count": 1}, [])


def test_h07_an_unknown_event_cannot_be_bound(sandbox, listener):
    binding = {"event": "ONCRMNOTHING", "handler": listener.url}

    refused = refusal(call_as_application(sandbox, "event.bind", binding))

    assert refused == (400, "ERROR_EVENT_NOT_FOUND", "Event not found")


def test_h08_only_an_administrator_reads_the_offline_queue(sandbox):
    sandbox.portal.configure(is_admin=False)

    refused = refusal(call_as_application(sandbox, "event.offline.get"))

    assert refused == (403, "ACCESS_DENIED", "Access denied!")


def test_the_offline_queue_keeps_one_last_event_of_each_record(sandbox):
    for event in ("ONCRMCONTACTADD", "ONCRMCONTACTUPDATE"):
        call_as_application(sandbox, "event.bind", {"event": event, "event_type": "offline"})
    contact_id = add_contact(sandbox)
    for name in ("Ilze", "Zane"):
        result(sandbox, "crm.contact.update", {"id": contact_id, "fields": {"NAME": name}})

    taken = call_as_application(sandbox, "event.offline.get", {"clear": 0}).json()["result"]

    names = [event["EVENT_NAME"] for event in taken["events"]]
    assert names == ["ONCRMCONTACTADD", "ONCRMCONTACTUPDATE"]
    assert taken["events"][0]["EVENT_DATA"] == {"FIELDS": {"ID": str(contact_id)}}
    confirmed = {"process_id": taken["process_id"]}
    assert call_as_application(sandbox, "event.offline.clear", confirmed).json()["result"] is True
    empty = call_as_application(sandbox, "event.offline.get").json()["result"]
    assert empty == {"process_id": None, "events": []}


def test_the_offline_queue_gives_the_oldest_change_first_and_no_more_than_asked(sandbox):
    binding = {"event": "ONCRMCONTACTUPDATE", "event_type": "offline"}
    call_as_application(sandbox, "event.bind", binding)
    for contact_id in (add_contact(sandbox), add_contact(sandbox), 1):
        result(sandbox, "crm.contact.update", {"id": contact_id, "fields": {"NAME": "Zane"}})

    def take() -> list[str]:
        taken = call_as_application(sandbox, "event.offline.get", {"limit": 1}).json()["result"]
        return [event["EVENT_DATA"]["FIELDS"]["ID"] for event in taken["events"]]

    assert [take(), take(), take()] == [["2"], ["1"], []]


def test_without_a_handler_nobody_is_told(sandbox, listener):
    add_lead(sandbox)
    sandbox.portal.outgoing.wait()

    assert (listener.received, get(sandbox, "deliveries")) == ([], [])


def test_a_handler_needs_a_web_address(sandbox):
    body = {"event": "ONCRMLEADADD", "handler": "file:///etc/passwd"}

    assert call_as_application(sandbox, "event.bind", body).status_code == 400
    assert call(sandbox, "event.bind", body).status_code == 403
