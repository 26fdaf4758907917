"""The rules that only real processes can try: beat, workers, Redis and a sandbox Bitrix24.

The numbers are those of test_reminders.py.
"""

import sqlite3
import time
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from events import changes
from events.models import Event
from events.models.looks import AT_ONCE
from outbox import pause
from outbox.models import Generation, Message, Pause, Reason, Status
from tests.acceptance.machines import register, running, states
from tests.factories import make_event, make_user
from tests.processes import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

MINUTE = timedelta(minutes=1)


def of(key, **filters):
    return Message.objects.filter(dispatch__reminder__rule__key=key, **filters)


def tells_of_cancelling(sent):
    return "Atcelts" in f"{sent['subject']} {sent['text']}"


def far():
    """Make an event that has nothing due while the machines start, however long that takes."""
    return make_event(starts_at=timezone.now() + timedelta(hours=2))


def bring_near(event, **until_start):
    """Let an event begin so soon after now, without the plan being told."""
    starts_at = timezone.now() + timedelta(**until_start)
    Event.objects.filter(pk=event.pk).update(
        starts_at=starts_at, ends_at=starts_at + 90 * MINUTE, look_at=timezone.now()
    )


def test_01_and_02_a_worker_killed_before_and_back_after_sends_what_is_of_use_and_expires_the_rest(
    shared_database_url,
):
    """Of two events one is ten minutes away when the worker is back, the other has begun."""
    moderator = make_user()
    soon, begun = far(), far()
    Event.objects.filter(pk=begun.pk).update(moderator=moderator)

    def people(portal):
        register(portal, soon, 10)
        register(portal, begun, 5)

    with running(shared_database_url, people, EMAIL_URL="memorymail://") as machines:
        [worker] = machines.workers
        looked = Event.objects.filter(pk__in=[soon.pk, begun.pk]).exclude(look_at=AT_ONCE)
        wait_until(lambda: looked.count() == 2, "it has looked at the plan", worker)
        worker.kill9()
        bring_near(soon, minutes=10)
        bring_near(begun, minutes=-6)
        before = states()
        worker.start()
        settled = {Status.HANDED_OVER: 20, Status.EXPIRED: 10}
        wait_until(lambda: states() == settled, "all is settled", worker, seconds=60)
        letters = Message.objects.filter(user=moderator, status=Status.HANDED_OVER)
        wait_until(letters.exists, "the moderator is told", worker, seconds=30)
        received = machines.received()

    went = Message.objects.filter(status=Status.HANDED_OVER).exclude(participant=None)
    assert before == {}
    assert (len(received), set(received.values())) == (20, {1})
    assert {row.dispatch.reminder.event_id for row in went} == {soon.pk}
    assert {row.lateness // MINUTE for row in went} == {5}


def test_03_two_workers_send_500_rows_each_once_while_the_provider_sleeps_at_random(
    shared_database_url,
):
    event = make_event(starts_at=timezone.now() + 15 * MINUTE)
    slowness = ("--latency", "0.01", "--latency-jitter", "0.01", "--fault")

    with running(
        shared_database_url,
        lambda portal: register(portal, event, 250),
        *(*slowness, "slow:probability=20%,seconds=1"),
        workers=2,
    ) as machines:
        wait_until(
            lambda: states() == {Status.HANDED_OVER: 500},
            "every message is handed over",
            *machines.workers,
            seconds=120,
        )
        received = machines.received()

    by = set(Message.objects.values_list("history__worker", flat=True))
    assert (len(received), set(received.values())) == (500, {1})
    assert len(by) == 2


def test_08_cancelled_while_the_batch_runs_nothing_is_claimed_after_the_commit(
    shared_database_url,
):
    """The portal has so little room that most still wait when the first are out."""
    event, people = make_event(starts_at=timezone.now() + 15 * MINUTE), 800
    by_id = make_user().pk

    with running(
        shared_database_url,
        lambda portal: register(portal, event, people),
        *("--latency", "0.02", "--burst", "4"),
        BITRIX24_BURST="4",
    ) as machines:
        wait_until(
            lambda: of("before_15").count() == 2 * people and machines.sent(),
            "all are written and some are out",
            *machines.workers,
            seconds=60,
        )
        withdrawn = changes.cancel(event, "The presenter is ill.", by_id=by_id, now=timezone.now())
        told = of("cancelled", status=Status.HANDED_OVER)
        wait_until(
            lambda: told.count() == 2 * people, "all are told", *machines.workers, seconds=120
        )
        reminded = [each for each in machines.sent() if not tells_of_cancelling(each)]

    rows = of("before_15")
    assert withdrawn > 0
    assert rows.filter(status=Status.SKIPPED, reason=Reason.EVENT_CANCELLED).count() == withdrawn
    assert rows.filter(status=Status.HANDED_OVER).count() == 2 * people - withdrawn
    once_each = {(each["kind"], each["owner_id"]) for each in reminded}
    assert len(once_each) == len(reminded) == 2 * people - withdrawn


def test_21_a_restored_backup_pauses_a_starting_worker_and_nobody_is_written_to_twice(
    shared_database_url, tmp_path
):
    event = far()

    with (
        running(
            shared_database_url,
            lambda portal: register(portal, event, 20),
            MEDIA_ROOT=str(tmp_path / "media"),
        ) as machines,
        ExitStack() as stack,
    ):
        [worker] = machines.workers
        generation = Generation.objects.filter(number__gt=0)
        wait_until(generation.exists, "the database's age is remembered", worker, seconds=60)
        machines.stop()
        bring_near(event, minutes=15)
        restore = stack.enter_context(backup_of_the_database(tmp_path))
        machines.start()
        wait_until(lambda: len(machines.sent()) == 40, "all messages went", worker, seconds=90)
        machines.stop()
        restore()
        before = states()
        machines.start()
        wait_until(pause.is_paused, "sending is paused", worker, seconds=60)
        wait_until(
            lambda: states() == {Status.HANDED_OVER: 40},
            "all messages are found at the portal",
            worker,
            seconds=90,
        )
        stop = Pause.objects.get()
        pause.resume(by_id=None, at=timezone.now())
        worker.wait_for_output("a backup was restored", seconds=1)
        received = machines.received()

    assert before == {}
    assert stop.restored_to is not None
    assert (len(received), set(received.values())) == (40, {1})


@contextmanager
def backup_of_the_database(tmp_path):
    """Take a backup now, and give what restores it; nobody else may be connected either time."""
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        backup = tmp_path / "backup.sqlite3"
        copy_file(name, backup)
        yield lambda: copy_file(backup, name)
        return
    copy_database(name, f"{name}_backup")
    try:
        yield lambda: copy_database(f"{name}_backup", name)
    finally:
        with administrator() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}_backup" WITH (FORCE)')


