"""How often one address may do something in a while, counted in the cache that all processes share.

Without the cache nothing is limited: a registration lost because Redis is away would be worse than
a robot let in.
"""

import logging
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds."""

    name: str
    times: int
    seconds: int


def is_exceeded(limit: Limit, who: str) -> bool:
    """Count one more time for `who`; say whether that is more than the limit allows."""
    key = f"throttle {limit.name} {who}".replace(" ", "-")
    try:
        cache.add(key, 0, limit.seconds)
        return cache.incr(key) > limit.times
    except ValueError:
        return False  # The count ran out between the two calls: this is the first of the next.
    except RedisError as error:
        logger.warning("No limit on %s: the cache is away (%s).", limit.name, type(error).__name__)
        return False
