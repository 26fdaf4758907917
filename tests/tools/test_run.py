"""`make run` as a visitor has it, in a copy of the project beside what may run here already."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.processes import running, wait_until

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]
TOO_LATE_SECONDS = 60
FROM_OUTSIDE = ("DEBUG", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "STATIC_ROOT")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Copy what a fresh clone would hold."""
    copy = tmp_path_factory.mktemp("project")
    listing = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
    )
    for name in listing.splitlines():
        if not name.startswith("tests/") and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    return copy


@pytest.fixture
def visitor(project):
    """Give the environment of a visitor, who has set nothing."""
    unset = (*FROM_OUTSIDE, "BITRIX24_WEBHOOK_URL", "PORT", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if name not in unset} | {
        "PYTHONPATH": str(project)
    }


def make_run(project):
    start = f"import os, runpy; os.chdir({str(project)!r}); "
    return [sys.executable, "-c", f"{start}runpy.run_module('tools.run', run_name='__main__')"]


def child(process, word):
    """Find the running part of the system whose command line holds the word."""
    return next(
        (
            candidate
            for candidate in psutil.Process(process.pid).children(recursive=True)
            if word in command_line(candidate)
        ),
        None,
    )


def command_line(process):
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # also a dead one that its parent has not noticed yet
        return ""


def status(address):
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_one_command_starts_everything_restarts_who_dies_and_stops_it_all(project, visitor):
    with running("run", make_run(project), visitor) as run:
        run.wait_for_output("Ctrl-C stops everything", seconds=TOO_LATE_SECONDS)
        (application,) = re.findall(r"The application +(http://\S+)", run.output())
        (sandbox,) = re.findall(r"Sandbox Bitrix24 +(http://\S+)", run.output())
        for address in (f"{application}accounts/login/", f"{application}static/smm.js", sandbox):
            assert status(address) == 200, run.output()

        again = subprocess.run(
            make_run(project), env=visitor, capture_output=True, text=True, timeout=30
        )
        assert again.returncode == 1
        assert f"It already runs here: {application.rstrip('/')}." in again.stdout

        named = ("redis", "bitrix24_sandbox", "ga4_sandbox", "gunicorn", "beat", "watch")
        parts = [child(run.process, part) for part in named]
        assert None not in parts
        wait_until(lambda: child(run.process, "celery"), "the worker runs", run)
        killed = child(run.process, "--concurrency")
        killed.kill()
        wait_until(
            lambda: (worker := child(run.process, "--concurrency")) and worker.pid != killed.pid,
            "the worker runs again",
            run,
            seconds=5,
        )
        everything = psutil.Process(run.process.pid).children(recursive=True)
        assert len(everything) >= 7

        run.process.terminate()
        run.process.wait(timeout=15)

        assert run.process.returncode == 0
        assert psutil.wait_procs(everything, timeout=1)[1] == []
    assert (project / "var" / "smmprocess.sqlite3").exists()


def test_a_port_that_was_asked_for_and_is_taken_is_named(project, visitor):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]

        result = subprocess.run(
            make_run(project),
            env=visitor | {"PORT": str(taken)},
            capture_output=True,
            text=True,
            timeout=30,
        )

    assert result.returncode == 1
    assert f"Port {taken} (PORT) is taken by another program." in result.stdout
