"""Asking the limiter that all processes share for a place, against one bare round trip to Redis."""

import redis

from integrations.bitrix24.limiter import Bucket
from integrations.bitrix24.shared_limiter import RedisLimiter
from tools.bench.figures import Figure, Size, side_by_side
from tools.redis_server import throw_away_redis

TIMES = 2_000


def measure(size: Size) -> list[Figure]:
    with throw_away_redis() as address, redis.Redis.from_url(f"{address}/0") as connection:
        limiter = RedisLimiter(connection, "portal", Bucket(burst=10 * TIMES))
        ours, bare = side_by_side(
            lambda: _reserve(limiter), lambda: [connection.ping() for _ in range(TIMES)]
        )
    work = f"{TIMES:,} places at the shared limiter; floor: as many PINGs"
    return [Figure(work, "s", ours, floor=bare)]


def _reserve(limiter: RedisLimiter) -> None:
    waits = [limiter.reserve(patience=0) for _ in range(TIMES)]
    if any(waits):
        raise RuntimeError("The limiter made us wait, so its speed was not what was measured.")
