"""Opening the link of a room: what is there, what is not, and what must not be visited."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from integrations.room_link import Finding, Opening, is_public, open_link


class Room(BaseHTTPRequestHandler):
    """Answers /<status>; /to/<address> leads to another page."""

    def do_GET(self):
        self.server.visited.append(self.path)
        if self.path == "/circle":
            self.send_response(307)
            self.send_header("Location", self.path)
        elif self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
        else:
            self.send_response(int(self.path.strip("/").partition("?")[0] or 200))
        self.end_headers()

    def log_message(self, *args):
        """Keep quiet."""


@pytest.fixture
def site():
    with HTTPServer(("127.0.0.1", 0), Room) as server:
        server.visited = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def url(site, path):
    return f"http://127.0.0.1:{site.server_port}{path}"


def open_anywhere(address):
    return open_link(address, may_visit=lambda _address: True)


@pytest.mark.parametrize(
    ("path", "finding"),
    [
        ("/200?pwd=1", Finding.OPENS),
        ("/204", Finding.OPENS),
        ("/403", Finding.FOR_PEOPLE_ONLY),
        ("/404", Finding.ERROR),
        ("/500", Finding.ERROR),
    ],
)
def test_what_a_room_answers(site, path, finding):
    status = int(path[1:4])

    assert open_anywhere(url(site, path)) == Opening(finding, status)
    assert site.visited == [path]


def test_a_redirect_is_followed_to_its_end(site):
    assert open_anywhere(url(site, "/to//200")) == Opening(Finding.OPENS, 200)
    assert site.visited == ["/to//200", "/200"]


def test_a_redirect_in_a_circle_ends(site):
    assert open_anywhere(url(site, "/circle")) == Opening(Finding.ERROR, 307)
    assert site.visited == ["/circle"] * 6


def test_a_private_address_is_not_visited(site):
    assert open_link(url(site, "/200")) == Opening(Finding.PRIVATE)
    assert site.visited == []


def test_a_redirect_into_a_private_network_is_not_followed(site):
    seen = []

    def may_visit(address):
        seen.append(address)
        return len(seen) == 1

    opening = open_link(url(site, "/to/http://localhost:1/"), may_visit=may_visit)

    assert opening == Opening(Finding.PRIVATE, 302)
    assert site.visited == ["/to/http://localhost:1/"]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:alert(1)",
        "https://",
        "http://[::1/",
        "http://example.org:port/",
    ],
)
def test_what_is_no_web_address_is_not_tried(address):
    assert open_anywhere(address).finding == Finding.NOT_AN_ADDRESS


def test_who_does_not_answer_is_said_so():
    assert open_anywhere("http://127.0.0.1:1/") == Opening(Finding.NO_ANSWER)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1", False),
        ("::ffff:127.0.0.1", False),
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
    ],
)
def test_which_addresses_are_public(address, expected):
    assert is_public(address) == expected
