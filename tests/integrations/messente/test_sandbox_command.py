"""The management command is the same sandbox, and stops when told."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from integrations.messente.client import Messente
from integrations.outcomes import Unclear

ROOT = Path(__file__).parents[3]
TIMEOUT = 30


def test_the_command_runs_the_sandbox_until_it_is_stopped():
    options = ["--port", "0", "--sender", "BVK", "--reports", "none", "--fault", "500"]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "messente_sandbox", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        greeting = [process.stdout.readline().strip() for _ in range(2)]
        url = greeting[1].removeprefix("MESSENTE_API_URL=")
        client = Messente("sandbox-user", "sandbox-password", url)
        outcome = client.send_sms(
            to="+37120000001", text="Sākam!", sender="BVK", minutes=5, report_url=""
        )
        blacklist = client.blacklist()
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=TIMEOUT)
    finally:
        process.kill()
        process.wait()

    assert isinstance(outcome, Unclear)
    assert blacklist == frozenset()
    assert (process.returncode, output) == (0, ("", ""))


def test_the_command_says_that_a_port_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} cannot be used"):
            call_command("messente_sandbox", "--port", str(port))
