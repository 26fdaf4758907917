"""Run several programs under one log: restart who dies, stop all together, leave nobody behind."""

import itertools
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from types import FrameType

from tools.die_with_parent import with_parent
from tools.ports import wait_until_it_answers
from tools.progress import coloured

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TERMINATE_SECONDS = 5
START_SECONDS = 60
LONG_LIFE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 30
LOOK_SECONDS = 0.1
COLOURS = (36, 33, 35, 32, 34)


@dataclass
class Service:
    """A program that is kept running."""

    name: str
    command: list[str]
    # The port it listens on; those started after it may count on it.
    port: int | None = None
    # What others need while they stop is stopped after them.
    stops_last: bool = False
    process: subprocess.Popen[str] | None = field(default=None, init=False)
    started: float = field(default=0, init=False)
    restart_at: float | None = field(default=None, init=False)
    deaths_in_a_row: int = field(default=0, init=False)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal to the program and all that it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return  # it ended by itself in the meantime

    def pause(self, now: float) -> float:
        """Count a death; return the seconds to wait: none after a long life, else ever more."""
        if now - self.started > LONG_LIFE_SECONDS:
            self.deaths_in_a_row = 0
        self.deaths_in_a_row += 1
        if self.deaths_in_a_row == 1:
            return 0
        return min(2.0 ** (self.deaths_in_a_row - 2), LONGEST_PAUSE_SECONDS)


class Log:
    """One log for all: time, who, what."""

    def __init__(self, names: list[str]) -> None:
        self._width = max(map(len, names), default=0)
        self._colours = dict(zip(names, itertools.cycle(COLOURS), strict=False))
        self._lock = threading.Lock()
        self.is_lost = False

    def write(self, name: str, text: str) -> None:
        label = f"{time.strftime('%H:%M:%S')} {name:{self._width}} │"
        try:
            with self._lock:
                print(coloured(label, self._colours[name]), text, flush=True)
        except OSError:
            self.is_lost = True  # the terminal, or the program we were piped into, is gone


class Supervisor:
    """Start the services in order and keep them running until a signal comes."""

    def __init__(self, services: list[Service], environment: dict[str, str]) -> None:
        self.services = services
        self.log = Log([service.name for service in services])
        self._environment = environment
        self._signals = 0

    def start_all(self) -> bool:
        """Start all, each after those it may count on; False when one did not come up."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._count_signal)
        for service in self.services:
            self._start(service)
            if service.port is not None and not self._comes_up(service):
                return False
        return True

    def keep_running(self) -> None:
        """Restart whoever dies, until a signal comes or the log is lost."""
        while not self._signals and not self.log.is_lost:
            for service in self.services:
                self._look_after(service, time.monotonic())
            time.sleep(LOOK_SECONDS)

    def stop_all(self) -> None:
        """Stop all: those that need the others first. A second Ctrl-C waits for nobody."""
        self._stop([service for service in self.services if not service.stops_last])
        self._stop([service for service in self.services if service.stops_last])

    def _count_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _start(self, service: Service) -> None:
        service.process = subprocess.Popen(
            with_parent(*service.command),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            process_group=0,
        )
        service.started = time.monotonic()
        service.restart_at = None
        reader = threading.Thread(
            target=self._copy_output, args=(service.name, service.process), daemon=True
        )
        reader.start()

    def _copy_output(self, name: str, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                if line.strip():
                    self.log.write(name, line.rstrip())

    def _comes_up(self, service: Service) -> bool:
        assert service.port is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and service.is_running() and not self._signals:
            if wait_until_it_answers(service.port, seconds=0.5):
                return True
        if not self._signals:
            self.log.write(service.name, coloured("did not start; the lines above say why.", 31))
        return False

    def _look_after(self, service: Service, now: float) -> None:
        if service.restart_at is not None:
            if now >= service.restart_at:
                self._start(service)
        elif service.process is not None and not service.is_running():
            service.signal(signal.SIGKILL)  # what it may have started itself
            pause = service.pause(now)
            service.restart_at = now + pause
            ending = _ending(service.process.returncode)
            when = f"in {pause:.0f} s" if pause else "at once"
            self.log.write(service.name, coloured(f"{ending}; it is started again {when}.", 31))

    def _stop(self, services: list[Service]) -> None:
        signals_before = self._signals
        for service in services:
            if service.is_running():
                service.signal(signal.SIGTERM)
        deadline = time.monotonic() + TERMINATE_SECONDS
        while time.monotonic() < deadline and self._signals == signals_before:
            if not any(service.is_running() for service in services):
                break
            time.sleep(LOOK_SECONDS)
        for service in services:
            if service.is_running():
                self.log.write(service.name, "did not stop in time and is killed.")
            service.signal(signal.SIGKILL)
            if service.process is not None:
                service.process.wait()


def _ending(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
