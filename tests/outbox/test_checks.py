"""The clocks of the server, the database and the portal, compared."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import responses
from django.db import connection

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from outbox import checks, health
from outbox.models import Heartbeat

WEBHOOK = "https://clocks.bitrix24.eu/rest/1/secret/"
EMAIL = "bitrix24_email"


@pytest.fixture
def portal_clock(settings):
    """Answer as a portal whose clock is so far ahead of ours."""
    settings.BITRIX24_WEBHOOK_URL = WEBHOOK

    def ahead(skew):
        there = datetime.now(UTC) + skew
        responses.post(
            f"{WEBHOOK}server.time",
            json={"result": there.isoformat()},
            headers={"Date": format_datetime(there, usegmt=True)},
        )

    with responses.mock:
        yield ahead


def clock(name):
    return next(
        (each for each in checks.clocks([EMAIL]) if name in str(each.name)),
        None,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "ok"), [(0, True), (-25, True), (25, True), (-35, False), (35, False)]
)
def test_the_portals_date_may_be_half_a_minute_from_ours(portal_clock, seconds, ok):
    portal_clock(timedelta(seconds=seconds))

    assert clock("Bitrix24").ok == ok


@pytest.mark.django_db
def test_a_portal_that_does_not_answer_says_nothing_of_the_clock(portal_clock):
    responses.post(f"{WEBHOOK}server.time", status=500)

    assert clock("Bitrix24") is None


@pytest.mark.django_db
def test_the_database_server_has_a_clock_of_its_own_or_none():
    skew = checks.database_skew()

    if connection.vendor == "sqlite":
        assert skew is None
    else:
        assert abs(skew) < timedelta(seconds=5)


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "is_red"), [(30, False), (-31, True), (90, True)])
def test_the_lamp_is_red_while_the_clock_is_wrong(seconds, is_red):
    now = datetime.now(UTC)
    health.show_life(Heartbeat.Part.WORKER, now)
    health.show_life(Heartbeat.Part.BEAT, now, timedelta(seconds=seconds))

    problems = health.lamp(now).problems
    health.show_life(Heartbeat.Part.BEAT, now)

    assert len(problems) == int(is_red)
    assert health.lamp(now).problems == []


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "silent"), [(30, set()), (31, set(Heartbeat.Part))])
def test_a_sign_of_life_from_the_future_is_none_since_the_clock_was_set_back(seconds, silent):
    now = datetime.now(UTC)
    for part in Heartbeat.Part:
        health.show_life(part, now + timedelta(seconds=seconds))

    assert health.silent_parts(now) == silent


def test_ticks_outlive_the_difference_of_clocks_at_which_the_lamp_is_still_green(settings):
    expire_after = [each["options"]["expires"] for each in settings.CELERY_BEAT_SCHEDULE.values()]

    assert min(expire_after) >= health.SKEW.total_seconds()


@pytest.mark.django_db
def test_the_clock_of_a_portal_that_has_answered_is_known_without_asking(portal_clock):
    portal_clock(timedelta(seconds=50))
    before = checks.known_skew()
    Bitrix24.from_settings().call(Command("server.time"))

    known = checks.known_skew()

    assert before is None or abs(before) < timedelta(seconds=5)
    assert timedelta(seconds=45) < known < timedelta(seconds=55)
