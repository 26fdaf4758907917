"""A worker that knows its clock to be wrong by minutes leaves messages to others."""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import responses

from events import tasks
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from outbox import checks, own_clock
from outbox.models import Status
from tests.factories import make_message

pytestmark = pytest.mark.django_db

WEBHOOK = "https://own-clock.bitrix24.eu/rest/1/secret/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Look each time anew, on a server whose database has no clock of its own."""
    monkeypatch.setattr(own_clock, "own_clock", own_clock.OwnClock())
    monkeypatch.setattr(own_clock, "EVERY_SECONDS", 0)
    monkeypatch.setattr(own_clock, "AFTER_BAD_NEWS_SECONDS", 0)
    monkeypatch.setattr(checks, "database_skew", lambda: None)


@pytest.fixture
def portal(settings):
    """Answer as a portal whose clock is so far ahead of ours; it is heard when it is set."""
    settings.BITRIX24_WEBHOOK_URL = WEBHOOK

    def set_clock(ahead):
        there = datetime.now(UTC) + ahead
        answer = {"json": {"result": there.isoformat()}}
        headers = {"Date": format_datetime(there, usegmt=True)}
        responses.upsert(responses.POST, f"{WEBHOOK}server.time", headers=headers, **answer)
        Bitrix24.from_settings().call(Command("server.time"))

    with responses.mock:
        yield set_clock


@pytest.fixture
def message():
    """Wait for longer than it is of use, by this worker's clock."""
    now = datetime.now(UTC)
    return make_message(due_at=now - HOUR, expires_at=now - timedelta(seconds=1))


def is_closed(message):
    tasks.close_expired()
    message.refresh_from_db()
    return message.status == Status.EXPIRED


@pytest.mark.parametrize(
    ("seconds", "goes_on"), [(0, True), (295, True), (-295, True), (305, False), (-305, False)]
)
def test_a_worker_wrong_by_more_than_five_minutes_closes_nothing(portal, message, seconds, goes_on):
    portal(timedelta(seconds=seconds))

    assert is_closed(message) is goes_on


def test_it_goes_on_as_soon_as_its_clock_is_put_right(portal, message, caplog):
    caplog.set_level(logging.WARNING)
    portal(-HOUR)
    while_wrong = is_closed(message)
    # What was heard of the portal before still says an hour; it is asked afresh.
    there = format_datetime(datetime.now(UTC), usegmt=True)
    answer = {"json": {"result": ""}, "headers": {"Date": there}}
    responses.upsert(responses.POST, f"{WEBHOOK}server.time", **answer)

    assert (while_wrong, is_closed(message)) == (False, True)
    assert "nothing is sent until then" in caplog.text
    assert "sending goes on" in caplog.text


def test_a_database_that_is_wrong_alone_stops_nobody(portal, message, monkeypatch):
    portal(timedelta())
    monkeypatch.setattr(checks, "database_skew", lambda: HOUR)

    assert is_closed(message)


def test_without_a_portal_the_databases_clock_decides(message, monkeypatch):
    monkeypatch.setattr(checks, "database_skew", lambda: HOUR)
    while_wrong = is_closed(message)
    monkeypatch.setattr(checks, "database_skew", timedelta)

    assert (while_wrong, is_closed(message)) == (False, True)


def test_old_news_of_a_portal_that_has_fallen_silent_stop_nobody(portal, message):
    portal(-HOUR)
    responses.upsert(responses.POST, f"{WEBHOOK}server.time", status=500)

    assert is_closed(message)
