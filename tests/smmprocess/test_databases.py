"""Both kinds of database keep what they promised."""

from smmprocess.databases import database


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
        "OPTIONS": {"sslmode": "require"},
    }

    assert database(address, keep_seconds=45) == {
        **address,
        "CONN_MAX_AGE": 45,
        "CONN_HEALTH_CHECKS": True,
    }
