"""What all processes share about a portal: one limiter and one pace, in Redis."""

from __future__ import annotations

from functools import lru_cache

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from integrations.bitrix24.limiter import Bucket, Limiter, MemoryLimiter
from integrations.bitrix24.pace import MemoryPace, Pace, RedisPace
from integrations.bitrix24.shared_limiter import RedisLimiter


@lru_cache
def shared_by_all(redis_url: str, portal: str, bucket: Bucket) -> tuple[Limiter, Pace]:
    """Return the limiter and the pace of a portal; without a Redis address, this process's own."""
    if not redis_url:
        return MemoryLimiter(bucket), MemoryPace()
    connection = connect(redis_url)
    return RedisLimiter(connection, portal, bucket), RedisPace(
        connection, f"bitrix24:{portal}:pace"
    )


def connect(redis_url: str) -> redis.Redis:
    """Connect so that a Redis that is away costs a call seconds and not a minute."""
    return redis.Redis.from_url(
        redis_url,
        socket_connect_timeout=2,
        socket_timeout=2,
        retry=Retry(NoBackoff(), 1),
    )
