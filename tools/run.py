"""`make run`: the whole system on this machine, with demo data and sandboxes.

Everything that it keeps is under `var/`. Settings that are given, in the environment or in `.env`,
are kept: with a `REDIS_URL` no Redis is started, with a `BITRIX24_WEBHOOK_URL` no sandbox Bitrix24,
with a `GA4_PROPERTY_ID` no sandbox Google Analytics. The worker reads figures after the start.
"""

import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import environ

from tools.ports import HOST, PortTakenError, free_port, is_free
from tools.progress import coloured, step
from tools.redis_server import redis_command
from tools.supervisor import STOP_SIGNALS, Service, Supervisor

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
BIN = Path(sys.executable).parent
LEAD_DAYS = "731"
"""How far back the sandbox Bitrix24 has leads: past January of last year, where reading begins."""

MANAGE = [sys.executable, str(ROOT / "manage.py")]


class RunError(Exception):
    """The system cannot be started; the text says why and what to do."""


@dataclass(frozen=True)
class Ports:
    web: int
    sandbox: int
    analytics: int
    redis: int


def main() -> int:
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    os.chdir(ROOT)
    VAR.mkdir(exist_ok=True)
    try:
        with _only_one() as lock:
            return _run(lock)
    except (RunError, PortTakenError) as error:
        print(coloured(str(error), 31))
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0


def _run(lock: "Lock") -> int:
    # read_env keeps what the environment has already, so the caller comes before the file.
    environ.Env.read_env(ROOT / ".env")
    given = dict(os.environ)
    ports = _choose_ports(given)
    defaults = _defaults(ports)
    if not given.get("BITRIX24_WEBHOOK_URL"):
        defaults |= _sandbox_defaults(ports.sandbox)
    if not given.get("GA4_PROPERTY_ID"):
        defaults |= _analytics_defaults(ports.analytics)
    environment = given | {name: value for name, value in defaults.items() if not given.get(name)}
    lock.write(environment["SITE_URL"])
    accounts = _prepare(environment)
    supervisor = Supervisor(_services(ports, given), environment)
    try:
        if not supervisor.start_all():
            return 1
        print(_box(environment, accounts), flush=True)
        supervisor.keep_running()
    finally:
        print(coloured("Stopping…", 1), flush=True)
        supervisor.stop_all()
        print("Stopped; the data stays in var/.", flush=True)
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# One at a time ----------------------------------------------------------------------------------


class Lock:
    """A lock that goes with the process that holds it, however that ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a+")

    def take(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def write(self, address: str) -> None:
        self.path.write_text(json.dumps({"process": os.getpid(), "address": address}))


@contextmanager
def _only_one() -> Iterator[Lock]:
    lock = Lock(VAR / "run.lock")
    if not lock.take():
        holder = json.loads(lock.path.read_text() or "{}")
        raise RunError(
            f"It already runs here: {holder.get('address', 'it is just starting')}.\n"
            f"Stop it with Ctrl-C in its window, or: kill {holder.get('process', '')}"
        )
    lock.write("it is just starting")
    yield lock


# Settings ---------------------------------------------------------------------------------------


def _choose_ports(given: dict[str, str]) -> Ports:
    return Ports(
        web=_choose_port(given, "PORT", 8000),
        sandbox=_choose_port(given, "SANDBOX_PORT", 8024),
        analytics=_choose_port(given, "ANALYTICS_PORT", 8026),
        redis=_choose_port(given, "REDIS_PORT", 6390),
    )


def _choose_port(given: dict[str, str], name: str, preferred: int) -> int:
    """Take the port that was asked for, or fail; else the preferred one or one near it."""
    if name in given:
        asked = int(given[name])
        if not is_free(asked):
            raise PortTakenError(f"Port {asked} ({name}) is taken by another program.")
        return asked
    port = free_port(preferred)
    if port != preferred:
        print(f"Port {preferred} is taken by another program; {port} is used instead.")
    return port


def _defaults(ports: Ports) -> dict[str, str]:
    """Return the settings of a try-out on one machine."""
    return {
        # As in production, so that a visitor sees our own error pages.
        "DEBUG": "0",
        "STATIC_ROOT": str(VAR / "static"),
        "SECRET_KEY": _secret_key(),
        "SITE_URL": f"http://{HOST}:{ports.web}",
        "DATABASE_URL": f"sqlite:///{VAR}/smmprocess.sqlite3",
        "REDIS_URL": f"redis://{HOST}:{ports.redis}/0",
        "EMAIL_URL": f"filemail:///{VAR}/mail",
        "PYTHONUNBUFFERED": "1",
        # Threads share two heaps; one heap each would cost a busy worker some megabytes more.
        "MALLOC_ARENA_MAX": "2",
        # Celery's advice against running as root; nothing here listens beyond this machine.
        "PYTHONWARNINGS": "ignore:You're running the worker",
    }


def _sandbox_defaults(port: int) -> dict[str, str]:
    """Return what the sandbox's portal would tell its administrator."""
    return {
        "BITRIX24_WEBHOOK_URL": f"http://{HOST}:{port}/rest/1/sandbox-secret/",
        "BITRIX24_APPLICATION_TOKEN": "sandbox-application-token",
        "BITRIX24_SENDER": "info@college.example",
        # The workflow that sends a contact an SMS, and where the sandbox reads when it was due.
        "BITRIX24_SMS_TEMPLATE_ID": "2",
        "BITRIX24_SMS_DUE_PARAMETER": "due_at",
    }


