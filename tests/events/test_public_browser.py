"""The public pages in a real browser: with axe, without scripts, and into a room that leads on."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from events.models import Registration
from people.models import Medium, Participant
from tests.browser import DESK, PHONE, faults, press
from tests.factories import make_event, make_participant, make_registration

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class LeadingOn(BaseHTTPRequestHandler):
    """A room that sends its visitors to another host, as Zoom does."""

    def do_GET(self):
        if self.path == "/room":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/inside")
        else:
            self.send_response(200)
        self.end_headers()
        if self.path == "/inside":
            self.wfile.write(b"<title>Room</title>You are in.")
            self.server.referrers.append(self.headers.get("Referer"))

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def room():
    """Give a room's address on a host of its own, and the referrers it was told."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), LeadingOn)
    server.referrers = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/room", server.referrers
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def soon():
    return timezone.now() + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("size", "scheme", "language"),
    [
        (DESK, "light", "en"),
        (DESK, "dark", "lv"),
        (PHONE, "light", "lv"),
        (PHONE, "dark", "en"),
    ],
)
def test_pages_are_accessible_and_fit(open_browser, soon, size, scheme, language):
    event = make_event(starts_at=soon, description="Nāciet!", presenter="Ilze Bērziņa")
    later = make_event(starts_at=soon + timedelta(days=7))
    cancelled = make_event(starts_at=soon, cancelled_at=soon, cancel_reason="x")
    registered = make_registration(event, person={"language": language})
    early = make_registration(later, person={"language": language})
    gone = make_registration(event, person={"language": language}, cancelled_at=soon)
    person = make_participant(offers_by_email_at=soon, offers_by_sms_at=soon, language=language)
    page = open_browser(size, scheme, language)
    found = {}

    for path in (
        f"/e/{event.slug}",
        f"/e/{cancelled.slug}",
        f"/j/{registered.token}",
        f"/j/{early.token}",
        f"/j/{gone.token}",
        f"/r/{registered.token}/cancel",
        f"/r/{gone.token}/cancel",
        f"/u/{person.unsubscribe_token}",
    ):
        page.goto(path)
        found[path] = faults(page)
    page.goto(f"/e/{event.slug}")
    page.fill("[name=phone]", "12")
    page.click("main form button")
    page.wait_for_selector(".field-errors")
    found["errors"] = faults(page)

    assert found == {name: [] for name in found}
    assert page.locator("html").get_attribute("lang") == language


def test_registering_by_keyboard_without_scripts(open_browser, soon):
    event = make_event(starts_at=soon + timedelta(days=1))
    page = open_browser(PHONE, language="en", java_script_enabled=False)
    page.goto(f"/e/{event.slug}")

    page.focus("[name=first_name]")
    for words in ("Anna", "Ozola", "anna@example.org", "20000001"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_timeout(2100)
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/**")

    person = Participant.objects.get()
    assert (person.first_name, person.last_name) == ("Anna", "Ozola")
    assert (person.email, person.phone) == ("anna@example.org", "+37120000001")
    assert [each for each in Medium if person.accepts_offers(each)] == [Medium.EMAIL]
    assert page.complaints == []


def test_the_button_leads_through_the_room_to_where_it_leads_on(open_browser, soon, room):
    address, referrers = room
    registered = make_registration(make_event(starts_at=soon, room_url=address))
    page = open_browser(PHONE)
    page.goto(f"/j/{registered.token}")

    page.click("main form button")
    page.wait_for_url("**/inside")

    assert (page.title(), page.complaints) == ("Room", [])
    assert referrers == [None]
    assert Registration.objects.get().is_present


def test_the_language_of_a_personal_page_changes_without_cookies_or_scripts(open_browser, soon):
    registered = make_registration(make_event(starts_at=soon), person={"language": "lv"})
    page = open_browser(PHONE, java_script_enabled=False)
    page.goto(f"/j/{registered.token}")

    press(page, "nav a[hreflang=en]")

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() == "Open day"
    assert page.context.cookies() == []


def test_cancelling_and_coming_back(open_browser, soon):
    registered = make_registration(make_event(starts_at=soon), person={"language": "en"})
    page = open_browser(PHONE)
    page.goto(f"/r/{registered.token}/cancel")

    page.click("text=Cancel my registration")
    page.wait_for_selector("text=Your registration is cancelled.")
    page.click("text=Register again")
    page.wait_for_url("**/j/*")

    registered.refresh_from_db()
    assert registered.is_active
    assert page.locator("main form button").inner_text() == "Join"
