"""What both kinds of database need so that neither work nor a promise gets lost."""

from pathlib import Path
from typing import Any

PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A host that loses its power says nothing: after half a minute its connections count as broken.

However long a query may take, a host that is there acknowledges that it was asked.
"""

SERVER_PATIENCE = {
    "idle_in_transaction_session_timeout": "30s",
    "tcp_keepalives_idle": "15s",
    "tcp_keepalives_interval": "5s",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30s",
}
"""How long PostgreSQL waits for us: a worker that is frozen, or its host gone, says nothing.

What it has locked nobody else can send, or call abandoned. Half a minute between two queries of a
transaction is far more than any of ours takes, since none waits in one for anybody outside, and it
is far less than the lease of a message.
"""


def database(connection: dict[str, Any], *, keep_seconds: int) -> dict[str, Any]:
    """Complete what an address says; `keep_seconds` is how long PostgreSQL keeps a connection."""
    if not connection["ENGINE"].endswith("sqlite3"):
        return connection | {
            "CONN_MAX_AGE": keep_seconds,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": _with_patience(connection.get("OPTIONS", {})),
        }
    Path(connection["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    options = {
        # A writer takes its lock at once, so two workers wait for each other instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        # FULL: what a commit says was handed over is still there after a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    return connection | {"OPTIONS": options}


def _with_patience(said: dict[str, Any]) -> dict[str, Any]:
    """Add what an address does not say itself; of two settings of a name the later one holds."""
    ours = [f"-c {name}={value}" for name, value in SERVER_PATIENCE.items()]
    return PATIENCE | said | {"options": " ".join([*ours, said.get("options", "")]).strip()}
