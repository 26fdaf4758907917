"""What goes wrong in one run, and when: drawn from a seed, so that a run can be made again."""

import random
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from tools.chaos.mishaps import MAIL_FAULTS, Mishap

DATABASES = ("sqlite", "postgresql")
WORKERS = ("worker1", "worker2")
TARGETS = (*WORKERS, "beat", "redis", "database")

FAULTS: dict[str, tuple[str, ...]] = {
    "none": (),
    "drops": ("execute-then-drop:probability=5%", "drop-before-execute:probability=5%"),
    "503": ("503:probability=10%",),
    "slow": ("slow:probability=20%,seconds=1", "slow:probability=5%,seconds=5"),
    "html": ("html:probability=5%", "execute-then-html:probability=5%"),
}
"""Kinds of trouble with the provider; a slow answer of five seconds comes after we gave up."""

ONE_OF_EACH = {
    "drops": ("execute-then-drop:count=1,probability=30%", "drop-before-execute:count=1"),
    "503": ("503:count=1,probability=50%",),
    "slow": ("slow:count=1,probability=50%,seconds=5",),
    "html": ("html:count=1,probability=30%", "execute-then-html:count=1,probability=50%"),
}
"""A run makes a few dozen requests: shares alone would leave many runs without any fault."""

MIXED = "mixed"
KINDS_OF_FAULTS = (*FAULTS, MIXED)

BITRIX24, SMTP = "bitrix24_email", "smtp"
ROUTES = (BITRIX24, SMTP)
"""By which channel e-mail goes. By SMTP the mail server has the faults, and Bitrix24 none."""

SMTP_EVERY = 4
"""One in so many runs is by SMTP, on each database."""

KILLS = (3, 6)
KILLS_WITHIN = 10.0
"""Seconds after the due moment in which something is killed."""

LONGEST_PAUSE = 4.0

LEASE_SECONDS = 16
"""A lease outlives a call, which may wait its turn and then for an answer."""

FREEZES = 0.25
"""In what share of the runs a worker stands still for longer than its lease."""

LONGER_THAN_LEASE = (2.0, 8.0)
CANCELLATIONS = 0.25
"""In what share of the runs the event is cancelled while its reminders go out."""


@dataclass(frozen=True)
class Kill:
    """One thing is killed, so many seconds after the due moment, and comes back after a pause."""

    target: str
    at: float
    pause: float


@dataclass(frozen=True)
class Freeze:
    """A worker stands still with all it has in hand, and goes on when others have given it up."""

    target: str
    at: float
    seconds: float


@dataclass(frozen=True)
class Scenario:
    """All that is drawn for one run; only the kinds of faults have their turns."""

    seed: int
    database: str
    people: int
    faults: str
    is_doubled: bool
    """Both workers are started a second time, as by mistake."""

    visitors: tuple[float, ...]
    """When somebody registers on the public page, in seconds after the due moment."""

    kills: tuple[Kill, ...]
    freezes: tuple[Freeze, ...] = ()
    cancelled_at: float | None = None
    """When the event is cancelled, in seconds after the due moment; nobody registers then."""

    route: str = BITRIX24

    @classmethod
    def drawn(cls, seed: int, database: str, people: int, route: str = "") -> Self:
        """Draw one; the route, unless it is given, has its turns like the kinds of faults."""
        turn = seed // len(DATABASES)
        route = route or (SMTP if turn % SMTP_EVERY == SMTP_EVERY - 1 else BITRIX24)
        kinds = tuple(MAIL_FAULTS) if route == SMTP else KINDS_OF_FAULTS
        chance = random.Random(f"{seed} {database}")  # noqa: S311 - repeatable on purpose
        drawn = cls(
            seed=seed,
            database=database,
            people=people,
            faults=kinds[turn % len(kinds)],
            is_doubled=chance.random() < 0.3,
            visitors=tuple(
                sorted(
                    round(chance.uniform(-4, KILLS_WITHIN), 1)
                    for _ in range(chance.choice((0, 3, 6)))
                )
            ),
            kills=tuple(sorted(_kills(chance), key=lambda kill: kill.at)),
            route=route,
        )
        # From another sequence, so that every seed still has the kills that it always had.
        chance = random.Random(f"{seed} {database} frozen")  # noqa: S311 - as above
        is_frozen, is_cancelled = chance.random() < FREEZES, chance.random() < CANCELLATIONS
        if is_frozen:
            drawn = replace(drawn, freezes=(_freeze(chance),))
        if is_cancelled:
            at = round(chance.uniform(0, KILLS_WITHIN), 1)
            drawn = replace(drawn, cancelled_at=at, visitors=())
        return drawn

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Self:
        """Read what `as_fields` gave, also after a journey through JSON."""
        kills = tuple(Kill(**kill) for kill in fields["kills"])
        freezes = tuple(Freeze(**freeze) for freeze in fields["freezes"])
        visitors = tuple(fields["visitors"])
        return cls(**{**fields, "kills": kills, "visitors": visitors, "freezes": freezes})

    def as_fields(self) -> dict[str, Any]:
        return asdict(self)

    def fault_specs(self) -> list[str]:
        """Return the faults as the sandbox's command line takes them."""
        if self.route == SMTP:
            return []
        if self.faults == MIXED:
            each = [spec for specs in ONE_OF_EACH.values() for spec in specs]
            return [*each, *FAULTS["drops"], *FAULTS["503"]]
        return [*ONE_OF_EACH.get(self.faults, ()), *FAULTS[self.faults]]

    def mishaps(self) -> tuple[Mishap, ...]:
        """Return what goes wrong with the mail server."""
        return MAIL_FAULTS[self.faults] if self.route == SMTP else ()

    def takes_several(self) -> bool:
        """Say whether the mail server takes several commands in a row: not all do."""
        return self.seed % 3 != 0

    def describe(self) -> str:
        kills = " ".join(f"{kill.target}@{kill.at:g}+{kill.pause:g}" for kill in self.kills)
        twice = ", workers twice" if self.is_doubled else ""
        more = [
            f"by {self.route}, faults {self.faults}{twice}",
            f"{len(self.visitors)} register",
            f"kills {kills}",
        ]
        more += [f"{each.target} frozen @{each.at:g}+{each.seconds:g}" for each in self.freezes]
        if self.cancelled_at is not None:
            more.append(f"cancelled @{self.cancelled_at:g}")
        return ", ".join(more)


def _kills(chance: random.Random) -> list[Kill]:
    return [
        Kill(
            target=chance.choice(TARGETS),
            at=round(chance.uniform(0, KILLS_WITHIN), 1),
            pause=round(chance.uniform(0.2, LONGEST_PAUSE), 1),
        )
        for _ in range(chance.randint(*KILLS))
    ]


def _freeze(chance: random.Random) -> Freeze:
    return Freeze(
        target=chance.choice(WORKERS),
        at=round(chance.uniform(0.5, KILLS_WITHIN), 1),
        seconds=round(LEASE_SECONDS + chance.uniform(*LONGER_THAN_LEASE), 1),
    )
