"""Real processes for tests that need them: Redis, PostgreSQL, workers, beat, the web server.

    with redis_server() as redis, worker(environment(url, redis.url)) as first:
        first.kill9()

What a process prints goes to a file; a wait that fails shows its end.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.die_with_parent import with_parent
from tools.ports import HOST, free_port, wait_until_it_answers
from tools.postgres_server import PostgresServer, postgres_server
from tools.redis_server import redis_command

__all__ = [
    "PostgresServer",
    "RunningProcess",
    "beat",
    "beat_command",
    "environment",
    "manage",
    "postgres_server",
    "redis_server",
    "running",
    "sandbox",
    "wait_until",
    "web",
    "web_command",
    "worker",
    "worker_command",
]

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
START_SECONDS = 60
STOP_SECONDS = 10
SHOWN_LINES = 60


def environment(database_url: str, redis_url: str, **variables: str) -> dict[str, str]:
    """Return the settings that the processes of one test share."""
    return os.environ | {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",
        **variables,
    }


@dataclass
class RunningProcess:
    """A process of the system, its log, and how to end it nicely or not."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    port: int = 0
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    @property
    def url(self) -> str:
        scheme = "redis" if self.name == "redis" else "http"
        return f"{scheme}://{HOST}:{self.port}"

    def start(self) -> None:
        """Start it; also again, after it was ended."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                with_parent(*self.command),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def is_running(self) -> bool:
        return self.process.poll() is None

    def kill9(self) -> None:
        """End it as a power cut would, with all that it started."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        """Let it stand still as a machine does that is moved or has no memory left."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on, as if nothing had been."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it as an administrator would; by force if it does not listen."""
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill9()

    def wait_for_output(self, text: str, *, seconds: float = START_SECONDS) -> None:
        wait_until(lambda: text in self.output(), f"it prints {text!r}", self, seconds=seconds)

    def wait_for_port(self, *, seconds: float = START_SECONDS) -> None:
        wait_until(
            lambda: wait_until_it_answers(self.port, seconds=0.2),
            f"port {self.port} answers",
            self,
            seconds=seconds,
        )

    def _signal(self, number: int) -> None:
        if self.is_running():
            os.killpg(self.process.pid, number)


def wait_until(
    condition: Callable[[], object],
    what: str,
    *processes: RunningProcess,
    seconds: float = 30,
) -> None:
    """Wait for a condition; fail at once when a process it depends on has ended."""
    deadline = time.monotonic() + seconds
    while not condition():
        ended = [process.name for process in processes if not process.is_running()]
        if ended or time.monotonic() > deadline:
            reason = f"{', '.join(ended)} ended" if ended else f"{seconds} s have passed"
            logs = "".join(_end_of_log(process) for process in processes)
            raise AssertionError(f"Waited until {what}, but {reason}.{logs}")
        time.sleep(0.02)


def _end_of_log(process: RunningProcess) -> str:
    lines = process.output().splitlines()[-SHOWN_LINES:]
    return "\n".join([f"\n--- {process.name} (code {process.process.poll()}) ---", *lines])


@contextmanager
def running(
    name: str, command: list[str], variables: dict[str, str], *, port: int = 0
) -> Iterator[RunningProcess]:
    """Run a command until the block ends; with a port, from when it answers."""
    with tempfile.TemporaryDirectory(prefix=f"smmprocess-{name}-") as directory:
        started = RunningProcess(name, command, variables, Path(directory) / "log", port)
        try:
            if port:
                started.wait_for_port()
            yield started
        finally:
            started.stop()


@contextmanager
def redis_server(*, keep: bool = True) -> Iterator[RunningProcess]:
    """Run a Redis of the test's own, to be killed at will; without `keep` its data is lost then."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="smmprocess-redis-") as directory:
        command = redis_command(port, Path(directory), keep=keep)
        with running("redis", command, dict(os.environ), port=port) as server:
            yield server


def worker_command(name: str = "worker", *options: str, concurrency: int = 16) -> list[str]:
    """Return the command of a Celery worker, as `make run` has it."""
    return [
        *(str(BIN / "celery"), "-A", "smmprocess", "worker", "--loglevel", "INFO"),
        *("--pool", "threads", "--concurrency", str(concurrency), "--hostname", f"{name}@test"),
        *("--without-mingle", "--without-gossip", *options),
    ]


def beat_command(*options: str) -> list[str]:
    """Return the command of Celery's beat, as `make run` has it."""
    return [
        *(str(BIN / "celery"), "-A", "smmprocess", "beat", "--loglevel", "INFO"),
        *("--max-interval", "1", *options),
    ]


def web_command(port: int, *options: str) -> list[str]:
    """Return the command of the web server."""
    return [
        *(str(BIN / "gunicorn"), "smmprocess.wsgi", "--bind", f"{HOST}:{port}"),
        *("--threads", "4", "--no-control-socket", "--graceful-timeout", "3", *options),
    ]


@contextmanager
def worker(
    variables: dict[str, str], *options: str, name: str = "worker", concurrency: int = 16
) -> Iterator[RunningProcess]:
    """Run a Celery worker from when it takes tasks."""
    command = worker_command(name, *options, concurrency=concurrency)
    with running(name, command, variables) as started:
        started.wait_for_output(f"{name}@test ready.")
        yield started


@contextmanager
def beat(variables: dict[str, str], *options: str) -> Iterator[RunningProcess]:
    """Run Celery's beat from when it keeps time."""
    with running("beat", beat_command(*options), variables) as started:
        started.wait_for_output("beat: Starting...")
        yield started


@contextmanager
def web(variables: dict[str, str], *options: str) -> Iterator[RunningProcess]:
    """Run the web server on a free port, from when a page comes."""
    port = free_port()
    with running("web", web_command(port, *options), variables, port=port) as started:
        wait_until(
            lambda: _answers(f"{started.url}/healthz"), "/healthz answers", started, seconds=60
        )
        yield started


@contextmanager
def sandbox(variables: dict[str, str], *options: str) -> Iterator[RunningProcess]:
    """Run the sandbox Bitrix24 on a free port."""
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "bitrix24_sandbox", "--port", str(port)]
    with running("sandbox", [*command, *options], variables, port=port) as started:
        yield started


def manage(variables: dict[str, str], *arguments: str) -> str:
    """Run a management command to its end and return what it printed."""
    result = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def _answers(url: str) -> bool:
    """Say whether a server answers at all; what it answers is for the test to judge."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        return False
    return True
