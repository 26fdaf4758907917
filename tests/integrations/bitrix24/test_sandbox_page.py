"""The page a person reads, and the sandbox's own addresses."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import requests

from integrations.bitrix24.sandbox import ManualClock, Sandbox, running_sandbox
from integrations.bitrix24.sandbox.page import describe_lateness
from integrations.bitrix24.sandbox.texts import html_to_text, link_addresses
from tests.integrations.bitrix24.sandbox_calls import (
    TIMEOUT,
    add_contact,
    call,
    get,
    post,
    send_email,
    start_sms,
)

MARKUP = "<script>alert('x')</script>"
VOID = {"meta", "link", "input", "br"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(clock=ManualClock()) as running:
        yield running


def page(sandbox: Sandbox, **query: str) -> str:
    response = requests.get(f"{sandbox.url}/", params=query, timeout=TIMEOUT)
    assert response.status_code == 200
    return response.text


class _Elements(HTMLParser):
    """Reads a page; an element that is closed wrongly is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_an_empty_page_says_that_nothing_was_sent(sandbox):
    read = _Elements(page(sandbox))

    assert read.open == []
    assert "Nothing has been sent yet." in read.words
    assert "The portal works as it should." in read.words


def test_the_page_shows_who_got_what_and_how_late(sandbox):
    contact_id = add_contact(sandbox, LAST_NAME="Bērziņa")
    link = "https://college.example/j/AB12CD"
    start_sms(sandbox, contact_id, f"Join: {link}.", due_at="2026-03-12T16:58:30+02:00")
    body = f'<p>Dear Anna,</p><p><a href="{link}">Join</a></p>'
    send_email(sandbox, contact_id, DESCRIPTION=body, START_TIME="2026-03-12T17:00:00+02:00")

    text = page(sandbox)
    read = _Elements(text)

    assert read.open == []
    assert "Anna Bērziņa" in read.words
    assert "Contact 1, +37120000001, anna@example.com" in read.words
    assert {"1 min 30 s late", "on time"} <= set(read.words)
    assert read.links.count(link) == 2
    assert "12.03. 17:00:00" in read.words


def test_a_double_is_marked_and_counted(sandbox):
    contact_id = add_contact(sandbox)
    other = add_contact(sandbox, phone="+37120000002")
    start_sms(sandbox, contact_id)
    start_sms(sandbox, other)
    assert _Elements(page(sandbox)).words.count("double") == 0

    start_sms(sandbox, contact_id)

    assert _Elements(page(sandbox)).words.count("double") == 1
    assert get(sandbox, "stats")["doubles"] == 1
    assert [message["is_double"] for message in get(sandbox, "sent")] == [False, False, True]


def test_an_e_mail_with_the_same_key_is_a_double_even_in_other_words(sandbox):
    contact_id = add_contact(sandbox)
    send_email(sandbox, contact_id)
    send_email(sandbox, contact_id, DESCRIPTION="<p>Other words.</p>")
    send_email(sandbox, contact_id, ORIGIN_ID="another", DESCRIPTION="<p>Third words.</p>")

    assert sandbox.portal.doubles() == {2}


def test_nothing_that_was_sent_becomes_markup_on_the_page(sandbox):
    contact_id = add_contact(sandbox, LAST_NAME=MARKUP, email=f"{MARKUP}@example.com")
    start_sms(sandbox, contact_id, f"{MARKUP} http://x.example/{MARKUP} javascript:alert(1)")
    send_email(sandbox, contact_id, SUBJECT=MARKUP, DESCRIPTION=f"<p>&lt;b&gt;{MARKUP}</p>")
    fault = {"name": "503", "method": MARKUP, "count": 0}
    post(sandbox, "faults", fault)
    call(sandbox, "profile")

    read = _Elements(page(sandbox, q="<"))

    assert read.open == []
    assert "<script" not in page(sandbox, q=MARKUP)
    assert not [link for link in read.links if link.startswith("javascript")]


def test_the_page_loads_nothing_from_elsewhere_and_runs_no_script(sandbox):
    response = requests.get(f"{sandbox.url}/", timeout=TIMEOUT)
    style = requests.get(f"{sandbox.url}/sandbox/style.css", timeout=TIMEOUT)

    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert 'http-equiv="refresh" content="5"' in response.text
    assert style.headers["Content-Type"].startswith("text/css")
    assert "url(" not in style.text


def test_the_page_can_be_kept_still_and_searched(sandbox):
    start_sms(sandbox, add_contact(sandbox))
    start_sms(sandbox, add_contact(sandbox, NAME="Ilze", phone="+37120000002"))

    still = page(sandbox, refresh="off", q="+37120000002")

    assert "http-equiv" not in still
    words = _Elements(still).words
    assert ("Ilze" in words, "Anna" in words) == (True, False)
    assert "Nobody was found." in _Elements(page(sandbox, q="Zane")).words


