"""Starting and stopping the sandbox, what it keeps in a file, and how much it can take."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from integrations.bitrix24.sandbox import running_sandbox
from integrations.bitrix24.sandbox.command_line import serve
from integrations.sandbox_running import StartError
from tests.integrations.bitrix24.sandbox_calls import (
    TIMEOUT,
    add_contact,
    find_sms,
    send_email,
    start_sms,
)

ROOT = Path(__file__).parents[3]


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the sandbox as a process of its own; give it and the address of its webhook."""
    command = [sys.executable, "-m", "integrations.bitrix24.sandbox", "--port", "0", *options]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(3)]
        yield process, lines[1].removeprefix("BITRIX24_WEBHOOK_URL=")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_sandbox_stops_cleanly(tmp_path, stop):
    with started("--state", str(tmp_path / "state"), "--seed", "2") as (process, url):
        answer = requests.post(url + "crm.contact.list", json={}, timeout=TIMEOUT)
        assert answer.json()["total"] == 2

        process.send_signal(stop)

        assert process.communicate(timeout=TIMEOUT) == ("", "")
        assert process.returncode == 0


def test_the_options_set_the_portal_up():
    options = ["--webhook-secret", "other", "--user-id", "7", "--burst", "2", "--drain", "0"]
    faulty = ["--fault", "html:method=scope", "--no-bizproc", "--no-leads", "--not-admin"]
    with started(*options, *faulty) as (_, url):
        assert url.endswith("/rest/7/other/")
        statuses = [
            requests.post(url + name, json={}, timeout=TIMEOUT).status_code
            for name in ("scope", "bizproc.workflow.start", "profile")
        ]

    assert statuses == [502, 403, 503]


@pytest.mark.parametrize(
    ("option", "value", "text"),
    [
        ("--fault", "flood", "“flood” is not a fault."),
        ("--latency", "soon", "“soon” is not a latency."),
        ("--port", "70000", "Port 70000 cannot be used:"),
        ("--state", "/", "The state file / cannot be used:"),
    ],
)
def test_a_wrong_option_is_explained(option, value, text):
    command = [sys.executable, "-m", "integrations.bitrix24.sandbox", option, value]

    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT)

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith(text)
    assert "Traceback" not in finished.stderr


def test_a_port_that_is_taken_is_named():
    with running_sandbox() as sandbox:
        port = int(sandbox.url.rpartition(":")[2])

        with pytest.raises(StartError, match=f"Port {port} cannot be used"):
            serve(port)


def test_at_a_port_used_before_the_sandbox_that_runs_now_is_asked():
    def ask(sandbox, connections):
        connections.get(f"{sandbox.webhook_url}profile", timeout=TIMEOUT)
        return sandbox.portal.statistics.methods["profile"]

    with requests.Session() as connections:
        with running_sandbox() as first:
            port = int(first.url.rpartition(":")[2])
            assert ask(first, connections) == 1

        with running_sandbox(port=port) as second:
            assert ask(second, connections) == 1


def test_the_sandbox_needs_no_django():
    code = "import sys, integrations.bitrix24.sandbox; print('django' in sys.modules)"
    command = [sys.executable, "-c", code]

    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT)

    assert finished.stdout == "False\n"


def test_what_was_sent_is_known_after_a_restart(tmp_path):
    state = tmp_path / "state"
    with running_sandbox(state=state) as sandbox:
        contact_id = add_contact(sandbox)
        start_sms(sandbox, contact_id)
        send_email(sandbox, contact_id)
        before = sandbox.sent

    with running_sandbox(state=state, people=5) as sandbox:
        assert sandbox.sent == before
        assert len(find_sms(sandbox, contact_id)) == 1
        assert add_contact(sandbox) == contact_id + 1
        ids = [item["ID"] for row in sandbox.portal.contacts.rows.values() for item in row["FM"]]
        assert len(ids) == len(set(ids)) == 4


def test_what_is_deleted_stays_deleted_after_a_restart(tmp_path):
    state = tmp_path / "state"
    with running_sandbox(state=state) as sandbox:
        start_sms(sandbox, add_contact(sandbox))

    with running_sandbox(state=state) as sandbox:
        sandbox.portal.reset()

    with running_sandbox(state=state) as sandbox:
        assert (sandbox.sent, len(sandbox.portal.contacts.rows)) == ([], 1)


def test_changes_are_saved_while_running(tmp_path):
    state = tmp_path / "state"
    with running_sandbox(state=state) as sandbox:
        add_contact(sandbox)
        deadline = time.monotonic() + TIMEOUT
        while sandbox.portal.contacts.changed and time.monotonic() < deadline:
            time.sleep(0.02)

        with running_sandbox(state=state) as restarted:
            assert len(restarted.portal.contacts.rows) == 1


def test_made_up_people_are_the_same_every_time():
    with running_sandbox(people=30) as first, running_sandbox(people=30) as second:
        assert first.portal.contacts.rows.keys() == second.portal.contacts.rows.keys()
        people = [row["FM"][0]["VALUE"] for row in first.portal.contacts.rows.values()]
        assert people == [row["FM"][0]["VALUE"] for row in second.portal.contacts.rows.values()]
        assert len(set(people)) == 30
        assert len(first.portal.leads.rows) == 30


def test_full_batches_from_many_connections_are_all_carried_out():
    with running_sandbox(burst=1000, people=50) as sandbox:
        commands = {
            f"m_{number}": f"bizproc.workflow.start?TEMPLATE_ID=2&DOCUMENT_ID[0]=crm"
            f"&DOCUMENT_ID[1]=CCrmDocumentContact&DOCUMENT_ID[2]=CONTACT_{number}"
            "&PARAMETERS[sms_text]=See%20you%20soon."
            for number in range(1, 51)
        }
        url = sandbox.webhook_url + "batch"
        counts: list[int] = []

        def send() -> None:
            with requests.Session() as session:
                for _ in range(10):
                    answer = session.post(url, json={"cmd": commands}, timeout=60).json()
                    counts.append(len(answer["result"]["result"]))

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert counts == [50] * 40
        assert len(sandbox.sent) == 2000
        assert len(sandbox.portal.activities.rows) == 2000