def _analytics_defaults(port: int) -> dict[str, str]:
    return {"GA4_PROPERTY_ID": "123456789", "GA4_ENDPOINT": f"grpc+insecure://{HOST}:{port}"}


def _secret_key() -> str:
    """Return this copy's own key, made at the first start."""
    path = VAR / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


# Before the start -------------------------------------------------------------------------------


def _prepare(environment: dict[str, str]) -> str:
    """Bring translations, database and demo data up to date; return what the demo says."""
    for folder in ("redis", "mail", "media"):
        (VAR / folder).mkdir(exist_ok=True)
    with step("Compiling the translations"):
        _command(environment, sys.executable, "-m", "tools.compile_translations")
    with step("Collecting style sheets and icons"):
        _command(environment, *MANAGE, "collectstatic", "--no-input", "--verbosity", "0")
    with step("Bringing the database up to date"):
        _command(environment, *MANAGE, "migrate", "--no-input", "--verbosity", "0")
    with step("Getting the demonstration ready"):
        return _command(environment, *MANAGE, "demo")


def _command(environment: dict[str, str], *command: str) -> str:
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode:
        raise RunError(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


# What runs --------------------------------------------------------------------------------------


def _services(ports: Ports, given: dict[str, str]) -> list[Service]:
    celery = [str(BIN / "celery"), "-A", "smmprocess", "--quiet"]
    worker = [*celery, "worker", "--pool", "threads", "--concurrency", "16"]
    worker += ["--without-mingle", "--without-gossip"]  # one worker: nobody to greet for a second
    services = []
    if not given.get("REDIS_URL"):
        command = redis_command(ports.redis, VAR / "redis", keep=True)
        services.append(Service("redis", command, port=ports.redis, stops_last=True))
    if not given.get("BITRIX24_WEBHOOK_URL"):
        command = [*MANAGE, "bitrix24_sandbox", "--port", str(ports.sandbox)]
        command += ["--state", str(VAR / "sandbox.sqlite3"), "--lead-history", LEAD_DAYS]
        services.append(Service("sandbox", command, port=ports.sandbox, stops_last=True))
    if not given.get("GA4_PROPERTY_ID"):
        # Nobody waits for it: the first figures are read within a minute, and its library takes
        # longer to load than everything else.
        command = [*MANAGE, "ga4_sandbox", "--port", str(ports.analytics)]
        services.append(Service("analytics", command, stops_last=True))
    return [
        *services,
        Service("web", _gunicorn(ports.web), port=ports.web),
        Service("worker", worker),
        Service("beat", [*celery, "beat", "--max-interval", "1"]),
        Service("watch", [*MANAGE, "watch"]),
    ]


def _gunicorn(port: int) -> list[str]:
    return [
        str(BIN / "gunicorn"),
        "smmprocess.wsgi",
        *("--bind", f"{HOST}:{port}", "--threads", "8", "--no-control-socket"),
        *("--graceful-timeout", "3", "--log-level", "warning", "--access-logfile", "-"),
        *("--access-logformat", "%(m)s %(U)s %(s)s %(M)s ms"),
    ]


def _box(environment: dict[str, str], accounts: str) -> str:
    """Draw the addresses and the logins."""
    lines = [
        f"The application        {environment['SITE_URL']}/",
        f"Sandbox Bitrix24       {environment['BITRIX24_WEBHOOK_URL'].split('/rest/')[0]}/",
        "Password e-mails       var/mail/",
        *([""] if accounts else []),
        *accounts.splitlines(),
        "",
        "Ctrl-C stops everything; the data stays.",
    ]
    width = max(map(len, lines))
    edge = "─" * (width + 2)
    inside = "\n".join(f"│ {line:{width}} │" for line in lines)
    return coloured(f"┌{edge}┐\n{inside}\n└{edge}┘", 1)


if __name__ == "__main__":
    sys.exit(main())
