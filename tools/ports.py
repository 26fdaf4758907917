"""Free ports on this machine."""

import random
import socket
import time

HOST = "127.0.0.1"
SERVERS_PORTS = (20_000, 32_000)


class PortTakenError(Exception):
    """A port that was asked for by number is in use."""


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only fading away counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(preferred: int = 0, *, tries: int = 20) -> int:
    """Return the preferred port, or the next free one after it; any free one for 0.

    Any one is below those from which systems take the ports of outgoing connections: one of these
    could have it while a server that was killed is away, or even be connected to itself.
    """
    if preferred:
        for port in range(preferred, preferred + tries):
            if is_free(port):
                return port
        raise PortTakenError(f"Ports {preferred} to {preferred + tries - 1} are all taken.")
    while not is_free(port := random.randrange(*SERVERS_PORTS)):  # noqa: S311 - guards nothing
        continue
    return port


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def wait_until_it_answers(port: int, *, seconds: float) -> bool:
    """Wait for a server to listen on the port; False when it did not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answers(port):
            return True
        time.sleep(0.05)
    return False
