"""The clocks of the server, the database and the portal, compared."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import responses
from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import override

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from outbox import checks, clocks, health, worker
from outbox.models import Heartbeat, Message, Reason, Status
from outbox.this_worker import WORKER
from tests.factories import START, make_message

WEBHOOK = "https://clocks.bitrix24.eu/rest/1/secret/"
EMAIL = "bitrix24_email"
AWAY = "away from that of Bitrix24 or of the database. Set right the one that is wrong"
NOTHING = "unless it is only the database's, this worker sends nothing until then"


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
        (each for each in checks.clocks_here([EMAIL]) if name in str(each.name)),
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
    health.show_life(Heartbeat.Part.BEAT, now)
    health.show_life(Heartbeat.Part.WORKER, now, timedelta(seconds=seconds))

    problems = health.lamp(now).problems
    health.show_life(Heartbeat.Part.WORKER, now)

    assert len(problems) == int(is_red)
    assert health.lamp(now).problems == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "is_red"),
    [
        ({"reason": Reason.PROGRAM_FAULT}, True),
        ({"reason": Reason.REFUSED}, False),
        ({"reason": Reason.PROGRAM_FAULT, "expires_at": START}, False),
    ],
)
def test_the_lamp_is_red_while_a_fault_of_the_program_keeps_messages_unwritten(fields, is_red):
    for part in Heartbeat.Part:
        health.show_life(part, START)
    make_message(
        status=Status.FAILED, **{"expires_at": START + timedelta(minutes=5), "body": ""} | fields
    )

    with override("en"):
        problems = health.lamp(START).problems

    said = ["1 message could not be written: the worker's log says why."]
    assert problems == (said if is_red else [])


@pytest.mark.django_db
def test_among_all_that_ever_failed_the_unwritten_are_found_by_an_index_of_their_own():
    for _ in range(20):
        make_message(status=Status.FAILED, reason=Reason.BAD_ADDRESS)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE outbox_message")
            cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows are read otherwise

    assert "message_unwritten" in Message.objects.unwritten_by_fault(START).explain()


@pytest.mark.django_db
def test_the_lamp_counts_what_is_overdue_what_is_unwritten_and_what_waits_for_a_person():
    show_life_of("right:1", START)
    late = {"due_at": START - timedelta(minutes=2), "expires_at": START + timedelta(minutes=5)}
    for _ in range(3):
        make_message(**late)
    for _ in range(2):
        make_message(status=Status.FAILED, reason=Reason.PROGRAM_FAULT, body="", **late)
    make_message(status=Status.UNKNOWN, reason=Reason.UNCLEAR, **late)

    with override("en"):
        problems, report = health.lamp(START).problems, health.report(START)

    assert problems == [
        "3 messages are overdue.",
        "2 messages could not be written: the worker's log says why.",
        "1 message has an unknown outcome: please decide.",
    ]
    assert (report["status"], report["overdue"], report["undecided"]) == ("failing", 3, 1)


def show_life_of(worker, now, skew=None):
    for part in Heartbeat.Part:
        health.show_life(part, now, skew, worker=worker)


@pytest.mark.django_db
def test_of_two_workers_the_one_with_the_wrong_clock_is_named_whichever_ran_last():
    now, told = datetime.now(UTC), []
    for last in ("right:1", "wrong:2"):
        for each in ("wrong:2", "right:1", last):
            skew = timedelta(seconds=90) if each == "wrong:2" else timedelta()
            show_life_of(each, now, skew)
        with override("en"):
            told.append(health.lamp(now).problems)

    assert told == [[f"The clock of the worker wrong:2 is 90 seconds {AWAY}."]] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ahead", "said"),
    [(timedelta(minutes=5), "300 seconds"), (timedelta(hours=2, seconds=5), "120 minutes")],
)
def test_a_worker_in_the_future_is_named_and_the_parts_are_heard_through_the_other(ahead, said):
    now = datetime.now(UTC)
    show_life_of("right:1", now)
    show_life_of("early:2", now + ahead)

    with override("en"):
        told = health.lamp(now).problems

    assert told == [
        f"The worker early:2 showed itself {said} in the future: its clock is ahead, or that "
        "of this server is behind."
    ]
    assert health.report(now)["seconds_since"] == {"beat": 0.0, "worker": 0.0}


def let_pass(worker, time):
    """Let the database believe that the worker has been silent for so long."""
    Heartbeat.objects.filter(worker=worker).update(written_at=Now() - time)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong_by", [timedelta(minutes=-5), timedelta(minutes=5)])
@pytest.mark.parametrize(("seconds", "is_told"), [(55, True), (61, False)])
def test_a_wrong_clock_is_told_while_its_worker_lives(wrong_by, seconds, is_told):
    now = datetime.now(UTC)
    show_life_of("right:1", now)
    show_life_of("wrong:2", now + wrong_by, -wrong_by)

    let_pass("wrong:2", timedelta(seconds=seconds))

    assert bool(health.lamp(now).problems) == is_told


@pytest.mark.django_db
@pytest.mark.parametrize("later", [timedelta(minutes=2), timedelta(hours=3), timedelta(hours=5)])
def test_a_wrong_clock_is_forgotten_with_its_container_however_far_it_was_ahead(later):
    now, ahead = datetime.now(UTC), timedelta(hours=3)
    show_life_of("replaced:1", now + ahead, -ahead)
    let_pass("replaced:1", later)

    show_life_of("new:1", now + later)

    assert health.lamp(now + later).problems == []


@pytest.mark.django_db
def test_what_beat_showed_through_a_worker_says_nothing_of_its_clock_once_that_is_mended():
    now = datetime.now(UTC)
    show_life_of("right:1", now)
    health.show_life(Heartbeat.Part.BEAT, now + timedelta(minutes=5), worker="mended:2")

    assert health.lamp(now).problems == []


@pytest.mark.django_db
def test_what_a_machine_showed_before_its_clock_was_set_back_is_forgotten():
    now = datetime.now(UTC)
    show_life_of("here:1", now + timedelta(hours=1))
    show_life_of("there:1", now + timedelta(hours=1))

    show_life_of("here:2", now)

    assert set(Heartbeat.objects.values_list("worker", flat=True)) == {"here:2", "there:1"}


@pytest.mark.django_db
def test_workers_that_were_replaced_are_forgotten_after_a_day():
    now = datetime.now(UTC)
    for name in ("here:1", "gone:1", "early:1"):
        show_life_of(name, now)
    show_life_of("early:1", now + 2 * clocks.GONE)
    let_pass("gone:1", clocks.GONE + timedelta(seconds=1))

    clocks.forget_gone_workers()

    assert set(Heartbeat.objects.values_list("worker", flat=True)) == {"here:1", "early:1"}


@pytest.mark.django_db
def test_the_doctor_names_each_worker_whose_clock_is_wrong():
    now = datetime.now(UTC)
    show_life_of("right:1", now)
    all_right = [each.ok for each in checks.workers_clocks(now)]

    show_life_of("wrong:2", now, timedelta(seconds=-40))
    with override("en"):
        said = [(each.ok, str(each.sentence)) for each in checks.workers_clocks(now)]

    assert all_right == [True]
    assert said == [(False, f"The clock of the worker wrong:2 is 40 seconds {AWAY}.")]


@pytest.mark.django_db(transaction=True)
def test_a_worker_shows_the_skew_of_its_own_clock(monkeypatch):
    monkeypatch.setattr(worker, "_noted_at", -float("inf"))
    monkeypatch.setattr(checks, "known_skew", lambda: timedelta(seconds=70))

    worker.note_heartbeat()

    kept = Heartbeat.objects.values_list("part", "worker", "skew")
    assert list(kept) == [(Heartbeat.Part.WORKER, WORKER, timedelta(seconds=70))]


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "silent"), [(30, set()), (31, set(Heartbeat.Part))])
def test_a_sign_of_life_from_the_future_is_none_since_the_clock_was_set_back(seconds, silent):
    now = datetime.now(UTC)
    for part in Heartbeat.Part:
        health.show_life(part, now + timedelta(seconds=seconds))

    assert health.silent_parts(now) == silent


def test_ticks_outlive_the_difference_of_clocks_at_which_the_lamp_is_still_green(settings):
    expire_after = [each["options"]["expires"] for each in settings.CELERY_BEAT_SCHEDULE.values()]

    assert min(expire_after) >= clocks.SKEW.total_seconds()


@pytest.mark.django_db
def test_the_clock_of_a_portal_that_has_answered_is_known_without_asking(portal_clock):
    portal_clock(timedelta(seconds=50))
    before = checks.known_skew()
    Bitrix24.from_settings().call(Command("server.time"))

    known = checks.known_skew()

    assert before is None or abs(before) < timedelta(seconds=5)
    assert timedelta(seconds=45) < known < timedelta(seconds=55)


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "is_known"), [(595, True), (601, False)])
def test_what_a_worker_knows_of_the_portals_clock_counts_for_ten_minutes(
    portal_clock, monkeypatch, seconds, is_known
):
    portal_clock(timedelta(seconds=50))
    client = Bitrix24.from_settings()
    client.call(Command("server.time"))

    monkeypatch.setattr(client.requester.transport, "skew_measured_at", time.monotonic() - seconds)
    known = checks.known_skew() or timedelta()

    assert (known > timedelta(seconds=45)) is is_known
    # A look-up goes by what was known last: it has to find what went while the clock was wrong.
    assert client.clock_skew() > timedelta(seconds=45)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (300, f"is 300 seconds {AWAY}."),
        (-301, f"is 5 minutes {AWAY}: {NOTHING}."),
        (3725, f"is 62 minutes {AWAY}: {NOTHING}."),
    ],
)
def test_the_lamp_says_that_a_worker_far_off_sends_nothing(seconds, said):
    now = datetime.now(UTC)
    for part in Heartbeat.Part:
        health.show_life(part, now, timedelta(seconds=seconds))

    with override("en"):
        [problem] = health.lamp(now).problems

    assert problem.endswith(said)
