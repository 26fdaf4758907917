"""With no network at all: what `make run` starts gets along with what is on this machine."""

import errno
import socket

import pytest
from environ import Env

from events import preflight
from tests.acceptance.evening import DUE, everybody, register, ticks, went
from tests.factories import make_event, make_user
from tools import run

HERE = ("127.0.0.1", "::1", "localhost")


@pytest.fixture
def asked_outside(monkeypatch):
    """Let nothing leave this machine; give the hosts that were asked for all the same."""
    asked = []

    def close(owner, name, host_of):
        really = getattr(owner, name)

        def only_here(*args, **options):
            host = host_of(*args)
            if host not in HERE:
                asked.append(host)
                raise OSError(errno.ENETUNREACH, "Network is unreachable")
            return really(*args, **options)

        monkeypatch.setattr(owner, name, only_here)

    for name in ("connect", "connect_ex"):
        close(socket.socket, name, lambda _socket, address: address[0])
    close(socket, "getaddrinfo", lambda host, *_more: host)
    return asked


@pytest.fixture
def letters(settings, monkeypatch, tmp_path):
    """Have e-mail go where `make run` has it go; give the letters that lie there."""
    monkeypatch.setattr(run, "VAR", tmp_path)
    address = run._defaults(run.Ports(web=1, sandbox=2, analytics=3, redis=4))["EMAIL_URL"]
    for name, value in Env.email_url_config(address).items():
        setattr(settings, name, value)
    return lambda: [path.read_text() for path in sorted((tmp_path / "mail").iterdir())]


def test_an_evening_goes_out_by_the_sandbox_and_letters_to_staff_into_files(
    portal, settings, asked_outside, letters
):
    """The one thing looked for outside is the event's room: not there, and nothing waits for it."""
    settings.CHECK_ROOM_LINK = True
    head, event = make_user(), make_event()
    people = register(portal, event, 2)

    preflight.make_due(DUE)
    ticks(-15, 8)

    assert went(portal) == everybody(people)
    assert [f"To: {head.email}" in letter for letter in letters()] == [True, True]
    assert ["The link does not answer." in letter for letter in letters()].count(True) == 1
    assert asked_outside == ["room.example.org"]
