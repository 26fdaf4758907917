"""What beat asks of the figures, each at its hour."""

import pytest
import time_machine
from django.conf import settings

from kpi import tasks
from outbox.models import Message
from tests.factories import make_user, riga
from tests.kpi.making import make_aimed, measure_leads

pytestmark = pytest.mark.django_db


def test_a_monday_from_midnight_to_the_report_and_the_alerts():
    make_aimed(owner=make_user())
    measure_leads(value=1)
    told = []

    for hour in (0, 7, 8, 9, 21):
        with time_machine.travel(riga(2026, 3, 9, hour), tick=False):
            told.append((tasks.queue_weekly_reports(), tasks.look_for_alerts()))

    assert told == [(0, 0), (0, 0), (1, 1), (0, 0), (0, 0)]
    assert Message.objects.count() == 2


def test_beat_asks_for_both():
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {"kpi.tasks.queue_weekly_reports", "kpi.tasks.look_for_alerts"} <= asked
