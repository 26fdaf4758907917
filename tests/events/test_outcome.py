"""What became of an event's messages, counted."""

from datetime import timedelta

import pytest

from events import outcome, reminders
from outbox import delivery
from outbox.models import Message
from tests.factories import START, arm_rules, make_event, make_registration

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)


def test_lateness_is_told_by_its_median_by_95_of_100_and_by_the_last(sent):
    arm_rules()
    event = make_event()
    for _ in range(20):
        make_registration(event, person={"phone": ""})
    reminders.queue_due(DUE)
    delivery.send_due("recording", lambda: DUE)
    late = [1] * 10 + [2] * 8 + [5, 60]
    handed_over = Message.objects.exclude(handed_over_at=None).order_by("pk")
    for message, seconds in zip(handed_over, late, strict=True):
        Message.objects.filter(pk=message.pk).update(
            handed_over_at=message.due_at + timedelta(seconds=seconds)
        )

    [found] = [each for each in outcome.outcomes(event) if each.lateness]

    lateness = found.lateness["email"]
    assert [lateness.first, lateness.median, lateness.most, lateness.last] == [
        timedelta(seconds=seconds) for seconds in (1, 1, 5, 60)
    ]
