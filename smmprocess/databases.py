"""What both kinds of database need so that neither work nor a promise gets lost."""

from pathlib import Path
from typing import Any


def database(connection: dict[str, Any], *, keep_seconds: int) -> dict[str, Any]:
    """Complete what an address says; `keep_seconds` is how long PostgreSQL keeps a connection."""
    if not connection["ENGINE"].endswith("sqlite3"):
        return connection | {"CONN_MAX_AGE": keep_seconds, "CONN_HEALTH_CHECKS": True}
    Path(connection["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    options = {
        # A writer takes its lock at once, so two workers wait for each other instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        # FULL: what a commit says was handed over is still there after a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    return connection | {"OPTIONS": options}
