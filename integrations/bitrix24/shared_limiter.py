"""The limiter that all processes on all machines share, kept in Redis."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

import redis

from integrations.bitrix24.limiter import (
    LONGER_PAUSE_SECONDS,
    PAUSE_SECONDS,
    REMEMBER_PAUSE_SECONDS,
    SLOW_SECONDS,
    Bucket,
    MemoryLimiter,
)
from integrations.outcomes import NotExecuted, Why

logger = logging.getLogger(__name__)
T = TypeVar("T")

RETRY_REDIS_SECONDS = 5.0

# Every script reads Redis's own clock, so that the clocks of our machines do not matter.
_NOW = """
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
"""

# `born` names the life of the bucket. Who knows another life than the one stored has seen Redis
# lose its memory: the portal still counts what we no longer know of, so the bucket is full.
_BUCKET = (
    _NOW
    + """
local capacity, burst, drain = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local slow_seconds, patience, known = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local state = redis.call('HMGET', KEYS[1], 'level', 'at', 'slow_until', 'born')
local level, at = tonumber(state[1] or 0), tonumber(state[2] or now)
local slow_until, born = tonumber(state[3] or 0), state[4] or (t[1] .. '.' .. t[2])
local slow = math.max(0, math.min(now, slow_until) - at)
level = math.max(0, level - (math.max(0, now - at) - slow / 2) * drain)
if known ~= '' and known ~= born then level = math.max(level, burst) end
"""
)
_SAVE = """
redis.call('HSET', KEYS[1], 'level', string.format('%.6f', level),
           'at', string.format('%.6f', math.max(at, now)),
           'slow_until', string.format('%.6f', slow_until), 'born', born)
"""
_RESERVE = (
    _BUCKET
    + """
local rate = drain
if now < slow_until then rate = drain / 2 end
local wait = math.max(0, (level + 1 - capacity) / rate)
local granted = 0
if wait <= patience then
  level = level + 1
  granted = 1
end
"""
    + _SAVE
    + "return {granted, string.format('%.6f', wait), born}"
)
_THROTTLED = (
    _BUCKET
    + """
level = math.max(level, burst)
slow_until = now + slow_seconds
"""
    + _SAVE
    + "return {1, '0', born}"
)
_GIVE_BACK = (
    _BUCKET
    + """
level = math.max(0, level - 1)
"""
    + _SAVE
    + "return {1, '0', born}"
)
_PAUSE = """
local least = tonumber(ARGV[2])
if redis.call('EXISTS', KEYS[2]) == 1 then least = tonumber(ARGV[3]) end
local rest = math.ceil(math.max(tonumber(ARGV[1]), least) * 1000)
if redis.call('PTTL', KEYS[1]) < rest then redis.call('SET', KEYS[1], '1', 'PX', rest) end
redis.call('SET', KEYS[2], '1', 'EX', ARGV[4])
return 1
"""


class RedisLimiter:
    """A Limiter in Redis. Without Redis each process goes on alone, slowly, and says so."""

    def __init__(
        self,
        connection: redis.Redis,
        portal: str,
        bucket: Bucket | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bucket = bucket or Bucket()
        self._redis = connection
        self._clock = clock
        self._prefix = f"bitrix24:{portal}"
        self._reserve = connection.register_script(_RESERVE)
        self._give_back = connection.register_script(_GIVE_BACK)
        self._throttled = connection.register_script(_THROTTLED)
        self._pause = connection.register_script(_PAUSE)
        self._born = ""
        self._alone: MemoryLimiter | None = None
        self._ask_redis_at = 0.0
        self._lock = threading.Lock()

    def reserve(self, patience: float) -> float | NotExecuted:
        granted_wait = self._try(lambda: self._run(self._reserve, patience))
        if granted_wait is None:
            return self._fallback().reserve(patience)
        granted, wait = granted_wait
        return wait if granted else NotExecuted(Why.THROTTLED, retry_after=wait)

    def give_back(self) -> None:
        if self._try(lambda: self._run(self._give_back, 0.0)) is None:
            self._fallback().give_back()

    def throttled(self) -> None:
        if self._try(lambda: self._run(self._throttled, 0.0)) is None:
            self._fallback().throttled()

    def pause(self, method: str, seconds: float = 0.0) -> None:
        keys = [self._pause_key(method), f"{self._prefix}:paused_before:{method.lower()}"]
        limits = [seconds, PAUSE_SECONDS, LONGER_PAUSE_SECONDS, int(REMEMBER_PAUSE_SECONDS)]
        if self._try(lambda: self._pause(keys=keys, args=limits)) is None:
            self._fallback().pause(method, seconds)

    def pauses(self, methods: Iterable[str]) -> dict[str, float]:
        asked = list(methods)
        left = self._try(lambda: self._milliseconds_left(asked))
        if left is None:
            return self._fallback().pauses(asked)
        return {method: each / 1000 for method, each in zip(asked, left, strict=True) if each > 0}

    def _run(self, script: Any, patience: float) -> tuple[bool, float]:
        bucket = self.bucket
        limits = [bucket.capacity, bucket.burst, bucket.drain, SLOW_SECONDS, patience, self._born]
        granted, wait, born = script(keys=[f"{self._prefix}:bucket"], args=limits)
        self._born = _text(born)
        return bool(granted), float(wait)

    def _milliseconds_left(self, methods: list[str]) -> list[int]:
        pipeline = self._redis.pipeline(transaction=False)
        for method in methods:
            pipeline.pttl(self._pause_key(method))
        return [int(each) for each in pipeline.execute()]

    def _pause_key(self, method: str) -> str:
        return f"{self._prefix}:pause:{method.lower()}"

    def _try(self, ask: Callable[[], T]) -> T | None:
        """Ask Redis, or return None while it is away; do not let every call wait for it."""
        if self._alone is not None and self._clock() < self._ask_redis_at:
            return None
        try:
            answer = ask()
        except redis.RedisError as error:
            self._go_alone(type(error).__name__)
            return None
        if self._alone is not None:
            logger.warning("Redis is back: the Bitrix24 limiter is shared again.")
            self._alone = None
        return answer

    def _go_alone(self, kind: str) -> None:
        with self._lock:
            self._ask_redis_at = self._clock() + RETRY_REDIS_SECONDS
            # Whatever life the shared bucket has then, it does not know what we did meanwhile.
            self._born = "away"
            if self._alone is None:
                logger.warning(
                    "Redis is away (%s): this process limits its own calls to Bitrix24.", kind
                )
                self._alone = self._new_fallback()

    def _fallback(self) -> MemoryLimiter:
        # Redis may have come back in another thread since; a full bucket is right then too.
        return self._alone or self._new_fallback()

    def _new_fallback(self) -> MemoryLimiter:
        """Assume that the bucket is full and that another process asks as much as we do."""
        share = replace(self.bucket, drain=self.bucket.drain / 2)
        return MemoryLimiter(share, self._clock, level=float(self.bucket.burst))


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
