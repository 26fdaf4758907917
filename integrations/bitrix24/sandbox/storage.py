"""Keeping the portal's tables in a file, so that what was sent is still known after a restart."""

import json
import sqlite3
import threading
from pathlib import Path

from .portal import Portal

INTERVAL = 0.5


class StateFile:
    """Saves changed rows to an SQLite file, a moment after they change and when it is closed."""

    def __init__(self, path: Path, portal: Portal) -> None:
        self._portal = portal
        self._stopping = threading.Event()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS rows"
            " (kind TEXT, id INTEGER, body TEXT NOT NULL, PRIMARY KEY (kind, id))"
        )
        self._load()
        self._thread = threading.Thread(target=self._save_regularly, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Save what is left and let go of the file."""
        self._stopping.set()
        self._thread.join()
        self.save()
        self._connection.close()

    def save(self) -> None:
        """Write the rows that have changed since the last time."""
        with self._portal.lock:
            changes = [
                (table.name, row_id, json.dumps(row) if (row := table.get(row_id)) else None)
                for table in self._portal.tables
                for row_id in sorted(table.changed)
            ]
            for table in self._portal.tables:
                table.changed.clear()
        with self._connection:
            for kind, row_id, body in changes:
                self._write(kind, row_id, body)

    def _write(self, kind: str, row_id: int, body: str | None) -> None:
        if body is None:
            self._connection.execute("DELETE FROM rows WHERE kind = ? AND id = ?", (kind, row_id))
        else:
            self._connection.execute(
                "INSERT OR REPLACE INTO rows (kind, id, body) VALUES (?, ?, ?)",
                (kind, row_id, body),
            )

    def _load(self) -> None:
        tables = {table.name: table for table in self._portal.tables}
        query = "SELECT kind, id, body FROM rows ORDER BY kind, id"
        for kind, row_id, body in self._connection.execute(query):
            if kind in tables:
                tables[kind].put(row_id, json.loads(body))
        for table in tables.values():
            table.changed.clear()
        self._portal.recall_sent()

    def _save_regularly(self) -> None:
        while not self._stopping.wait(INTERVAL):
            self.save()
