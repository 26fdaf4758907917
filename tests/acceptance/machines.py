"""Real beat, workers, Redis and a sandbox portal for an event whose people the portal knows."""

import json
import urllib.request
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from events.models import Registration
from outbox.models import Message
from people.models import Participant
from tests.factories import arm_rules
from tests.processes import RunningProcess, beat, environment, redis_server, sandbox, worker


@dataclass
class Machines:
    """What runs, and what the portal has sent."""

    portal: RunningProcess
    redis: RunningProcess
    variables: dict[str, str]
    workers: list[RunningProcess]
    clock: RunningProcess

    def sent(self):
        return ask(self.portal, "sent")

    def received(self):
        """Count what each contact has got, by kind."""
        return Counter((each["kind"], each["owner_id"]) for each in self.sent())

    def start(self):
        for process in [*self.workers, self.clock]:
            process.start()

    def stop(self):
        for process in [*self.workers, self.clock]:
            process.stop()


@contextmanager
def running(database_url, before, *options, workers=1, **variables):
    """Run everything; `before` is called with the portal as soon as there is one."""
    arm_rules()
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server())
        portal = stack.enter_context(sandbox(environment(database_url, redis.url), *options))
        given = {
            "BITRIX24_WEBHOOK_URL": f"{portal.url}/rest/1/sandbox-secret/",
            "BITRIX24_SMS_TEMPLATE_ID": "2",
            "BITRIX24_READ_TIMEOUT": "5",
            **variables,
        }
        settings = environment(database_url, redis.url, **given)
        before(portal)
        names = [f"worker{number}" for number in range(workers)]
        started = [stack.enter_context(worker(settings, name=name)) for name in names]
        yield Machines(portal, redis, settings, started, stack.enter_context(beat(settings)))


def ask(portal, path, body=None):
    request = urllib.request.Request(
        f"{portal.url}/sandbox/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def register(portal, event, count):
    """Register people whose contacts the portal knows, as it would be after the matching."""
    addresses = [(f"+37120{n:06}", f"anna{n}@example.org") for n in range(count)]
    people = [
        {"name": "Anna", "last_name": "Ozola", "phone": phone, "email": email}
        for phone, email in addresses
    ]
    contacts = ask(portal, "contacts", {"people": people})["ids"]
    participants = Participant.objects.bulk_create(
        Participant(
            first_name="Anna",
            last_name="Ozola",
            email=email,
            phone=phone,
            bitrix24_contact_id=contact,
            bitrix24_email=email,
            bitrix24_phone=phone,
        )
        for (phone, email), contact in zip(addresses, contacts, strict=True)
    )
    Registration.objects.bulk_create(
        Registration(
            event=event,
            participant=person,
            source=Registration.Source.LIST,
            registered_at=event.starts_at - timedelta(days=7),
            is_confirmed=False,
        )
        for person in participants
    )


def states():
    return Counter(Message.objects.exclude(participant=None).values_list("status", flat=True))
