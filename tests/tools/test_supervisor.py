"""The supervisor of `make run`, with real processes that die, hang and start others."""

import io
import os
import signal
import sys
import threading
import time
from functools import partial

import psutil
import pytest

from tests.processes import wait_until
from tools.ports import free_port
from tools.supervisor import Service, Supervisor

pytestmark = pytest.mark.processes

SLEEP = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP
PARENT = (
    "import subprocess, sys; "
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print(f'child {child.pid}', flush=True); child.wait()"
)


def python(code):
    return [sys.executable, "-c", code]


@pytest.fixture
def supervise():
    """Make a supervisor; after the test nothing of it runs and the signals are as they were."""
    before = {number: signal.getsignal(number) for number in (2, 15, 1)}
    made = []

    def make(*services):
        made.append(Supervisor(list(services), dict(os.environ)))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop_all()
    for number, handler in before.items():
        signal.signal(number, handler)


class Screen(io.StringIO):
    """What is printed from any thread; unlike a capture, nothing is lost while it is read."""

    def wait_for(self, text, seconds=30):
        """Wait until a text has been printed, and return everything so far."""
        deadline = time.monotonic() + seconds
        while text not in self.getvalue():
            assert time.monotonic() < deadline, f"{text!r} is not in:\n{self.getvalue()}"
            time.sleep(0.05)
        return self.getvalue()


@pytest.fixture
def screen(monkeypatch):
    screen = Screen()
    monkeypatch.setattr("tools.supervisor.print", partial(print, file=screen), raising=False)
    return screen


def in_background(supervisor):
    thread = threading.Thread(target=supervisor.keep_running)
    thread.start()
    return thread


def test_who_is_killed_is_started_again_and_a_signal_ends_it(supervise, screen):
    service = Service("worker", python(SLEEP))
    supervisor = supervise(service)
    assert supervisor.start_all()
    screen.wait_for("worker │ up")
    first = service.process
    loop = in_background(supervisor)

    os.kill(first.pid, signal.SIGKILL)

    screen.wait_for("worker │ was ended by SIGKILL; it is started again at once.")
    wait_until(lambda: screen.getvalue().count("worker │ up") == 2, "it is up again")
    assert service.process.pid != first.pid

    signal.raise_signal(signal.SIGTERM)
    loop.join(timeout=5)
    assert not loop.is_alive()


def test_who_dies_again_and_again_is_started_ever_more_slowly():
    service = Service("worker", [])
    service.started = 1000

    assert [service.pause(now=1001) for _ in range(8)] == [0, 1, 2, 4, 8, 16, 30, 30]
    assert service.pause(now=1011) == 0


def test_who_does_not_listen_is_killed_after_five_seconds(supervise, screen):
    service = Service("deaf", python(DEAF))
    supervisor = supervise(service)
    supervisor.start_all()
    screen.wait_for("deaf │ up")
    begun = time.monotonic()

    supervisor.stop_all()

    assert 5 <= time.monotonic() - begun < 8
    assert service.process.returncode == -signal.SIGKILL
    assert "did not stop in time and is killed." in screen.getvalue()


def test_what_a_service_started_itself_is_stopped_too(supervise, screen):
    supervisor = supervise(Service("parent", python(PARENT)))
    supervisor.start_all()
    line = screen.wait_for("child ")
    child = psutil.Process(int(line.split("child ")[1].split()[0]))

    supervisor.stop_all()

    psutil.wait_procs([child], timeout=5)
    assert not child.is_running()


def test_the_others_are_not_started_when_one_does_not_come_up(supervise, screen):
    broken = Service("redis", python("print('no memory'); raise SystemExit(1)"), port=free_port())
    worker = Service("worker", python(SLEEP))
    supervisor = supervise(broken, worker)

    assert not supervisor.start_all()

    assert worker.process is None
    assert "did not start; the lines above say why." in screen.wait_for("did not start")


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux ends a process with its parent.")
def test_services_end_with_a_supervisor_that_is_killed():
    code = (
        "import os, sys, time; from tools.supervisor import Service, Supervisor; "
        f"service = Service('sleeper', [sys.executable, '-c', {SLEEP!r}]); "
        "Supervisor([service], dict(os.environ)).start_all(); time.sleep(1); "
        "print(f'pid {service.process.pid}', flush=True); time.sleep(60)"
    )
    supervisor = psutil.Popen(python(code), stdout=-1, text=True)
    line = next(line for line in supervisor.stdout if line.startswith("pid "))
    service = psutil.Process(int(line.split()[1]))

    supervisor.kill()
    supervisor.communicate()

    psutil.wait_procs([service], timeout=5)
    assert not service.is_running()
