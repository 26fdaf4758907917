"""Ways to fail that only real processes show; the others are in test_failure_modes.py."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from outbox import beginning
from outbox.models import Attempt, Message, Status
from tests.acceptance.machines import register, running, states
from tests.factories import make_event
from tests.processes import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

PEOPLE = 250
MESSAGES = 2 * PEOPLE
PEOPLE_OF_ONE_EVENING = 3


def test_worker_dies_between_send_and_save_in_the_middle_of_500_messages(shared_database_url):
    """What it had begun is looked up by our key when its lease is over."""
    event = make_event(starts_at=timezone.now() + timedelta(minutes=15, seconds=-1))

    with running(
        shared_database_url,
        lambda portal: register(portal, event, PEOPLE),
        *("--latency", "0.02"),
        MESSAGE_LEASE_SECONDS="12",
        LOOK_UP_AFTER_SECONDS="6",
    ) as machines:
        [worker] = machines.workers
        half = random.randrange(MESSAGES // 5, MESSAGES // 2)
        wait_until(lambda: len(machines.sent()) >= half, "some are out", worker, seconds=60)
        worker.kill9()
        at_the_kill, begun = len(machines.sent()), beginning.begun(Message.objects.all()).count()
        worker.start()
        wait_until(
            lambda: states() == {Status.HANDED_OVER: MESSAGES},
            "every message is handed over",
            worker,
            seconds=120,
        )
        received = machines.received()

    looked_up = [Attempt.Outcome.FOUND, Attempt.Outcome.ABSENT]
    assert half <= at_the_kill < MESSAGES
    assert Attempt.objects.filter(outcome__in=looked_up).count() >= begun
    assert (len(received), set(received.values())) == (MESSAGES, {1})


def test_beat_and_workers_go_on_after_redis_stood_still_for_longer_than_they_wait(
    shared_database_url,
):
    """They do not hang: each says that it got no answer, and tries again."""
    event = make_event(starts_at=timezone.now() + timedelta(hours=1))

    with running(
        shared_database_url, lambda portal: register(portal, event, PEOPLE_OF_ONE_EVENING)
    ) as machines:
        [worker], beat, redis = machines.workers, machines.clock, machines.redis
        beat.wait_for_output("Sending due task")
        redis.freeze()
        beat.wait_for_output("Message Error", seconds=90)
        event.starts_at = timezone.now() + timedelta(minutes=15, seconds=-1)
        event.save(update_fields=["starts_at"])
        redis.thaw()
        wait_until(
            lambda: states() == {Status.HANDED_OVER: 2 * PEOPLE_OF_ONE_EVENING},
            "every message is handed over",
            *(worker, beat),
            seconds=90,
        )
        received = machines.received()

    assert (len(received), set(received.values())) == (2 * PEOPLE_OF_ONE_EVENING, {1})