def test_the_buttons_lead_back_to_the_page(sandbox):
    browser = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}

    def press(path: str, **form: str) -> requests.Response:
        url = f"{sandbox.url}/sandbox/{path}"
        return requests.post(url, data=form, headers=browser, timeout=TIMEOUT)

    added = press("faults", name="503", method="", probability="5%", count="", seconds="")
    assert "5%" in _Elements(added.text).words
    assert press("contacts", name="Anna", last_name="", phone="+371", email="").status_code == 200
    assert press("faults/remove", id="1").status_code == 200
    assert sandbox.portal.faults.active() == []
    assert press("reset").url == f"{sandbox.url}/"


def test_the_page_of_another_site_cannot_press_the_buttons(sandbox):
    start_sms(sandbox, add_contact(sandbox))
    url = f"{sandbox.url}/sandbox/reset"

    stranger = requests.post(url, headers={"Origin": "https://evil.example"}, timeout=TIMEOUT)
    assert (stranger.status_code, len(sandbox.sent)) == (403, 1)

    own = requests.post(url, headers={"Origin": sandbox.url}, timeout=TIMEOUT)
    assert (own.status_code, len(sandbox.sent)) == (200, 0)


def test_what_was_sent_is_given_to_programs(sandbox):
    contact_id = add_contact(sandbox)
    start_sms(sandbox, contact_id, due_at="2026-03-12T15:00:10+00:00")
    send_email(sandbox, contact_id)

    assert [message["kind"] for message in get(sandbox, "sent")] == ["sms", "email"]
    assert get(sandbox, "sent?kind=sms") == [
        {
            "id": 1,
            "kind": "sms",
            "owner_type": 3,
            "owner_id": contact_id,
            "recipient": "Anna",
            "address": "+37120000001",
            "text": "See you soon.",
            "subject": "",
            "origin_id": "",
            "sender": "",
            "is_html": False,
            "received_at": "2026-03-12T17:00:00+02:00",
            "due_at": "2026-03-12T17:00:10+02:00",
            "late_seconds": -10.0,
            "is_double": False,
        }
    ]
    stats = get(sandbox, "stats")
    assert (stats["sms"], stats["emails"], stats["max_late_seconds"]) == (1, 1, -10.0)
    assert (stats["requests"], stats["bucket_level"], stats["statuses"]) == (3, 3.0, {"200": 3})


def test_many_people_are_seeded_at_once(sandbox):
    people = [{"name": "Anna", "phone": "+3711"}, {"name": "Ilze", "email": "i@example.com"}]

    assert post(sandbox, "contacts", {"people": people}) == {"ids": [1, 2]}
    assert get(sandbox, "stats")["contacts"] == 2


def test_settings_are_changed_while_running(sandbox):
    changes = {"is_admin": "no", "latency": "0.25", "scopes": "crm,bizproc", "moved_to": ""}

    post(sandbox, "settings", changes)

    settings = sandbox.portal.settings
    assert (settings.is_admin, settings.latency, settings.scopes) == (
        False,
        0.25,
        frozenset({"crm", "bizproc"}),
    )


@pytest.mark.parametrize(
    ("path", "form", "text"),
    [
        ("settings", {"colour": "red"}, "“colour” is not a setting."),
        ("settings", {"latency": "soon"}, "“soon” is not a value for “latency”."),
        ("webhook", {"target": "ftp://x"}, "The target must be an http or https address."),
        ("contacts", {"phone": "+371"}, "A contact needs a name."),
    ],
)
def test_what_cannot_be_done_is_explained(sandbox, path, form, text):
    response = requests.post(f"{sandbox.url}/sandbox/{path}", json=form, timeout=TIMEOUT)

    assert (response.status_code, response.json()) == (400, {"error": text})


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("GET", "/sandbox/health", 200),
        ("HEAD", "/", 200),
        ("GET", "/nothing", 404),
        ("GET", "/rest", 404),
        ("GET", "/rest/1/2/3/4/5", 404),
        ("GET", "/sandbox/reset", 405),
        ("POST", "/sandbox/stats", 405),
    ],
)
def test_every_address_answers(sandbox, verb, path, status):
    assert requests.request(verb, sandbox.url + path, timeout=TIMEOUT).status_code == status


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "due moment not known"),
        (0.4, "on time"),
        (-0.9, "on time"),
        (3.7, "3 s late"),
        (125, "2 min 5 s late"),
        (-4, "4 s early"),
    ],
)
def test_lateness_is_told_in_words(seconds, words):
    assert describe_lateness(seconds) == words


def test_the_words_of_an_e_mail_are_read_from_its_markup():
    markup = """<html><head><title>T</title><style>p{}</style></head><body>
    <p>Dear&nbsp;Anna &amp; all,</p><p>Join <a href="https://x.example/j/1">here</a>.</p></body>"""

    assert html_to_text(markup) == "Dear Anna & all,\nJoin here (https://x.example/j/1)."


def test_only_web_addresses_become_links():
    assert link_addresses('See https://x.example/a?b=1&c="2". <b>') == (
        'See <a href="https://x.example/a?b=1&amp;c=" target="_blank" rel="noopener">'
        "https://x.example/a?b=1&amp;c=</a>&quot;2&quot;. &lt;b&gt;"
    )
