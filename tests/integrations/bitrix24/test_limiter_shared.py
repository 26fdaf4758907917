"""The bucket in a real Redis, shared by real processes, and what happens without Redis."""

import logging
import multiprocessing
import time
from uuid import uuid4

import pytest

from integrations.bitrix24.limiter import Bucket
from integrations.bitrix24.shared import connect
from integrations.bitrix24.shared_limiter import RedisLimiter
from integrations.outcomes import NotExecuted, Why
from tests.integrations.bitrix24.conftest import running_redis
from tests.integrations.bitrix24.fakes import FakeTime, PortalBucket

FOREVER = 1e9
BUCKET = Bucket(burst=5, drain=0.01, margin_seconds=0)


def limiter_at(url, portal="college", **options):
    return RedisLimiter(connect(url), portal, options.pop("bucket", BUCKET), **options)


def take_places(url, portal, count, sent):
    """What a worker process does: reserve, sleep, send."""
    limiter = limiter_at(url, portal, bucket=Bucket(burst=30, drain=40, margin_seconds=0.2))
    for _ in range(count):
        time.sleep(limiter.reserve(FOREVER))
        sent.put(time.monotonic())


@pytest.mark.processes
def test_four_processes_together_stay_under_the_portals_limit_and_waste_little(redis_url):
    context = multiprocessing.get_context("spawn")
    sent = context.Queue()
    portal = uuid4().hex
    workers = [
        context.Process(target=take_places, args=(redis_url, portal, 40, sent)) for _ in range(4)
    ]

    for worker in workers:
        worker.start()
    moments = sorted(sent.get(timeout=60) for _ in range(160))
    for worker in workers:
        worker.join()

    bucket = PortalBucket(burst=30, drain=40, at=moments[0])
    assert [bucket.accepts(moment) for moment in moments] == [True] * 160
    # 22 go at once, the other 138 at 40 a second.
    assert moments[-1] - moments[0] < 138 / 40 * 1.05 + 1


def test_limiters_of_two_processes_share_one_bucket(redis_url):
    portal = uuid4().hex
    one, other = limiter_at(redis_url, portal), limiter_at(redis_url, portal)

    waits = [limiter.reserve(FOREVER) for limiter in (one, other, one, other, one, other)]

    assert waits[:5] == [0, 0, 0, 0, 0]
    assert waits[5] == pytest.approx(100, abs=1)


def test_a_place_beyond_the_callers_patience_is_not_taken_in_redis(redis_url):
    limiter = limiter_at(redis_url, uuid4().hex, bucket=Bucket(1, 0.01, margin_seconds=0))
    limiter.reserve(FOREVER)

    refused = limiter.reserve(10)

    assert isinstance(refused, NotExecuted)
    assert (refused.reason, refused.retry_after) == (Why.THROTTLED, pytest.approx(100, abs=1))
    assert limiter.reserve(FOREVER) == pytest.approx(100, abs=1)


def test_a_place_that_one_process_gives_back_is_there_for_the_others(redis_url):
    portal = uuid4().hex
    one, other = limiter_at(redis_url, portal), limiter_at(redis_url, portal)
    for _ in range(5):
        one.reserve(FOREVER)

    one.give_back()

    assert other.reserve(0) == 0
    assert isinstance(other.reserve(0), NotExecuted)


def test_a_refusal_seen_by_one_process_slows_down_the_others(redis_url):
    portal = uuid4().hex
    one, other = limiter_at(redis_url, portal), limiter_at(redis_url, portal)

    one.throttled()

    assert other.reserve(FOREVER) == pytest.approx(200, abs=1)


def test_a_method_paused_by_one_process_rests_in_all(redis_url):
    portal = uuid4().hex
    one, other = limiter_at(redis_url, portal), limiter_at(redis_url, portal)

    one.pause("crm.activity.add", 480)
    one.pause("bizproc.workflow.start")
    one.pause("bizproc.workflow.start")

    left = other.pauses(["crm.activity.add", "bizproc.workflow.start", "profile"])
    assert left == {
        "crm.activity.add": pytest.approx(480, abs=2),
        "bizproc.workflow.start": pytest.approx(300, abs=2),
    }


def test_a_bucket_that_redis_forgot_is_taken_to_be_full(redis_url):
    portal = uuid4().hex
    limiter = limiter_at(redis_url, portal)
    limiter.reserve(FOREVER)
    connect(redis_url).delete(f"bitrix24:{portal}:bucket")

    assert limiter.reserve(FOREVER) == pytest.approx(100, abs=1)


def test_a_bucket_that_a_new_process_began_after_the_loss_is_corrected(redis_url):
    portal = uuid4().hex
    old = limiter_at(redis_url, portal)
    old.reserve(FOREVER)
    connect(redis_url).delete(f"bitrix24:{portal}:bucket")
    new = limiter_at(redis_url, portal)

    assert new.reserve(FOREVER) == 0
    assert old.reserve(FOREVER) == pytest.approx(100, abs=1)
    assert new.reserve(FOREVER) > 100


def test_without_redis_a_process_goes_on_alone_at_half_the_rate(redis_port, caplog):
    time = FakeTime()
    limiter = limiter_at(f"redis://127.0.0.1:{redis_port}/0", clock=time)

    with caplog.at_level(logging.WARNING):
        waits = [limiter.reserve(FOREVER), limiter.reserve(FOREVER)]
        limiter.pause("crm.activity.add")

    assert waits == [200, 400]
    assert limiter.pauses(["crm.activity.add"]) == {"crm.activity.add": 300}
    assert [record.getMessage() for record in caplog.records] == [
        "Redis is away (ConnectionError): this process limits its own calls to Bitrix24."
    ]


@pytest.mark.processes
def test_when_redis_returns_empty_the_shared_bucket_starts_full(redis_port, caplog):
    time = FakeTime()
    with running_redis(redis_port) as url:
        limiter = limiter_at(url, clock=time)
        before = limiter.reserve(FOREVER)
    limiter.reserve(FOREVER)

    time.now += 10
    with running_redis(redis_port), caplog.at_level(logging.WARNING):
        after = limiter.reserve(FOREVER)

    assert before == 0
    assert after == pytest.approx(100, abs=1)
    assert [record.getMessage() for record in caplog.records] == [
        "Redis is away (ConnectionError): this process limits its own calls to Bitrix24.",
        "Redis is back: the Bitrix24 limiter is shared again.",
    ]
