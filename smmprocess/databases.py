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


def database(connection: dict[str, Any], *, keep_seconds: int) -> dict[str, Any]:
    """Complete what an address says; `keep_seconds` is how long PostgreSQL keeps a connection."""
    if not connection["ENGINE"].endswith("sqlite3"):
        return connection | {
            "CONN_MAX_AGE": keep_seconds,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": PATIENCE | connection.get("OPTIONS", {}),
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
