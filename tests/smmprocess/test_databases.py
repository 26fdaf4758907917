"""Both kinds of database keep what they promised."""

import pytest
from django.db import connection

from smmprocess.databases import PATIENCE, SERVER_PATIENCE, database


def test_sqlite_takes_its_lock_at_once_and_has_written_what_it_promises(tmp_path):
    place = tmp_path / "var" / "smmprocess.sqlite3"

    found = database({"ENGINE": "django.db.backends.sqlite3", "NAME": str(place)}, keep_seconds=60)

    assert place.parent.is_dir()
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]


def test_postgresql_keeps_its_connections_and_what_the_address_says():
    address = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "smmprocess",
        "OPTIONS": {"sslmode": "require", "connect_timeout": 2, "options": "-c work_mem=64MB"},
    }

    found = database(address, keep_seconds=45)

    assert found == address | {
        "CONN_MAX_AGE": 45,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": PATIENCE
        | {
            "sslmode": "require",
            "connect_timeout": 2,
            "options": "-c idle_in_transaction_session_timeout=30s -c tcp_keepalives_idle=15s"
            " -c tcp_keepalives_interval=5s -c tcp_keepalives_count=3 -c tcp_user_timeout=30s"
            " -c work_mem=64MB",
        },
    }


def test_an_address_that_says_nothing_has_postgresql_be_no_more_patient_than_we_are():
    found = database({"ENGINE": "django.db.backends.postgresql"}, keep_seconds=45)

    assert found["OPTIONS"]["options"].endswith(" -c tcp_user_timeout=30s")


@pytest.mark.django_db
def test_the_application_is_told_within_a_minute_that_the_host_of_its_database_is_gone():
    """PostgreSQL's own names of the time-outs: a wrong one would be refused, not passed over."""
    if connection.vendor == "sqlite":
        assert "HOST" not in connection.get_connection_params()
        return
    connection.ensure_connection()
    info = connection.connection.info.get_parameters()

    known = {name: int(info[name]) for name in PATIENCE}

    assert known == PATIENCE
    silent = known["keepalives_idle"] + known["keepalives_count"] * known["keepalives_interval"]
    assert max(silent, known["tcp_user_timeout"] / 1000, known["connect_timeout"]) < 60


@pytest.mark.django_db
def test_postgresql_ends_what_a_frozen_worker_has_locked_long_before_its_lease_is_over(settings):
    if connection.vendor == "sqlite":
        assert "options" not in connection.get_connection_params()
        return

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, source, setting FROM pg_settings WHERE name = ANY(%s)",
            [list(SERVER_PATIENCE)],
        )
        in_force = {name: (source, int(setting)) for name, source, setting in cursor}

    assert {source for source, _setting in in_force.values()} == {"client"}
    _source, milliseconds = in_force["idle_in_transaction_session_timeout"]
    assert 0 < milliseconds / 1000 < settings.MESSAGE_LEASE.total_seconds() / 2
