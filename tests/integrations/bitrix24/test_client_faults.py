"""Connections that fail on real sockets: what surely was not executed, and what may have been."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from integrations.bitrix24.commands import Command
from integrations.bitrix24.outcomes import NotExecuted, Unclear, Why
from tests.integrations.bitrix24.fakes import SECRET, client_at

ADD = Command("crm.activity.add", {"fields": {"SUBJECT": "Webinar"}})


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Accept one connection, read the whole request, then do what the test says."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            request = b""
            while not request.endswith(b"}}"):
                request += connection.recv(65536)
            answer(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/rest/1/{SECRET}/"
    thread.join()
    listener.close()


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def close(connection):
    pass


def hang(connection):
    connection.recv(1)


def stop_in_the_body(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")


def hang_in_the_body(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")
    connection.recv(1)


def rubbish(connection):
    connection.sendall(b"220 mail.example ESMTP\r\n")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (reset, Why.CONNECTION_LOST),
        (close, Why.CONNECTION_LOST),
        (stop_in_the_body, Why.CONNECTION_LOST),
        (rubbish, Why.CONNECTION_LOST),
        (hang, Why.TIMEOUT),
        (hang_in_the_body, Why.TIMEOUT),
    ],
)
def test_after_the_request_was_sent_its_outcome_is_unclear(fault, reason):
    with server(fault) as url:
        outcome = client_at(url, read_timeout=0.2).call(ADD)

    assert isinstance(outcome, Unclear)
    assert outcome.reason == reason
    assert SECRET not in outcome.detail


def test_a_refused_connection_means_that_nothing_was_executed(closed_port):
    outcome = client_at(f"http://127.0.0.1:{closed_port}/rest/1/{SECRET}/").call(ADD)

    assert outcome == NotExecuted(Why.NO_CONNECTION, detail="ConnectionError")


def test_a_host_without_an_address_means_that_nothing_was_executed():
    host = "portal.invalid:80"
    client = client_at(f"http://{host}/rest/1/{SECRET}/", trusted_hosts=frozenset({host}))

    outcome = client.call(ADD)

    assert outcome == NotExecuted(Why.NO_CONNECTION, detail="ConnectionError")


def test_a_host_that_does_not_take_the_connection_means_that_nothing_was_executed():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        # Fill the queue of connections that wait to be accepted.
        address = full.getsockname()
        queued = [socket.socket() for _ in range(4)]
        for each in queued:
            each.setblocking(False)
            each.connect_ex(address)

        url = f"http://127.0.0.1:{address[1]}/rest/1/{SECRET}/"
        outcome = client_at(url, connect_timeout=0.2).call(ADD)

        for each in queued:
            each.close()

    assert outcome == NotExecuted(Why.NO_CONNECTION, detail="ConnectTimeout")
