"""The forecast says for everybody together what the plan says of each."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from events.circumstances import circumstances
from events.forecast import forecast, foreseeable
from events.models import ReminderRule
from events.plan import plan
from people.models import AddressBlock
from tests.factories import START, arm_rules, make_event, make_offer, make_registration

pytestmark = pytest.mark.django_db


def make_crowd(event, chance):
    """Register people who differ in everything the plan looks at."""
    for _ in range(60):
        person = {
            "offers_by_email_at": chance.choice([None, START]),
            "offers_by_sms_at": chance.choice([None, START]),
        }
        if chance.random() < 0.2:
            person["email"] = ""
        if chance.random() < 0.3:
            person["phone"] = chance.choice(["", "+37167000000"])
        registration = make_registration(
            event,
            person=person,
            registered_at=START - timedelta(minutes=chance.choice([2000, 900, 20, 10, -5, -12])),
            cancelled_at=chance.choice([None, None, None, START]),
            attendance=chance.choice(["", "present", "absent"]),
        )
        if chance.random() < 0.2 and registration.participant.email:
            AddressBlock.objects.create(
                medium="email",
                address=registration.participant.email,
                reason="No such mailbox.",
                blocked_at=START,
            )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", ["open_day", "webinar"])
@pytest.mark.parametrize("minutes", [-3000, -100, 9, 60, 100_000])
def test_the_forecast_counts_what_the_plan_says_of_each(seed, kind, minutes):
    arm_rules()
    ReminderRule.objects.filter(key="before_15").update(late=["replace", "send"][seed % 2])
    event = make_event(kind=kind, offer=make_offer(), starts_late_at=None)
    event.moved_at = START - timedelta(days=1)
    make_crowd(event, random.Random(seed))
    now = START + timedelta(minutes=minutes)
    rules = foreseeable(event, list(ReminderRule.objects.for_kind(kind)))
    everybody = list(event.registrations.select_related("participant"))
    known = circumstances(event, rules, everybody, now)

    foreseen = Counter()
    for outlook in forecast(event, rules, now):
        line = outlook.planned
        for number in outlook.registration_ids:
            foreseen[number, line.rule.key, line.medium, line.verdict] += 1

    assert foreseen == Counter(
        (line.registration.pk, line.rule.key, line.medium, line.verdict)
        for line in plan(event, rules, everybody, now, known)
    )
    assert len({verdict.reason for *_rest, verdict in foreseen}) > 3
