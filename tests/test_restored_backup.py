"""Real beat, worker, Redis and portal: the database of before is restored after messages went.

On SQLite the file is copied, on PostgreSQL the database is copied from a template.
"""

import sqlite3
import time
from collections import Counter
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from outbox import pause
from outbox.models import Message, Pause, Status
from tests.factories import arm_rules, make_event
from tests.processes import beat, environment, redis_server, sandbox, wait_until, worker
from tests.test_killed_worker import ask, register

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

PEOPLE = 20
MESSAGES = 2 * PEOPLE


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


def make_contacts(portal):
    people = [
        {
            "name": "Anna",
            "last_name": f"Ozola {number}",
            "phone": f"+37120{number:06}",
            "email": f"anna{number}@example.org",
        }
        for number in range(PEOPLE)
    ]
    return ask(portal, "contacts", {"people": people})["ids"]


def states():
    return Counter(Message.objects.values_list("status", flat=True))


def test_21_a_restored_backup_pauses_a_starting_worker_and_nobody_is_written_to_twice(
    shared_database_url, tmp_path
):
    arm_rules()
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server())
        portal = stack.enter_context(sandbox(environment(shared_database_url, redis.url)))
        variables = environment(
            shared_database_url,
            redis.url,
            BITRIX24_WEBHOOK_URL=f"{portal.url}/rest/1/sandbox-secret/",
            BITRIX24_SMS_TEMPLATE_ID="2",
            BITRIX24_READ_TIMEOUT="5",
            MEDIA_ROOT=str(tmp_path / "media"),
        )
        event = make_event(starts_at=timezone.now() + timedelta(minutes=15, seconds=20))
        register(event, make_contacts(portal))
        machine = stack.enter_context(worker(variables))
        clock = stack.enter_context(beat(variables))
        wait_until(generation_exists, "the database's age is remembered", machine, seconds=60)
        machine.stop()
        clock.stop()
        restore = stack.enter_context(backup_of_the_database(tmp_path))
        machine.start()
        clock.start()

        def sent():
            return ask(portal, "sent")

        wait_until(lambda: len(sent()) == MESSAGES, "all messages went", machine, seconds=90)
        machine.stop()
        clock.stop()
        restore()
        before = states()
        machine.start()
        clock.start()
        wait_until(pause.is_paused, "sending is paused", machine, seconds=60)
        wait_until(
            lambda: states() == {Status.HANDED_OVER: MESSAGES},
            "all messages are found at the portal",
            machine,
            seconds=90,
        )
        stop = Pause.objects.get()
        pause.resume(by_id=None, at=timezone.now())
        machine.wait_for_output("a backup was restored", seconds=1)
        settled = Counter((each["kind"], each["owner_id"]) for each in sent())

    assert before == {}
    assert stop.restored_to is not None
    assert len(settled) == MESSAGES
    assert set(settled.values()) == {1}


def generation_exists():
    from outbox.models import Generation

    return Generation.objects.filter(number__gt=0).exists()
