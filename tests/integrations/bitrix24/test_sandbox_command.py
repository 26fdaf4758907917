"""The management command is the same sandbox, with Django's ways of refusing."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parents[3]
TIMEOUT = 30


def test_the_command_runs_the_sandbox_until_it_is_stopped():
    command = [sys.executable, "manage.py", "bitrix24_sandbox", "--port", "0", "--seed", "3"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        greeting = [process.stdout.readline().strip() for _ in range(3)]
        url = greeting[1].removeprefix("BITRIX24_WEBHOOK_URL=")
        answer = requests.post(url + "crm.contact.list", json={}, timeout=TIMEOUT)
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=TIMEOUT)
    finally:
        process.kill()
        process.wait()

    assert greeting[2] == "Ctrl-C stops it."
    assert answer.json()["total"] == 3
    assert (process.returncode, output) == (0, ("", ""))


def test_the_command_explains_a_wrong_option():
    with pytest.raises(CommandError, match="“flood” is not a fault"):
        call_command("bitrix24_sandbox", "--fault", "flood")
