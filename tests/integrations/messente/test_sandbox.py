"""The sandbox answers, reports and fails as the gateway does; our client speaks with it."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from integrations.messente.callbacks import is_genuine, read_report
from integrations.messente.client import Messente, MessenteError
from integrations.messente.sandbox import Account, Fault, running_sandbox
from integrations.messente.sandbox.reports import Style
from integrations.outcomes import Done, Kind, NotExecuted, Refused, Unclear, Why


@contextmanager
def listener():
    """Take delivery reports, and give the list they are kept in."""
    taken, came = [], threading.Condition()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with came:
                taken.append((body, self.headers["X-Messente-Signature"]))
                came.notify_all()
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()

    def wait_for(count):
        with came:
            assert came.wait_for(lambda: len(taken) >= count, timeout=20)
        return [json.loads(body)["status"] for body, _signature in taken]

    try:
        yield f"http://127.0.0.1:{server.server_port}/report", taken, wait_for
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def account():
    return Account(style=Style.NONE, delay=0.01)


@pytest.fixture
def sandbox(account):
    with running_sandbox(account) as running:
        yield running


def client(sandbox, password="sandbox-password"):
    return Messente("sandbox-user", password, sandbox.api_url)


def send(sandbox, to="+37120000001", sender="BVK", report_url=""):
    return client(sandbox).send_sms(
        to=to, text="Sākam!", sender=sender, minutes=20, report_url=report_url
    )


def test_it_keeps_what_it_takes(sandbox):
    outcome = send(sandbox)

    (sms,) = sandbox.sent
    assert (sms.to, sms.text, sms.validity, outcome) == (
        "+37120000001",
        "Sākam!",
        20,
        Done(sms.number),
    )


def test_it_refuses_wrong_numbers_senders_and_passwords(sandbox, account):
    account.blacklist.add("+37120000009")

    refused = [
        send(sandbox, to="12345"),
        send(sandbox, to="+37120000009"),
        send(sandbox, sender="Nobody"),
    ]

    assert [(each.code, each.kind) for each in refused] == [
        ("number", Kind.DATA),
        ("stopped", Kind.DATA),
        ("account", Kind.ACCOUNT),
    ]
    with pytest.raises(MessenteError, match="user name or the password"):
        client(sandbox, password="wrong").blacklist()
    assert sandbox.sent == []


def test_it_refuses_without_credit(sandbox, account):
    account.credit = 0

    outcome = send(sandbox)

    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.kind) == ("account", Kind.ACCOUNT)


@pytest.mark.parametrize(
    ("fault", "outcome", "taken"),
    [
        (Fault.DROP, Unclear, 1),
        (Fault.DROP_FIRST, Unclear, 0),
        (Fault.ERROR, Unclear, 0),
        (Fault.BUSY, NotExecuted, 0),
        (Fault.THROTTLED, NotExecuted, 0),
    ],
)
def test_it_fails_as_asked(sandbox, account, fault, outcome, taken):
    account.faults.append(fault)

    assert isinstance(send(sandbox), outcome)
    assert len(sandbox.sent) == taken


def test_a_slow_answer_comes_all_the_same(sandbox, account):
    account.faults.append(Fault.SLOW)
    account.slow_seconds = 0.05

    assert isinstance(send(sandbox), Done)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (Style.NORMAL, ["ACK", "DELIVRD"]),
        (Style.EARLY, ["ACK", "DELIVRD"]),
        (Style.TWICE, ["ACK", "ACK", "DELIVRD", "DELIVRD"]),
        (Style.DISORDER, ["DELIVRD", "ACK"]),
    ],
)
def test_it_reports_in_the_manner_that_is_asked(sandbox, account, style, expected):
    account.reports.style = style

    with listener() as (url, taken, wait_for):
        send(sandbox, report_url=url)
        statuses = wait_for(len(expected))

    assert statuses == expected
    body, signature = taken[0]
    assert is_genuine(body, signed=signature, secret="sandbox-password")
    assert read_report(body).number == sandbox.sent[0].number


def test_early_reports_come_before_the_answer(sandbox, account):
    account.reports.style = Style.EARLY
    account.faults.append(Fault.DROP)

    with listener() as (url, taken, _wait_for):
        outcome = send(sandbox, report_url=url)

        assert (outcome, len(taken)) == (Unclear(Why.CONNECTION_LOST, "ConnectionError"), 2)


def test_a_number_unknown_to_the_operator_is_taken_and_reported(sandbox, account):
    account.reports.style = Style.EARLY

    with listener() as (url, taken, _wait_for):
        outcome = send(sandbox, to="+37100000001", report_url=url)

        assert isinstance(outcome, Done)
        assert read_report(taken[-1][0]).code == "UNDELIV 3"


def test_it_tells_the_state_of_what_it_took_and_its_blacklist(sandbox, account):
    send(sandbox)
    sandbox.sent[0].status = "DELIVRD"
    account.blacklist.add("+37120000009")

    assert client(sandbox).report(sandbox.sent[0].number).state == "delivered"
    assert client(sandbox).report("00000000-0000-0000-0000-000000000000") is None
    assert client(sandbox).blacklist() == {"+37120000009"}
    assert client(sandbox).is_blacklisted("+37120000009") is True
    assert client(sandbox).is_blacklisted("+37120000001") is False


def test_its_page_shows_what_was_sent_and_its_buttons_work(sandbox, account):
    with listener() as (url, taken, _wait_for):
        send(sandbox, report_url=url)
        shown = requests.get(sandbox.url, timeout=10).text
        form = {"number": sandbox.sent[0].number, "status": "UNDELIV", "error": "3"}
        requests.post(f"{sandbox.url}/report", form, timeout=10)
        requests.post(f"{sandbox.url}/blacklist", {"number": "+37120000001"}, timeout=10)
        requests.post(f"{sandbox.url}/fault", {"fault": "503"}, timeout=10)
        requests.post(f"{sandbox.url}/credit", {}, timeout=10)

    assert "Sākam!" in shown
    assert read_report(taken[0][0]).code == "UNDELIV 3"
    assert (account.blacklist, account.faults, account.credit) == (
        {"+37120000001"},
        [Fault.BUSY],
        0,
    )
    assert requests.post(f"{sandbox.url}/nonsense", {}, timeout=10).status_code == 404
