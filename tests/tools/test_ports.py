import socket

import pytest

from tools.ports import SERVERS_PORTS, PortTakenError, free_port, is_free


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_gives_way_to_the_next_free_one(taken):
    port = free_port(taken)

    assert not is_free(taken)
    assert taken < port < taken + 20
    assert is_free(port)


def test_it_is_said_when_all_ports_are_taken(taken):
    with pytest.raises(PortTakenError, match=f"Ports {taken} to {taken} are all taken"):
        free_port(taken, tries=1)


def test_any_free_port_is_not_one_of_those_that_outgoing_connections_get():
    assert free_port() in range(*SERVERS_PORTS)
