"""How long calls of a method take, so that a batch ends before the portal cuts it off."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from typing import Protocol

import redis

logger = logging.getLogger(__name__)

REQUEST_SECONDS = 60.0
"""The portal cuts off a request that takes longer, with everything in it."""
SAFETY = 2.0
MOST = 50
"""Bitrix24 executes no more commands of a batch."""
UNKNOWN_WRITE_SECONDS = 1.5
UNKNOWN_READ_SECONDS = 0.6
RISING, FALLING = 0.5, 0.2
"""How much the newest measurement weighs: quick to become careful, slow to become bold."""


class Pace(Protocol):
    """Measured seconds per call, by method."""

    def seconds(self, methods: Iterable[str]) -> dict[str, float]:
        """Return what has been measured so far; a method never called is left out."""

    def learn(self, method: str, seconds: float) -> None:
        """Take in what a call took."""


class MemoryPace:
    """What one process has measured."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._lock = threading.Lock()

    def seconds(self, methods: Iterable[str]) -> dict[str, float]:
        return {each: self._seconds[each] for each in methods if each in self._seconds}

    def learn(self, method: str, seconds: float) -> None:
        with self._lock:
            self._seconds[method] = _smoothed(self._seconds.get(method), seconds)


class RedisPace:
    """What all processes have measured; each goes by its own memory while Redis is away."""

    def __init__(self, connection: redis.Redis, key: str) -> None:
        self._redis = connection
        self._key = key
        self._own = MemoryPace()

    def seconds(self, methods: Iterable[str]) -> dict[str, float]:
        asked = list(methods)
        try:
            shared = self._redis.hmget(self._key, asked) if asked else []
        except redis.RedisError as error:
            logger.info("Redis is away (%s): batches go by own measurements.", type(error).__name__)
            return self._own.seconds(asked)
        return self._own.seconds(asked) | {
            method: float(value)
            for method, value in zip(asked, shared, strict=True)  # type: ignore[arg-type]
            if value is not None
        }

    def learn(self, method: str, seconds: float) -> None:
        self._own.learn(method, seconds)
        try:
            # Two processes may overwrite each other here: one measurement more or less.
            known = self._redis.hget(self._key, method)
            smoothed = _smoothed(None if known is None else float(known), seconds)  # type: ignore[arg-type]
            self._redis.hset(self._key, method, f"{smoothed:.4f}")
        except redis.RedisError as error:
            logger.info("Redis is away (%s): a measurement stays here.", type(error).__name__)


def fitting(methods: list[str], pace: Pace, unknown: float) -> int:
    """Say how many of these calls, in this order, fit safely into one request."""
    known = pace.seconds(set(methods))
    budget = REQUEST_SECONDS / SAFETY
    for count, method in enumerate(methods[:MOST]):
        budget -= known.get(method, unknown)
        if budget < 0:
            return max(1, count)
    return min(len(methods), MOST)


def _smoothed(known: float | None, seconds: float) -> float:
    if known is None:
        return seconds
    weight = RISING if seconds > known else FALLING
    return known + weight * (seconds - known)
