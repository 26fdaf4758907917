"""What is remembered outside the database of how far it had come: in Redis, and in a file.

Either may be lost. Nothing remembered means nothing is known, never that something is wrong.
"""

import json
import logging
import os
import tempfile
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from django.conf import settings
from django.core.cache import cache
from redis import RedisError

logger = logging.getLogger(__name__)

FILE = "database_generation.json"


@dataclass(frozen=True)
class KnownDetour:
    """That messages of one channel went by another, and until when if that is over."""

    channel: str
    goes_by: str
    began_at: datetime
    ended_at: datetime | None

    def as_words(self) -> list[str]:
        ended = self.ended_at.isoformat() if self.ended_at else ""
        return [self.channel, self.goes_by, self.began_at.isoformat(), ended]

    @classmethod
    def from_words(cls, channel: str, goes_by: str, began: str, ended: str) -> Self:
        ended_at = datetime.fromisoformat(ended) if ended else None
        return cls(channel, goes_by, datetime.fromisoformat(began), ended_at)


@dataclass(frozen=True)
class Memory:
    """The number a database had reached, when, and by which detours messages went."""

    number: int
    at: datetime
    detours: tuple[KnownDetour, ...] = ()


def recall(database: uuid.UUID) -> Memory | None:
    """Return the furthest that is remembered of this database; None if nothing is."""
    known = [each for each in (_from_redis(database), _from_file(database)) if each is not None]
    return max(known, key=lambda memory: memory.number, default=None)


def remember(database: uuid.UUID, memory: Memory) -> None:
    """Note how far this database has come, once that is committed."""
    text = json.dumps(
        {
            "database": str(database),
            "number": memory.number,
            "at": memory.at.isoformat(),
            "detours": [each.as_words() for each in memory.detours],
        }
    )
    try:
        cache.set(_key(database), text, timeout=None)
    except RedisError as error:
        logger.warning("Redis does not remember the database's age: %s", type(error).__name__)
    try:
        _write(text)
    except OSError as error:
        logger.warning("The file does not remember the database's age: %s", error.strerror)


def _key(database: uuid.UUID) -> str:
    return f"outbox.generation.{database}"


def _path() -> Path:
    return Path(str(settings.MEDIA_ROOT)) / FILE


def _from_redis(database: uuid.UUID) -> Memory | None:
    try:
        return _read(cache.get(_key(database)), database)
    except RedisError as error:
        logger.warning("Redis cannot say the database's age: %s", type(error).__name__)
        return None


def _from_file(database: uuid.UUID) -> Memory | None:
    try:
        return _read(_path().read_text(), database)
    except FileNotFoundError:
        return None
    except OSError as error:
        logger.warning("The file cannot say the database's age: %s", error.strerror)
        return None


def _read(text: str | None, database: uuid.UUID) -> Memory | None:
    """Read what was noted, if it was noted of this database."""
    if not text:
        return None
    try:
        noted = json.loads(text)
        if noted["database"] != str(database):
            return None
        detours = tuple(KnownDetour.from_words(*each) for each in noted.get("detours", []))
        return Memory(int(noted["number"]), datetime.fromisoformat(noted["at"]), detours)
    except (ValueError, KeyError, TypeError):
        logger.warning("What was noted of the database's age is not readable.")
        return None


def _write(text: str) -> None:
    """Replace the file in one step, so that nobody reads half of it."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{FILE}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
