"""Beat after a clock that was ahead by an hour has been put right."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_celery_beat.models import PeriodicTask

from smmprocess.celery import app
from tests.factories import riga

pytestmark = pytest.mark.django_db(transaction=True)

NOW = riga(2026, 3, 12, 17)
HOUR = timedelta(hours=1)
INTERVALS = {
    name: each["schedule"]
    for name, each in settings.CELERY_BEAT_SCHEDULE.items()
    if isinstance(each["schedule"], timedelta)
}


class Beat(import_string(settings.CELERY_BEAT_SCHEDULER.replace(":", "."))):
    """As beat runs it; notes what it would have sent."""

    producer = None

    def __init__(self):
        self.sent = set()
        super().__init__(app=app)
        # At the end of the process, when beat writes once more, the test's database is gone.
        self._finalize.cancel()

    def apply_entry(self, entry, producer=None):
        self.sent.add(entry.name)

    def sent_after(self, seconds, clock):
        """Look twice, as it looks all the time: at once, and when so many seconds have passed."""
        self._send_what_is_due()
        self.sent.clear()
        clock.shift(timedelta(seconds=seconds))
        self._send_what_is_due()
        return self.sent & INTERVALS.keys()

    def _send_what_is_due(self):
        while self.tick() == 0:
            pass


def every(seconds):
    return {name for name, each in INTERVALS.items() if each <= timedelta(seconds=seconds)}


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW + HOUR, tick=False)
    return time_machine


def test_beat_goes_on_at_once_when_its_clock_is_put_back(clock):
    beat = Beat()
    before = beat.sent_after(12, clock)

    clock.move_to(NOW, tick=False)
    at_once = beat.sent_after(12, clock)
    later = beat.sent_after(120, clock)

    assert before == at_once == every(10)
    assert later == every(120)


def test_a_restarted_beat_does_not_wait_for_the_moments_it_had_written_down(clock):
    beat = Beat()
    beat.sent_after(120, clock)
    beat.sync()
    assert PeriodicTask.objects.filter(last_run_at__gt=NOW + HOUR).count() >= len(every(60))

    clock.move_to(NOW, tick=False)
    beat = Beat()
    at_once = beat.sent_after(12, clock)
    beat.sync()

    assert at_once == every(10)
    assert not PeriodicTask.objects.filter(last_run_at__gt=timezone.now()).exists()
