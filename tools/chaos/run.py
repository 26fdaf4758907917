"""One run, in its own process: `python -m tools.chaos.run SCENARIO ANSWER TEMPLATES KEPT`.

The database is made first, since Django reads where it is when it is set up.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import django

from tools.chaos.scenario import Scenario
from tools.postgres_server import PostgresServer, postgres_server


def main() -> None:
    scenario_file, answer_file, templates, kept = map(Path, sys.argv[1:])
    scenario = Scenario.from_fields(json.loads(scenario_file.read_text()))
    with (
        tempfile.TemporaryDirectory(dir=kept.parent) as directory,
        _database(scenario.database, templates, Path(directory)) as (url, postgres),
    ):
        os.environ["DATABASE_URL"] = url
        os.environ["EMAIL_CHANNEL"] = scenario.route
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smmprocess.settings")
        django.setup()
        fire = import_module("tools.chaos.fire")
        verdict = fire.run(scenario, url, postgres, Path(directory), kept)
    answer_file.write_text(json.dumps(asdict(verdict)))


@contextmanager
def _database(
    name: str, templates: Path, directory: Path
) -> Iterator[tuple[str, PostgresServer | None]]:
    """Give a migrated database without data, that this run may kill."""
    if name == "sqlite":
        path = directory / "database.sqlite3"
        shutil.copy(templates / "empty.sqlite3", path)
        yield f"sqlite:///{path}", None
    else:
        with postgres_server(is_durable=True, copy_of=templates / "postgresql") as server:
            yield server.url("empty"), server


if __name__ == "__main__":
    main()
