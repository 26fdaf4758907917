"""Google's library, and what draws PDF: nothing of them is loaded before it is needed."""

import os
import subprocess
import sys
from datetime import date

import pytest

from integrations.ga4.sandbox import Property, running_sandbox
from tests.processes import wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(__file__))))
LOADED = """
import sys
import {module}
{more}
heavy = ("grpc", "google.analytics", "fpdf")
print([name for name in sys.modules if name.startswith(heavy)])
"""


@pytest.mark.parametrize(
    ("module", "more"),
    [
        ("smmprocess.wsgi", "import smmprocess.urls"),
        (
            "smmprocess.celery",
            "import django; django.setup(); smmprocess.celery.app.loader.import_default_modules()",
        ),
    ],
    ids=["web", "worker and beat"],
)
def test_no_process_that_forks_has_it(module, more):
    code = LOADED.format(module=module, more=more)
    environment = {**os.environ, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "smmprocess.settings"}

    output = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert output.stdout.splitlines()[-1] == "[]"


@pytest.mark.processes
def test_prefork_workers_read_in_every_child(tmp_path, redis_url):
    """Twenty tasks over four processes that are replaced after each: each opens a client."""
    tasks = tmp_path / "reading_tasks.py"
    tasks.write_text(READING_TASKS)
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}", "BROKER": redis_url}
    with running_sandbox(Property(today=date(2026, 11, 26))) as sandbox:
        environment["GA4_ENDPOINT"] = sandbox.endpoint
        environment["RESULTS"] = str(tmp_path)
        command = [sys.executable, "-m", "celery", "-A", "reading_tasks", "worker"]
        options = ["-P", "prefork", "-c", "4", "--max-tasks-per-child=1", "-l", "WARNING"]
        worker = subprocess.Popen([*command, *options], env=environment, start_new_session=True)
        try:
            sender = [sys.executable, "-c", "import reading_tasks; reading_tasks.send(20)"]
            subprocess.run(sender, env=environment, check=True)

            wait_until(lambda: len(read(tmp_path)) == 20, "all have read", seconds=60)
        finally:
            os.killpg(worker.pid, 9)
            worker.wait()

    assert len({process for process, _rows in read(tmp_path)}) == 20
    assert {rows for _process, rows in read(tmp_path)} == {"3"}


def read(folder):
    return [path.read_text().split() for path in folder.glob("*.read")]


READING_TASKS = """
import os
from datetime import date
from celery import Celery

app = Celery("reading", broker=os.environ["BROKER"])
app.conf.task_ignore_result = True
app.conf.task_default_queue = "reading"

@app.task
def read(number):
    from integrations.ga4 import open_client
    with open_client("123456789", endpoint=os.environ["GA4_ENDPOINT"], timeout=10) as client:
        daily = client.daily(date(2026, 11, 16), date(2026, 11, 18))
    path = os.path.join(os.environ["RESULTS"], f"{number}.part")
    with open(path, "w") as file:
        file.write(f"{os.getpid()} {len(daily.totals)}")
    os.rename(path, path.replace(".part", ".read"))

def send(count):
    for number in range(count):
        read.delay(number)
"""
