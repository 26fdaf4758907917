"""Both kinds of database keep what they promised."""

import pytest
from django.db import connection

from smmprocess.databases import PATIENCE, database


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
        "OPTIONS": {"sslmode": "require", "connect_timeout": 2},
    }

    found = database(address, keep_seconds=45)

    assert found == address | {
        "CONN_MAX_AGE": 45,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": PATIENCE | {"sslmode": "require", "connect_timeout": 2},
    }


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
