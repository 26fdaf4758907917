"""Real beat, worker, Redis and sandbox portal: a worker is killed in the middle of 500 messages.

Nobody is missed and nobody is written to twice, on the database the suite runs on.
"""

import json
import random
import urllib.request
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Registration
from outbox.models import Message, Status
from people.models import Participant
from tests.factories import arm_rules, make_event
from tests.processes import beat, environment, redis_server, sandbox, wait_until, worker

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

PEOPLE = 250
MESSAGES = 2 * PEOPLE


def register(event, contacts):
    """Register people whose contacts the portal knows, as it would be after the matching."""
    people = Participant.objects.bulk_create(
        Participant(
            first_name="Anna",
            last_name=f"Ozola {number}",
            email=f"anna{number}@example.org",
            phone=f"+37120{number:06}",
            bitrix24_contact_id=contact,
            bitrix24_email=f"anna{number}@example.org",
            bitrix24_phone=f"+37120{number:06}",
        )
        for number, contact in enumerate(contacts)
    )
    Registration.objects.bulk_create(
        Registration(
            event=event,
            participant=person,
            source=Registration.Source.LIST,
            registered_at=event.starts_at - timedelta(days=7),
            is_confirmed=False,
        )
        for person in people
    )


def ask(portal, path, body=None):
    request = urllib.request.Request(
        f"{portal.url}/sandbox/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def make_contacts(portal):
    people = [
        {
            "name": "Anna",
            "last_name": f"Ozola {number}",
            "phone": f"+37120{number:06}",
            "email": f"anna{number}@example.org",
        }
        for number in range(PEOPLE)
    ]
    return ask(portal, "contacts", {"people": people})["ids"]


def states():
    return Counter(Message.objects.values_list("status", flat=True))


def test_a_worker_killed_in_the_middle_of_500_messages_misses_and_doubles_nobody(
    shared_database_url,
):
    arm_rules()
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server())
        portal = stack.enter_context(
            sandbox(environment(shared_database_url, redis.url), "--latency", "0.02")
        )
        variables = environment(
            shared_database_url,
            redis.url,
            BITRIX24_WEBHOOK_URL=f"{portal.url}/rest/1/sandbox-secret/",
            BITRIX24_SMS_TEMPLATE_ID="2",
            BITRIX24_READ_TIMEOUT="5",
            MESSAGE_LEASE_SECONDS="12",
            LOOK_UP_AFTER_SECONDS="6",
        )
        event = make_event(starts_at=timezone.now() + timedelta(minutes=15, seconds=-1))
        register(event, make_contacts(portal))
        running = stack.enter_context(worker(variables))
        stack.enter_context(beat(variables))

        def sent():
            return ask(portal, "sent")

        half = random.randrange(MESSAGES // 5, MESSAGES // 2)
        wait_until(lambda: len(sent()) >= half, "some messages are out", running, seconds=60)
        running.kill9()
        at_the_kill = len(sent())
        running.start()
        wait_until(
            lambda: states() == {Status.HANDED_OVER: MESSAGES},
            "every message is handed over",
            running,
            seconds=120,
        )
        received = Counter((each["kind"], each["owner_id"]) for each in sent())

    assert half <= at_the_kill < MESSAGES
    assert len(received) == MESSAGES
    assert set(received.values()) == {1}
