"""Connections that fail on real sockets: what surely was not executed, and what may have been."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from integrations.bitrix24.commands import Command
from integrations.bitrix24.sandbox import running_sandbox
from integrations.outcomes import Done, NotExecuted, Unclear, Why
from tests.integrations.bitrix24.fakes import SECRET, client_at

ADD = Command("crm.activity.add", {"fields": {"SUBJECT": "Webinar"}})


def read_request(connection: socket.socket) -> bytes:
    """Read headers and body, or nothing when the client has hung up."""
    request = b""
    while not request.endswith(b"}"):
        received = connection.recv(65536)
        if not received:
            return b""
        request += received
    return request


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Accept one connection, read the whole request, then do what the test says."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            read_request(connection)
            answer(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/rest/1/{SECRET}/"
    thread.join()
    listener.close()


@contextmanager
def patient_server(connections: list[int]) -> Iterator[str]:
    """Answer two calls on however many connections, and note how many calls came on each."""
    listener = socket.create_server(("127.0.0.1", 0))
    reply = b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"result":1}'

    def serve() -> None:
        while sum(connections) < 2:
            connection, _ = listener.accept()
            connections.append(0)
            with connection:
                while sum(connections) < 2 and read_request(connection):
                    connection.sendall(reply)
                    connections[-1] += 1

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


@pytest.mark.parametrize(("idle_seconds", "connections"), [(30, [2]), (0, [1, 1])])
def test_a_connection_is_kept_open_until_it_has_been_idle(monkeypatch, idle_seconds, connections):
    monkeypatch.setattr("integrations.connections.IDLE_SECONDS", idle_seconds)
    seen = []

    with patient_server(seen) as url:
        client = client_at(url, read_timeout=2)
        outcomes = [client.call(Command("profile")), client.call(Command("profile"))]

    assert (outcomes, seen) == ([Done(1), Done(1)], connections)


def test_one_client_serves_several_threads():
    with running_sandbox() as sandbox:
        client = client_at(sandbox.webhook_url)

        with ThreadPoolExecutor(8) as pool:
            answers = list(
                pool.map(lambda _: client.call(Command("crm.settings.mode.get")), range(40))
            )

    assert answers == [Done(1)] * 40
