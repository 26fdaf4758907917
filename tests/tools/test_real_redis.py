"""The Redis that every test has for itself."""

import redis
from django.core.cache import cache


def test_the_cache_is_redis_and_empty_at_first(redis_url):
    with redis.Redis.from_url(redis_url) as connection:
        assert connection.dbsize() == 0

        cache.set("left", "behind")

        assert connection.dbsize() == 1


def test_what_another_test_left_is_gone():
    assert cache.get("left") is None
