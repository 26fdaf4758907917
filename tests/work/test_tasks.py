"""What beat runs of the tasks, by the names that the schedule gives."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Role
from outbox.models import Message
from tests.factories import make_recurring, make_user, riga
from work.models import HandOver, Task

pytestmark = pytest.mark.django_db

MIDNIGHT = riga(2026, 3, 11)


def beat(name):
    """Run what stands under this name in the schedule."""
    return import_string(settings.CELERY_BEAT_SCHEDULE[name]["task"])()


def test_a_day_from_midnight_to_the_morning_list():
    anna = make_user(role=Role.SPECIALIST)
    ilze = make_user(role=Role.SPECIALIST, full_name="Ilze")
    make_recurring(assignee=anna)
    HandOver.objects.create(
        person=anna,
        to=ilze,
        first_on=MIDNIGHT.date(),
        last_on=MIDNIGHT.date() + timedelta(days=1),
        made_by=anna,
    )

    with time_machine.travel(MIDNIGHT + timedelta(minutes=4), tick=False):
        beat("keep-up-with-the-day")
        beat("write-the-lists-of-the-day")
    assert Task.objects.get().assignee == ilze
    assert not Message.objects.exists()

    with time_machine.travel(MIDNIGHT + timedelta(hours=8), tick=False):
        beat("keep-up-with-the-day")
        beat("write-the-lists-of-the-day")
    assert Message.objects.get().user == ilze
