"""Putting invented people onto an event's list, the way an imported list does it."""

import random
from datetime import datetime, timedelta

from events import registration
from events.models import Event, Registration
from people.models import Medium
from smmprocess.demo.people import invent


def register_people(event: Event, count: int, *, seed: int, now: datetime) -> None:
    """Register people over the week before the event, as far as it has passed."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    before = min(now, event.starts_at)
    for person in invent(count, seed):
        registration.register(
            event,
            registration.Person(
                first_name=person.first_name,
                last_name=person.last_name,
                email=person.email,
                phone=person.phone,
                language=person.language,
                consents={Medium.EMAIL: person.accepts_offers},
            ),
            registration.Origin(Registration.Source.LIST, place="dalibnieki.xlsx"),
            before - timedelta(minutes=chance.randrange(60, 7 * 24 * 60)),
            confirm=False,
        )
