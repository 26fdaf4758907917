"""The management command is the same sandbox, and stops when told."""

import signal
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from integrations.ga4 import open_client
from integrations.ga4.errors import NoAccessError
from integrations.ga4.reports import Flags

ROOT = Path(__file__).parents[3]
TIMEOUT = 30
DAY = date(2025, 11, 17)


def test_the_command_runs_the_sandbox_until_it_is_stopped():
    options = ["--property", "4711", "--time-zone", "America/New_York", "--other-row"]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "ga4_sandbox", "--port", "0", "--fault=permission", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        greeting = [process.stdout.readline().strip() for _ in range(2)]
        endpoint = greeting[1].removeprefix("GA4_ENDPOINT=")
        with open_client("4711", endpoint=endpoint) as client:
            with pytest.raises(NoAccessError):
                client.daily(DAY, DAY)
            daily = client.daily(DAY, DAY)
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=TIMEOUT)
    finally:
        process.kill()
        process.wait()

    assert greeting[0] == "GA4_PROPERTY_ID=4711"
    assert [total.day for total in daily.totals] == [DAY]
    assert (daily.time_zone, daily.flags) == ("America/New_York", Flags(other_row=True))
    assert (process.returncode, output) == (0, ("", ""))


def test_the_command_says_that_a_port_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} cannot be used"):
            call_command("ga4_sandbox", "--port", str(port))
