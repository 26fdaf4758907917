"""The processes other tests rely on: they start, are killed, come back, and say what failed."""

import os
import subprocess
import sys

import psutil
import psycopg
import pytest
import redis

from smmprocess.celery import app
from tests.processes import (
    beat,
    environment,
    manage,
    postgres_server,
    redis_server,
    running,
    wait_until,
    web,
    worker,
)

pytestmark = pytest.mark.processes


@pytest.fixture
def variables(tmp_path, redis_url):
    return environment(f"sqlite:///{tmp_path}/test.sqlite3", redis_url)


def test_redis_comes_back_after_a_kill():
    with redis_server() as server:
        client = redis.Redis.from_url(server.url)
        client.ping()

        server.kill9()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        server.start()
        server.wait_for_port()

        assert client.ping()
        client.close()


def test_redis_that_keeps_nothing_comes_back_empty():
    with redis_server(keep=False) as server:
        with redis.Redis.from_url(server.url) as client:
            client.set("bucket", 1)
        server.stop()
        server.start()
        server.wait_for_port()

        with redis.Redis.from_url(server.url) as client:
            assert client.keys() == []


def test_postgres_makes_databases():
    with postgres_server() as server:
        url = server.create_database("another")

        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT current_database()").fetchone()

    assert row == ("another",)
    assert server.process.poll() is not None
    assert not server.log.exists()


def test_postgres_comes_back_from_a_kill_with_all_that_was_committed():
    with postgres_server(is_durable=True) as server:
        with psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE kept (number int)")
            connection.execute("INSERT INTO kept VALUES (1)")
            connection.commit()
            sessions = psutil.Process(server.process.pid).children(recursive=True)

            server.kill9()
            psutil.wait_procs(sessions, timeout=5)
            still_there = [each for each in sessions if each.is_running()]

        server.start()
        server.wait_until_ready()
        with psycopg.connect(server.url()) as connection:
            rows = connection.execute("SELECT number FROM kept").fetchall()

    assert sessions
    assert still_there == []
    assert rows == [(1,)]


def test_postgres_begins_with_a_copy_of_another_servers_data(tmp_path):
    with postgres_server() as server:
        server.create_database("another")
        server.stop()
        subprocess.run(["cp", "-pR", server.data, tmp_path / "copy"], check=True)

    with (
        postgres_server(copy_of=tmp_path / "copy") as copy,
        psycopg.connect(copy.url("another")) as connection,
    ):
        row = connection.execute("SELECT current_database()").fetchone()

    assert row == ("another",)


def test_a_worker_takes_tasks_and_takes_more_after_a_kill(variables, redis_url):
    def times_done():
        return started.output().count("celery.accumulate")

    def lines_waiting_for_a_task():
        with redis.Redis.from_url(redis_url) as connection:
            ours = str(connection.get_connection_kwargs()["db"])
            lines = connection.client_list()
        return [each for each in lines if each["db"] == ours and each["cmd"] == "brpop"]

    with worker(variables) as started:
        app.send_task("celery.accumulate", [1, 2])
        wait_until(lambda: times_done() == 2, "the first task is done", started)

        started.kill9()
        assert not started.is_running()
        # What Redis pops for a line whose end it has not noticed is lost, like any tick may be.
        wait_until(lambda: not lines_waiting_for_a_task(), "Redis has noticed")
        app.send_task("celery.accumulate", [3])
        started.start()

        wait_until(lambda: times_done() == 4, "the second task is done", started)


def test_beat_keeps_time_and_stops_when_told(variables):
    manage(variables, "migrate", "--verbosity", "0")

    with beat(variables) as started:
        started.wait_for_output("Sending due task send-what-is-queued")
        started.stop()

        assert started.process.returncode == 0


def test_the_web_server_answers(variables):
    with web(variables) as started:
        assert started.is_running()


def test_the_shared_database_is_the_one_the_test_writes_to(shared_database_url, redis_url):
    from accounts.models import User
    from tests.factories import make_user

    user = make_user()

    count = manage(
        environment(shared_database_url, redis_url),
        "shell",
        "--no-imports",
        "--command",
        f"from accounts.models import User; print(User.objects.filter(pk={user.pk}).count())",
    )

    assert count.strip() == "1"
    assert User.objects.count() == 1


def test_a_wait_fails_at_once_with_the_log_of_the_process_that_ended():
    command = [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"]
    with (
        running("short-lived", command, dict(os.environ)) as started,
        pytest.raises(AssertionError, match=r"(?s)short-lived ended.*code 3.*the reason"),
    ):
        started.wait_for_output("never printed")
