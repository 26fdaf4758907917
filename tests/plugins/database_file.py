"""SQLite tests run on a file, as the application does, so that real workers can share it."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Name the test database's file; pytest-django adds the xdist worker's number."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        directory = tempfile.mkdtemp(prefix="smmprocess-tests-")
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        database.setdefault("TEST", {})["NAME"] = f"{directory}/test.sqlite3"


@pytest.fixture
def shared_database_url(transactional_db: None) -> Iterator[str]:
    """Give the test database's URL to other processes; what the test saves, they see."""
    from django.db import connection

    database = connection.settings_dict
    if connection.vendor == "sqlite":
        yield f"sqlite:///{Path(database['NAME'])}"
    else:
        yield "postgres://{USER}@{HOST}:{PORT}/{NAME}".format(**database)
