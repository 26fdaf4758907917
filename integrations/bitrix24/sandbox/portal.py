"""The portal's state: its records, settings, limits and what it has sent."""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from .clock import Clock, SystemClock
from .dictionaries import SOURCES
from .exchange import Reply
from .faults import Fault, FaultList
from .limits import LeakyBucket, OperatingTime
from .oauth import OAuthServer
from .outgoing import OutgoingWebhooks
from .sent import SentMessage, doubles
from .tables import Row, Table

ALL_SCOPES = frozenset(
    {"crm", "bizproc", "user_basic", "department", "mail", "messageservice", "basic"}
)


@dataclass
class PortalSettings:
    """How this portal is set up; anything may be changed while it runs."""

    webhook_secret: str = "sandbox-secret"  # noqa: S105 - of a sandbox
    user_id: int = 1
    scopes: frozenset[str] = ALL_SCOPES
    burst: float = 50
    drain: float = 2
    operating_limit: float = 480
    request_limit: float = 60
    latency: float = 0
    latency_jitter: float = 0
    method_latency: Mapping[str, float] = field(default_factory=dict)
    is_admin: bool = True
    can_read: bool = True
    can_update: bool = True
    is_commercial: bool = True
    is_overloaded: bool = False
    is_subscribed: bool = True
    requires_https: bool = False
    shows_operating: bool = True
    has_workflows: bool = True
    crm_mode: int = 1
    mailbox: str = ""
    senders: tuple[str, ...] = ("Sandbox College <info@college.example>",)
    moved_to: str = ""
    sms_status: str = "Delivered"
    """What the portal answers when it is asked about any SMS."""


@dataclass
class Statistics:
    """What the portal has been asked, and what it refused."""

    requests: int = 0
    commands: int = 0
    refused_by_rate: int = 0
    refused_by_operating_time: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)


