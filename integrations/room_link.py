"""Whether the address of an online room opens, asked without letting it lead us anywhere private.

Whoever may edit an event may write any address there. So each host is resolved once, its address
has to be a public one, the connection goes to exactly that address, and a redirect is a new host.
Nothing of what the page says is read.
"""

import http.client
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

SECONDS = 5.0
REDIRECTS = 5
FOLLOWED = (301, 302, 303, 307, 308)
FOR_PEOPLE_ONLY = (401, 403, 405, 406, 429)
"""Answers of a page that is there but lets no machine in."""


class Finding(StrEnum):
    OPENS = "opens"
    FOR_PEOPLE_ONLY = "for_people_only"
    PRIVATE = "private"
    NOT_AN_ADDRESS = "not_an_address"
    NO_ANSWER = "no_answer"
    ERROR = "error"


@dataclass(frozen=True)
class Opening:
    """What came of opening a link; `status` is the last answer's, 0 without one."""

    finding: Finding
    status: int = 0


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet."""
    parsed = ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return mapped.is_global and not mapped.is_multicast


def open_link(url: str, *, may_visit: Callable[[str], bool] = is_public) -> Opening:
    """Follow a link to its last page and say whether that is there."""
    status = 0
    for _hop in range(REDIRECTS + 1):
        try:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                return Opening(Finding.NOT_AN_ADDRESS, status)
            address = _resolve(parts)
            if not may_visit(address):
                return Opening(Finding.PRIVATE, status)
            status, location = _ask(parts, address)
            url = urljoin(url, location)
        except (OSError, http.client.HTTPException):
            return Opening(Finding.NO_ANSWER)
        except ValueError:
            # The port or the host cannot be read.
            return Opening(Finding.NOT_AN_ADDRESS)
        if status not in FOLLOWED or not location:
            return Opening(_meaning(status), status)
    return Opening(Finding.ERROR, status)


def _meaning(status: int) -> Finding:
    if status in FOR_PEOPLE_ONLY:
        return Finding.FOR_PEOPLE_ONLY
    return Finding.OPENS if status < 400 else Finding.ERROR


def _resolve(parts: SplitResult) -> str:
    found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    return str(found[0][4][0])


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _ask(parts: SplitResult, address: str) -> tuple[int, str]:
    """Ask the host for the page at this very address; return the status and where it leads."""
    host = str(parts.hostname)
    connection = http.client.HTTPConnection(host, _port(parts), timeout=SECONDS)
    connection.sock = socket.create_connection((address, _port(parts)), timeout=SECONDS)
    try:
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        # Not HEAD: some rooms refuse it, and a GET of which nothing is read costs no more.
        connection.request(
            "GET",
            path,
            headers={"Host": parts.netloc.rpartition("@")[2], "User-Agent": "smmprocess/1"},
        )
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()
