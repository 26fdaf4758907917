"""The bucket of one process, on a clock of its own."""

import random

import pytest

from integrations.bitrix24.limiter import FRESH_SECONDS, Bucket, MemoryLimiter, Place
from integrations.outcomes import NotExecuted, Why
from tests.integrations.bitrix24.fakes import FakeTime, PortalBucket

FOREVER = 1e9


def test_an_empty_bucket_lets_a_burst_through_and_then_two_a_second():
    limiter = MemoryLimiter(Bucket(burst=5, drain=2, margin_seconds=0), FakeTime())

    waits = [limiter.reserve(FOREVER) for _ in range(8)]

    assert waits == [0, 0, 0, 0, 0, 0.5, 1.0, 1.5]


def test_two_hundred_requests_take_what_the_limit_makes_unavoidable():
    limiter = MemoryLimiter(Bucket(burst=50, drain=2), FakeTime())

    waits = [limiter.reserve(FOREVER) for _ in range(200)]

    assert waits[-1] < 1.05 * (200 - 50) / 2


@pytest.mark.parametrize("seed", range(20))
def test_the_portal_never_refuses_although_the_network_bunches_requests_together(seed):
    chance = random.Random(seed)
    time = FakeTime(now=0)
    limiter = MemoryLimiter(Bucket(burst=50, drain=2), time)
    arrivals = []
    for _ in range(400):
        time.now += chance.choice([0, 0, 0, 0.1, 3])
        arrivals.append(time.now + limiter.reserve(FOREVER) + chance.uniform(0, 1.5))
    portal = PortalBucket(burst=50, drain=2)

    assert [portal.accepts(moment) for moment in sorted(arrivals)] == [True] * 400


def test_a_place_beyond_the_callers_patience_is_not_taken():
    limiter = MemoryLimiter(Bucket(burst=1, drain=2, margin_seconds=0), FakeTime())
    limiter.reserve(FOREVER)

    assert limiter.reserve(0.4) == NotExecuted(Why.THROTTLED, retry_after=0.5)
    assert limiter.reserve(0.5) == 0.5


def test_a_place_is_used_once():
    place = Place(MemoryLimiter(clock=FakeTime()), came_at=0)

    assert [place.take(0), place.take(0)] == [True, False]


def test_a_place_that_was_kept_too_long_goes_back():
    limiter = MemoryLimiter(Bucket(burst=1, drain=2, margin_seconds=0), FakeTime())
    limiter.reserve(FOREVER)
    place = Place(limiter, came_at=0)

    used = place.take(FRESH_SECONDS + 0.1)

    assert (used, place.take(0)) == (False, False)
    assert limiter.reserve(0) == 0


def test_a_refusal_fills_the_bucket_and_halves_the_rate_for_a_minute():
    time = FakeTime()
    limiter = MemoryLimiter(Bucket(burst=4, drain=2, margin_seconds=0), time)

    limiter.throttled()
    waits = [limiter.reserve(FOREVER), limiter.reserve(FOREVER)]
    time.now += 60
    time.now += 1
    later = [limiter.reserve(FOREVER) for _ in range(6)]

    assert waits == [1.0, 2.0]
    assert later == [0, 0, 0, 0, 0.5, 1.0]


@pytest.mark.parametrize(("asked", "rest"), [(0, 300), (480, 480)])
def test_a_method_rests_at_least_five_minutes(asked, rest):
    limiter = MemoryLimiter(clock=FakeTime())

    limiter.pause("crm.activity.add", asked)

    assert limiter.pauses(["crm.activity.add", "profile"]) == {"crm.activity.add": rest}


def test_a_method_refused_again_after_its_rest_rests_two_minutes_more():
    time = FakeTime()
    limiter = MemoryLimiter(clock=time)
    limiter.pause("crm.activity.add")
    time.now += 300
    rested = limiter.pauses(["crm.activity.add"])

    limiter.pause("crm.activity.add")

    assert rested == {}
    assert limiter.pauses(["crm.activity.add"]) == {"crm.activity.add": 120}


def test_a_second_refusal_at_the_same_moment_does_not_shorten_the_rest():
    limiter = MemoryLimiter(clock=FakeTime())

    limiter.pause("crm.activity.add")
    limiter.pause("crm.activity.add")

    assert limiter.pauses(["crm.activity.add"]) == {"crm.activity.add": 300}