class Portal:
    """One Bitrix24, in memory. Handlers hold `lock` while they read or change it."""

    def __init__(
        self,
        settings: PortalSettings | None = None,
        *,
        clock: Clock | None = None,
        seed: int = 0,
    ) -> None:
        self.settings = settings or PortalSettings()
        self.clock = clock or SystemClock()
        self.lock = threading.RLock()
        self.random = random.Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
        self.faults = FaultList(seed)
        self.outgoing = OutgoingWebhooks(self.clock)
        self.oauth = OAuthServer(self)
        self.lead_sources: tuple[tuple[str, str], ...] = SOURCES
        records = ("ORIGIN_ID", "PHONE", "EMAIL", "ID")
        self.leads = Table("lead", indexed=records)
        self.deals = Table("deal", indexed=records)
        self.contacts = Table("contact", indexed=records)
        self.activities = Table("activity", indexed=("ID", "ORIGIN_ID", "OWNER_ID"))
        self.messages = Table("message")
        self.counters = Table("counter")
        self._sent: list[SentMessage] = []
        self.forget_requests()

    @property
    def tables(self) -> list[Table]:
        """All that is kept across restarts."""
        records = [self.leads, self.deals, self.contacts, self.activities]
        return [*records, self.messages, self.counters]

    @property
    def sent(self) -> list[SentMessage]:
        """All that went out, in the order it did."""
        with self.lock:
            return list(self._sent)

    def send(self, message: SentMessage) -> int:
        """Note that a message has gone out; return its number."""
        with self.lock:
            row = asdict(message)
            del row["id"]
            message_id = self.messages.add(row)
            self._sent.append(replace(message, id=message_id))
            return message_id

    def recall_sent(self) -> None:
        """Read what was sent back from the tables, after they have been loaded."""
        with self.lock:
            self._sent = [_message(row) for row in self.messages.rows.values()]

    def doubles(self) -> set[int]:
        return doubles(self.sent)

    def next_number(self, name: str) -> int:
        """Count on in a sequence that outlives a restart, such as that of the phone fields."""
        for row_id, row in self.counters.rows.items():
            if row["NAME"] == name:
                self.counters.put(row_id, {**row, "LAST": row["LAST"] + 1})
                return int(row["LAST"]) + 1
        self.counters.add({"NAME": name, "LAST": 1})
        return 1

    def count_fault(self, fault: Fault) -> None:
        with self.lock:
            self.statistics.faults[fault.name] += 1

    def bucket(self, address: str) -> LeakyBucket:
        """The request counter of a source address."""
        if address not in self.buckets:
            self.buckets[address] = LeakyBucket(self.settings.burst, self.settings.drain)
        return self.buckets[address]

    def operating(self, caller_key: str, method: str) -> OperatingTime:
        """The working time of a method for one webhook or application."""
        key = (caller_key, method)
        if key not in self.operating_times:
            self.operating_times[key] = OperatingTime(self.settings.operating_limit)
        return self.operating_times[key]

    def draw_latency(self, method: str) -> float:
        """How long this call of a method is going to take."""
        latency = self.settings.method_latency.get(method.lower(), self.settings.latency)
        jitter = self.settings.latency_jitter
        return max(0.0, latency + (self.random.uniform(-jitter, jitter) if jitter else 0.0))

    def configure(self, **changes: Any) -> None:
        """Change the settings of the running portal; new limits start with empty counters."""
        self.settings = replace(self.settings, **changes)
        if changes.keys() & {"burst", "drain", "operating_limit"}:
            self.buckets.clear()
            self.operating_times.clear()

    def forget_requests(self) -> None:
        """Empty the limits, the counts and the answers kept for repeated keys."""
        self.statistics = Statistics()
        self.buckets: dict[str, LeakyBucket] = {}
        self.operating_times: dict[tuple[str, str], OperatingTime] = {}
        self.replays: dict[tuple[str, str, str], tuple[float, bytes, Reply]] = {}
        self.providers: dict[str, Row] = {}
        self.running_workflows: list[Row] = []

    def reset(self, *, everything: bool = False) -> None:
        """Forget what was sent and asked, and the faults; with `everything` the records too."""
        with self.lock:
            self.forget_requests()
            self.faults.clear()
            self.outgoing.forget_deliveries()
            self.activities.clear()
            self.messages.clear()
            self._sent.clear()
            if everything:
                for table in self.tables:
                    table.clear()

    def stats(self) -> dict[str, Any]:
        """The numbers the page and the tests look at."""
        messages = self.sent
        kinds = Counter(message.kind for message in messages)
        lateness = [seconds for m in messages if (seconds := m.late_seconds) is not None]
        sent = {
            "sms": kinds["sms"],
            "emails": kinds["email"],
            "doubles": len(doubles(messages)),
            "late": sum(message.is_late for message in messages),
            "max_late_seconds": max(lateness, default=None),
        }
        with self.lock:
            tables = (self.contacts, self.leads, self.deals)
            records = {f"{table.name}s": len(table.rows) for table in tables}
            records["activities"] = len(self.activities.rows)
            return {**sent, **self._load(self.clock.now()), **records}

    def _load(self, now: float) -> dict[str, Any]:
        levels = (bucket.level_at(now) for bucket in self.buckets.values())
        return {
            "requests": self.statistics.requests,
            "commands": self.statistics.commands,
            "refused_by_rate": self.statistics.refused_by_rate,
            "refused_by_operating_time": self.statistics.refused_by_operating_time,
            "statuses": dict(self.statistics.statuses),
            "methods": dict(self.statistics.methods),
            "faults_fired": dict(self.statistics.faults),
            "bucket_level": max(levels, default=0.0),
            "bucket_size": self.settings.burst,
            "operating": self._operating_by_method(now),
        }

    def _operating_by_method(self, now: float) -> dict[str, float]:
        used: dict[str, float] = defaultdict(float)
        for (_, method), operating in self.operating_times.items():
            used[method] += operating.used(now)
        return dict(used)


_MESSAGE_FIELDS = {item.name for item in fields(SentMessage)}


def _message(row: Row) -> SentMessage:
    known = {name: value for name, value in row.items() if name in _MESSAGE_FIELDS}
    return SentMessage(**known, id=int(row["ID"]))
