"""The system under fire: all its processes, a supervisor for them, and whom to kill when."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import (
    RunningProcess,
    beat_command,
    environment,
    redis_server,
    sandbox,
    web_command,
    worker_command,
)
from tools.chaos.mail_server import MailServer, mail_server
from tools.chaos.scenario import LEASE_SECONDS, WORKERS, Freeze, Kill, Scenario
from tools.ports import free_port
from tools.postgres_server import PostgresServer

LOOK_SECONDS = 0.05
RESTART_SECONDS = 1.0
"""After how long a supervisor starts again what ended by itself."""

MAIL_CONNECTIONS = 2
"""Of each worker, for the same reason."""

CLOCKS = {
    "MESSAGE_LEASE_SECONDS": str(LEASE_SECONDS),
    "LOOK_UP_AFTER_SECONDS": "6",
    "BITRIX24_READ_TIMEOUT": "4",
    # A portal with little room, so that sending takes long enough to be hit.
    "BITRIX24_BURST": "8",
    "BITRIX24_DRAIN_PER_SECOND": "2",
    "EMAIL_TIMEOUT": "3",
    "SMTP_CONNECTIONS": str(MAIL_CONNECTIONS),
}
PORTAL = ("--latency", "0.03", "--latency-jitter", "0.02", "--burst", "8", "--drain", "2")


@dataclass
class Machine:
    """Processes by name; a name that ends in `'` is one that was started twice by mistake."""

    portal: RunningProcess
    mail: MailServer
    redis: RunningProcess
    programs: dict[str, RunningProcess]
    postgres: PostgresServer | None
    kills: Counter[str] = field(default_factory=Counter)
    ended_by_themselves: Counter[str] = field(default_factory=Counter)
    thawed: int = 0
    """How many workers went on after they had stood still for longer than their lease."""

    _back_at: dict[str, float] = field(default_factory=dict)
    _thaws_at: dict[str, float] = field(default_factory=dict)

    @property
    def web(self) -> RunningProcess:
        return self.programs["web"]

    def wait_until_ready(self) -> None:
        for name, program in self.programs.items():
            if name.startswith("worker"):
                program.wait_for_output(" ready.")
        self.programs["beat"].wait_for_output("beat: Starting...")
        self.web.wait_for_port()

    def kill(self, kill: Kill) -> None:
        """Kill what stands for the target, and have the supervisor wait with starting it again."""
        victims = self._victims(kill.target)
        if any(each.is_running() for each in victims.values()):
            self.kills[kill.target] += 1
        for name, victim in victims.items():
            if victim.is_running():
                victim.kill9()
            self._thaws_at.pop(name, None)
            back_at = time.monotonic() + kill.pause
            self._back_at[name] = max(back_at, self._back_at.get(name, 0))

    def freeze(self, freeze: Freeze) -> None:
        """Let a worker stand still; one that is down just then has nothing in hand."""
        worker = self.programs[freeze.target]
        if worker.is_running():
            worker.freeze()
            self._thaws_at[freeze.target] = time.monotonic() + freeze.seconds

    def supervise(self) -> None:
        """Start again what is down and has been for long enough; let go on what was frozen."""
        now = time.monotonic()
        for name in [name for name, at in self._thaws_at.items() if now >= at]:
            del self._thaws_at[name]
            self.programs[name].thaw()
            self.thawed += 1
        for name, part in self._parts().items():
            if part.is_running():
                continue
            if name not in self._back_at:
                self.ended_by_themselves[name] += 1
                self._back_at[name] = now + RESTART_SECONDS
            elif now >= self._back_at[name]:
                del self._back_at[name]
                part.start()

    def is_complete(self) -> bool:
        is_whole = not self._back_at and not self._thaws_at
        return is_whole and all(each.is_running() for each in self._parts().values())

    def keep_logs(self, directory: Path) -> None:
        for name, program in {**self.programs, "redis": self.redis, "sandbox": self.portal}.items():
            (directory / f"{name}.log").write_text(program.output())
        if self.postgres is not None:
            (directory / "postgres.log").write_text(self.postgres.log.read_text(errors="replace"))

    def _parts(self) -> dict[str, RunningProcess | PostgresServer]:
        parts: dict[str, RunningProcess | PostgresServer] = {"redis": self.redis}
        if self.postgres is not None:
            parts["database"] = self.postgres
        return parts | self.programs

    def _victims(self, target: str) -> dict[str, RunningProcess | PostgresServer]:
        if target == "database" and self.postgres is None:
            # With SQLite the database is in the processes that write to it.
            return dict(self.programs)
        return {target: self._parts()[target]}


@contextmanager
def machine(
    scenario: Scenario, url: str, postgres: PostgresServer | None, directory: Path
) -> Iterator[Machine]:
    """Run the whole system as the scenario has it, until the block ends."""
    options = [word for spec in scenario.fault_specs() for word in ("--fault", spec)]
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server(keep=False))
        portal = stack.enter_context(
            sandbox(environment(url, ""), *PORTAL, "--random-seed", str(scenario.seed), *options)
        )
        mail = stack.enter_context(
            mail_server(
                scenario.mishaps(), seed=scenario.seed, takes_several=scenario.takes_several()
            )
        )
        port = free_port()
        variables = environment(
            url,
            f"{redis.url}/0",
            BITRIX24_WEBHOOK_URL=f"{portal.url}/rest/1/sandbox-secret/",
            BITRIX24_SMS_TEMPLATE_ID="2",
            EMAIL_URL=mail.url,
            MEDIA_ROOT=str(directory / "media"),
            **CLOCKS,
        )
        commands = {"web": web_command(port), "beat": beat_command()}
        for name in WORKERS:
            commands[name] = worker_command(name)
            if scenario.is_doubled:
                commands[f"{name}'"] = worker_command(name)
        programs = {}
        for name, command in commands.items():
            log = directory / f"{name}.log"
            programs[name] = RunningProcess(
                name, command, variables, log, port if name == "web" else 0
            )
            stack.callback(programs[name].stop)
        system = Machine(portal, mail, redis, programs, postgres)
        system.wait_until_ready()
        yield system
