"""Two workers at once, in threads with connections of their own, on the suite's database."""

import pytest

from kpi import alerts, weekly
from kpi.models import Alert
from outbox.models import Message
from tests.factories import make_user
from tests.kpi.making import NOW, make_aimed, measure_leads
from tests.outbox.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_tell_of_an_alert_once():
    make_aimed(owner=make_user())
    measure_leads(value=1)

    together(*[lambda: alerts.look(NOW)] * 3)

    assert (Alert.objects.count(), Message.objects.count()) == (1, 1)


def test_two_beats_write_one_report_of_a_week():
    make_aimed(owner=make_user())
    monday = NOW.replace(day=9, hour=8)

    together(*[lambda: weekly.queue_due(monday)] * 3)

    assert Message.objects.count() == 1