def copy_file(source, target):
    with (
        closing(sqlite3.connect(Path(source))) as there,
        closing(sqlite3.connect(Path(target))) as here,
    ):
        there.backup(here)


def copy_database(source, target):
    connection.close()
    with administrator() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        while sessions_ended(admin, source):
            time.sleep(0.05)
        admin.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def sessions_ended(admin, name):
    """End what is left of stopped workers' sessions, which a copy does not bear; count them."""
    ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
    return admin.execute(ended, [name]).fetchone()[0]


def administrator():
    database = connection.settings_dict
    return psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )


def test_22_a_thousand_people_have_both_messages_within_a_minute_under_the_providers_limit(
    shared_database_url,
):
    event = far()

    with running(shared_database_url, lambda portal: register(portal, event, 1000)) as machines:
        bring_near(event, minutes=15, seconds=1)
        wait_until(
            lambda: states() == {Status.HANDED_OVER: 2000},
            "every message is handed over",
            *machines.workers,
            seconds=150,
        )
        received = machines.received()

    assert (len(received), set(received.values())) == (2000, {1})
    assert max(row.lateness for row in Message.objects.all()) < MINUTE


def test_22_a_slow_portal_and_a_rush_by_both_media_do_not_keep_another_event_waiting(
    shared_database_url,
):
    """The rush would take all senders for a whole turn; the other event falls due meanwhile."""
    rush, other = far(), far()

    def people(portal):
        register(portal, rush, 600)
        register(portal, other, 3)

    slow = ("--fault", "slow:probability=100%,seconds=3")
    with running(shared_database_url, people, *slow) as machines:
        bring_near(rush, minutes=15, seconds=1)
        calling = Message.objects.filter(status=Status.CALLING)
        wait_until(
            lambda: calling.values("claim").distinct().count() >= 6,
            "the senders are busy",
            *machines.workers,
        )
        bring_near(other, minutes=15, seconds=3)
        its_own = of("before_15", dispatch__reminder__event=other)
        sent = its_own.filter(status=Status.HANDED_OVER)
        wait_until(lambda: sent.count() == 6, "the other is sent", *machines.workers, seconds=60)

    written = max(row.created_at - row.due_at for row in its_own)
    assert written < timedelta(seconds=2)
    assert max(row.lateness for row in its_own) < timedelta(seconds=20)
