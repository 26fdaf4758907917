"""`make chaos`: the whole system is killed at random moments, again and again, and then judged.

Every run has a fresh database, a Redis, a sandbox Bitrix24, a mail server, web, two workers and
beat of its own. In every fourth e-mail goes by SMTP, to that server, which misbehaves. In some a
worker stands still for longer than its lease, in some the event is cancelled meanwhile.
Nobody may be missed, nobody written to twice, and nothing may be stuck once all are back; by SMTP,
which cannot be asked, what had been begun may be left to a person. What happens when follows from
the run's seed: `--seed N --runs 1` makes one run again.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tools.bench.databases import migrate
from tools.chaos.report import Run, line, table
from tools.chaos.scenario import DATABASES, ROUTES, Scenario
from tools.chaos.verdict import Verdict
from tools.postgres_server import postgres_server

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "var" / "chaos"
PEOPLE = 200
LONGEST_RUN_SECONDS = 600


def main() -> int:
    options = _options()
    FOLDER.mkdir(parents=True, exist_ok=True)
    _set_environment()
    with tempfile.TemporaryDirectory(dir=FOLDER) as name:
        directory = Path(name)
        os.environ["STATIC_ROOT"] = str(directory / "static")
        _make_templates(directory, options.databases)
        runs: list[Run] = []
        scenarios = list(_scenarios(options))
        with ThreadPoolExecutor(options.jobs) as side_by_side:
            made = side_by_side.map(partial(_run, directory=directory), scenarios)
            for scenario, verdict in zip(scenarios, made, strict=True):
                runs.append((scenario, verdict))
                print(line(scenario, verdict), flush=True)
    print(table(runs))
    return 0 if all(verdict is not None and verdict.is_good for _, verdict in runs) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first run; the next has the next"
    )
    parser.add_argument("--seeds", default="", help="these instead, with commas")
    parser.add_argument("--databases", default=",".join(DATABASES), help="taken in turn")
    parser.add_argument("--by", default="", choices=("", *ROUTES), help="in all, not only in turn")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--jobs", type=int, default=2, help="runs at once: they mostly wait")
    options = parser.parse_args()
    options.databases = options.databases.split(",")
    if unknown := set(options.databases) - set(DATABASES):
        parser.error(f"There is no database {', '.join(sorted(unknown))}.")
    return options


def _scenarios(options: argparse.Namespace) -> Iterable[Scenario]:
    first = options.seed
    seeds = [int(seed) for seed in options.seeds.split(",") if seed]
    for seed in seeds or range(first, first + options.runs):
        database = options.databases[seed % len(options.databases)]
        yield Scenario.drawn(seed, database, options.people, options.by)


def _set_environment() -> None:
    """Leave out what a developer's .env says: runs write to nobody and touch no other database."""
    os.environ |= {
        "DEBUG": "0",
        "SECRET_KEY": "only-for-chaos",
        "EMAIL_URL": "dummymail://",
        "BITRIX24_WEBHOOK_URL": "",
        "CHECK_ROOM_LINK": "0",
        "SITE_URL": "http://localhost:8000",
        # Celery's advice against running as root; nothing here listens beyond this machine.
        "PYTHONWARNINGS": "ignore:You're running the worker",
    }


def _make_templates(directory: Path, databases: list[str]) -> None:
    """Prepare what every run copies: migrated databases, and the web server's static files."""
    if "sqlite" in databases:
        migrate(f"sqlite:///{directory / 'empty.sqlite3'}")
    if "postgresql" in databases:
        with postgres_server() as server:
            migrate(server.create_database("empty"))
            server.stop()
            subprocess.run(["cp", "-pR", server.data, directory / "postgresql"], check=True)
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, check=True)


def _run(scenario: Scenario, directory: Path) -> Verdict | None:
    """Make one run in a process of its own; nothing if it could not be made at all."""
    name = f"{scenario.database}-{scenario.seed}"
    planned, answer = directory / f"{name}.json", directory / f"{name}-answer.json"
    planned.write_text(json.dumps(scenario.as_fields()))
    kept = FOLDER / name
    shutil.rmtree(kept, ignore_errors=True)
    files = map(str, (planned, answer, directory, kept))
    command = [sys.executable, "-m", "tools.chaos.run", *files]
    try:
        subprocess.run(command, cwd=ROOT, timeout=LONGEST_RUN_SECONDS)
    except subprocess.TimeoutExpired as error:
        print(error, file=sys.stderr)
    return Verdict(**json.loads(answer.read_text())) if answer.exists() else None


if __name__ == "__main__":
    sys.exit(main())
